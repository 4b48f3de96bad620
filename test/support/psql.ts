import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ConnectionView } from '../../src/modules/databases/databases.view.js';

/** Runs SQL with a client that knows nothing of the product; rejects with what it said. */
export async function psql(connection: ConnectionView, sql: string): Promise<string> {
  const { host, port, database, username, password } = connection;
  const args = ['-h', host, '-p', String(port), '-U', username, '-d', database, '-AtXc', sql];
  const env = { PATH: process.env['PATH'], PGPASSWORD: password, PGCONNECT_TIMEOUT: '5', LC_ALL: 'C' };
  return (await promisify(execFile)('psql', args, { env })).stdout.trim();
}
