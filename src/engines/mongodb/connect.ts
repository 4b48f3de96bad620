import { isIP } from 'node:net';
import { MongoClient, type MongoClientOptions } from 'mongodb';
import type { PooledConnection } from '../connection-pool.js';
import type { Target } from '../engine.js';
import { engineError } from '../engine-error.js';
import { connectError } from './errors.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** One heartbeat a minute: a connection that is lost says so itself. */
const HEARTBEAT_MS = 60_000;
const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9.])?$/;
const MECHANISMS = ['SCRAM-SHA-256', 'SCRAM-SHA-1'] as const;

/** One connection with one login: a client of the driver that is never given a second. */
export class MongodbConnection implements PooledConnection {
  private lost = false;

  constructor(
    readonly client: MongoClient,
    readonly database: string,
  ) {
    client.on('connectionPoolCleared', () => {
      this.lost = true;
    });
  }

  get usable(): boolean {
    return !this.lost;
  }

  close(): void {
    this.lost = true;
    this.client.close().catch(() => undefined);
  }
}

/**
 * Logs in. It is always this one server that is spoken to: the driver would otherwise go to every address that the
 * server announces, and nobody has checked those.
 */
export async function connect(target: Target): Promise<MongodbConnection> {
  const client = new MongoClient(`mongodb://${authority(target)}/`, optionsOf(target));
  const connection = new MongodbConnection(client, target.database);
  const failed = new Promise<never>((_, reject) => {
    // Trying again until the time is over would only hide what is wrong.
    client.once('serverHeartbeatFailed', ({ failure }) => {
      reject(failure);
    });
  });
  try {
    await Promise.race([client.connect(), failed]);
    await Promise.race([client.db('admin').command({ ping: 1 }), failed]);
    return connection;
  } catch (error) {
    connection.close();
    throw connectError(error, target.tls.mode !== 'off');
  }
}

function authority({ host, port }: Target): string {
  if (isIP(host) === 6) return `[${host}]:${String(port)}`;
  if (!HOST.test(host)) throw engineError('connection_failed', 'This is no name of one server.');
  return `${host}:${String(port)}`;
}

function optionsOf(target: Target): MongoClientOptions {
  return {
    directConnection: true,
    appName: 'clouddb-manager',
    maxPoolSize: 1,
    maxConnecting: 1,
    retryReads: false,
    // A write that is sent again after its answer was lost would be a second write.
    retryWrites: false,
    compressors: ['none'],
    serverMonitoringMode: 'poll',
    heartbeatFrequencyMS: HEARTBEAT_MS,
    serverSelectionTimeoutMS: CONNECT_TIMEOUT_MS,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    ...loginOf(target),
    ...tlsOf(target),
    ...addressOf(target),
  };
}

/** What a connection string may say beside the address, and no more: others open files or use this machine's identity. */
function loginOf({ username, password, options = {} }: Target): MongoClientOptions {
  const { authSource = 'admin', replicaSet, authMechanism, ...unknown } = options;
  const [name] = Object.keys(unknown);
  if (name !== undefined) throw engineError('option_refused', `The option ${name} is not taken here.`);
  const mechanism = MECHANISMS.find((known) => known === authMechanism);
  if (authMechanism !== undefined && mechanism === undefined) {
    throw engineError('option_refused', `Logins by ${authMechanism} are not taken here.`);
  }
  return {
    ...(replicaSet !== undefined && { replicaSet }),
    ...(username !== '' && { auth: { username, password }, authSource }),
    ...(mechanism !== undefined && { authMechanism: mechanism }),
  };
}

function tlsOf({ tls, host }: Target): MongoClientOptions {
  if (tls.mode === 'off') return { tls: false };
  if (tls.mode === 'on') return { tls: true, tlsAllowInvalidCertificates: true };
  return {
    tls: true,
    ...(isIP(host) === 0 && { servername: host }),
    ...(tls.ca !== undefined && { ca: tls.ca }),
  };
}

/** The connection goes to the address that was checked, whatever the name means by now. */
function addressOf({ address }: Target): MongoClientOptions {
  if (address === undefined) return {};
  const family = isIP(address);
  return {
    lookup: (_, { all }, done) => {
      if (all === true) done(null, [{ address, family }]);
      else done(null, address, family);
    },
  };
}
