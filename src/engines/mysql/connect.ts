import { isIP, connect as connectSocket, type Socket } from 'node:net';
import { createConnection, type Connection, type ConnectionOptions } from 'mysql2';
import type { Target } from '../engine.js';
import { connectError } from './errors.js';
import { Wire } from './wire/wire.js';

const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;

/**
 * What the driver would offer by default and we do not: files of ours, function names that swallow white space, and
 * what changes the format of commands and answers.
 */
const FLAGS = ['-LOCAL_FILES', '-IGNORE_SPACE', '-ODBC', '-SESSION_TRACK', '-CLIENT_QUERY_ATTRIBUTES'];

/** What the driver's connection has beyond its types. */
interface OpenConnection {
  readonly stream: Socket;
  readonly threadId: number;
  readonly _mariadbExtendedMetadata?: boolean;
}

/**
 * Logs in with the driver (authentication plugins, TLS), then takes its socket over: results are read by us, because
 * the driver would make a JavaScript value of every cell and hold every packet as a whole.
 */
export async function connect(target: Target): Promise<Wire> {
  const connection = await open(target, target.database);
  const { stream, threadId, _mariadbExtendedMetadata: extended } = connection as unknown as OpenConnection;
  stream.removeAllListeners('data');
  return new Wire(stream, threadId, extended === true);
}

/** A connection as the driver has it, for statements of our own with few rows. */
export async function open(target: Target, database: string | undefined): Promise<Connection> {
  const connection = createConnection({
    ...optionsOf(target),
    ...(database === undefined ? {} : { database }),
  });
  return new Promise((resolve, reject) => {
    connection.on('error', (error) => {
      reject(connectError(error)); // says nothing once there is a connection: its loss shows where it is used
    });
    connection.once('connect', () => {
      resolve(connection);
    });
  });
}

function optionsOf(target: Target): ConnectionOptions {
  const { host, port, username: user, password } = target;
  return {
    host,
    port,
    user,
    password,
    ...tlsOf(target),
    stream: () => socketTo(target),
    charset: 'utf8mb4',
    flags: FLAGS,
    multipleStatements: false,
    enableCleartextPlugin: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    connectAttributes: { program_name: 'clouddb-manager' },
  };
}

/** Goes to the checked address; the name stays what TLS is verified against, an address included. */
function socketTo({ host, address = host, port, tls }: Target): Socket {
  const socket = connectSocket({
    host: address,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  });
  // The driver names no host to verify for an address; the TLS layer then asks the socket.
  return tls.mode === 'verify' && isIP(host) !== 0 ? Object.assign(socket, { _host: host }) : socket;
}

function tlsOf({ tls }: Target): Pick<ConnectionOptions, 'ssl'> {
  if (tls.mode === 'off') return {};
  if (tls.mode === 'on') return { ssl: { rejectUnauthorized: false } };
  return {
    ssl: { rejectUnauthorized: true, verifyIdentity: true, ...(tls.ca === undefined ? {} : { ca: tls.ca }) },
  };
}
