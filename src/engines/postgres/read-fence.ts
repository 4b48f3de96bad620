import type { PostgresConnection } from './connection.js';
import { bind, closeStatement, execute, parse } from './wire/messages.js';

/** CommandComplete messages of ours before the person's statement begins. */
export const FENCE_COMMANDS = 3;

const BEGIN = ['fence_begin', 'begin transaction read only'] as const;
const TIMEOUT = 'fence_timeout';
const SNAPSHOT = ['fence_snapshot', 'select 1'] as const;
const ROLLBACK = ['fence_rollback', 'rollback'] as const;
const UNLOCK = ['fence_unlock', 'select pg_catalog.pg_advisory_unlock_all()'] as const;

type Named = readonly [name: string, text: string];

/** What goes around a statement that only reads. */
export interface Fence {
  readonly before: Buffer;
  readonly after: Buffer;
}

/**
 * Once `select 1` has run, the transaction cannot be made read-write any more; and it is rolled back whatever came of it.
 * Session-level locks are the one thing that a rollback leaves. A failed statement skips what comes after it up to the
 * end of the exchange: FENCE_CLEANUP is for that.
 *
 * The server keeps these statements by name. Behind a pooler that gives each transaction another session they may be
 * gone (`isForgotten`): such a connection is sent them anew each time.
 */
export function fenceFor(connection: PostgresConnection, timeoutMs: number): Fence {
  const timeout: Named = [TIMEOUT, `set local statement_timeout = ${String(timeoutMs)}`];
  if (!connection.keepsStatements) {
    return { before: anew(BEGIN, timeout, SNAPSHOT), after: anew(ROLLBACK, UNLOCK) };
  }
  return { before: Buffer.concat([prepare(connection, timeout, timeoutMs), BEFORE]), after: AFTER };
}

export const FENCE_CLEANUP = `${ROLLBACK[1]}; ${UNLOCK[1]}`;

/** The server says that it does not know a statement by its name. */
export function isForgotten(code: string | undefined): boolean {
  return code === '26000';
}

const NOTHING = Buffer.alloc(0);
const CONSTANT = [BEGIN, SNAPSHOT, ROLLBACK, UNLOCK];
const BEFORE = known(BEGIN[0], TIMEOUT, SNAPSHOT[0]);
const AFTER = known(ROLLBACK[0], UNLOCK[0]);

function prepare(connection: PostgresConnection, timeout: Named, timeoutMs: number): Buffer {
  if (connection.fencedFor === timeoutMs) return NOTHING;
  const wanted = connection.fencedFor === null ? [...CONSTANT, timeout] : [timeout];
  connection.fencedFor = timeoutMs;
  return Buffer.concat(wanted.flatMap(([name, text]) => [closeStatement(name), parse(text, name)]));
}

function known(...names: string[]): Buffer {
  return Buffer.concat(names.flatMap((name) => [bind(name), execute(0)]));
}

function anew(...statements: Named[]): Buffer {
  return Buffer.concat(statements.flatMap(([, text]) => [parse(text), bind(), execute(0)]));
}
