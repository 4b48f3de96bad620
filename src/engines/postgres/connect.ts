import { connect as connectSocket, isIP, type Socket } from 'node:net';
import pg from 'pg';
import type { Target } from '../engine.js';
import { connectError } from './errors.js';
import { cancelRequest } from './wire/messages.js';
import { Wire } from './wire/wire.js';

const CONNECT_TIMEOUT_MS = 10_000;
const CANCEL_TIMEOUT_MS = 5000;

/** How values are written, so that the same value always has the same text. */
const SESSION = [
  'datestyle=ISO,YMD',
  'intervalstyle=postgres',
  'timezone=UTC',
  'extra_float_digits=1',
  'bytea_output=hex',
  'standard_conforming_strings=on',
  'client_encoding=UTF8',
  // When this process dies, what it ran ends too.
  'client_connection_check_interval=2s',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

/** What pg's client has beyond its types. */
interface OpenClient {
  readonly connection: { readonly stream: Socket };
  readonly processID: number;
  readonly secretKey: number;
}

/**
 * Logs in with the driver (SCRAM, TLS), then takes its socket over: results are read by us, because the driver would
 * buffer every row and make a JavaScript value of every cell.
 */
export async function connect(target: Target): Promise<Wire> {
  const { host, address = host, port, database, username: user, password } = target;
  const client = new pg.Client({
    host: address,
    port,
    database,
    user,
    password,
    ssl: tlsOf(target),
    options: SESSION,
    application_name: 'clouddb-manager',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    client.end().catch(() => undefined);
    throw connectError(error);
  }
  const { connection, processID, secretKey } = client as unknown as OpenClient;
  connection.stream.removeAllListeners('data');
  connection.stream.setNoDelay(true);
  return new Wire(connection.stream, processID, secretKey);
}

/** The certificate is for the name, wherever the connection goes; an address is no name to ask for (RFC 6066). */
function tlsOf({ tls, host }: Target): pg.ClientConfig['ssl'] {
  if (tls.mode === 'off') return false;
  const named = isIP(host) === 0 ? { servername: host } : {};
  if (tls.mode === 'on') return { rejectUnauthorized: false, ...named };
  return { rejectUnauthorized: true, ...named, ...(tls.ca === undefined ? {} : { ca: tls.ca }) };
}

/** Cancels what a backend runs. The server answers nothing; it closes the connection once it has passed the word on. */
export async function cancelBackend(
  { host, address = host, port }: Target,
  pid: number,
  secret: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ host: address, port });
    socket.setTimeout(CANCEL_TIMEOUT_MS, () => socket.destroy(new Error('timeout')));
    socket.once('connect', () => socket.end(cancelRequest(pid, secret)));
    socket.once('error', (error) => {
      reject(connectError(error));
    });
    socket.once('close', () => {
      resolve();
    });
    socket.resume();
  });
}
