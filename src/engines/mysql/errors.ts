import type { EngineError, EngineProblem } from '../engine.js';
import { engineError } from '../engine-error.js';
import { findPosition } from './positions.js';
import type { ServerError } from './wire/fields.js';
import { ConnectionLostError } from './wire/wire.js';

const MAX_MESSAGE = 2000;

/** A statement was ended: by KILL QUERY, by MariaDB's time limit, by MySQL's. */
export const INTERRUPTED = '1317';
const TIME_LIMITS: ReadonlySet<string> = new Set(['1969', '3024', '1028']);
/** The connection was ended from outside, or the server goes down. */
const ENDED: ReadonlySet<number> = new Set([1053, 1927, 3169]);
/** All connections of the server, or of the login, are in use. */
const TOO_MANY: ReadonlySet<number> = new Set([1040, 1203, 1226]);

/** The server's error as data; what it says of the place becomes a UTF-16 offset in the statement. */
export function problemOf({ number, state, message }: ServerError, statement: string): EngineProblem {
  if (ENDED.has(number)) return lostProblem();
  return {
    code: String(number),
    message: message.slice(0, MAX_MESSAGE),
    position: findPosition(number, message, statement),
    hint: null,
    detail: `SQLSTATE ${state}`,
  };
}

export function isTimeLimit(problem: EngineProblem): boolean {
  return TIME_LIMITS.has(problem.code);
}

export function wasEnded(problem: EngineProblem): boolean {
  return problem.code === 'connection_lost';
}

function lostProblem(): EngineProblem {
  const message = 'The connection to the server was lost while the statement ran.';
  return { code: 'connection_lost', message, position: null, hint: null, detail: null };
}

/** Errors while a statement ran that are not the server's answer. */
export function runError(error: unknown): Error {
  if (error instanceof ConnectionLostError) {
    const { code, message } = lostProblem();
    return engineError(code, message, error);
  }
  return error instanceof Error ? error : new Error(String(error));
}

const NETWORK: Readonly<Record<string, string>> = {
  ENOTFOUND: 'The name of the server cannot be resolved.',
  EAI_AGAIN: 'The name of the server cannot be resolved at the moment.',
  ECONNREFUSED: 'Nothing answers at this address and port.',
  ECONNRESET: 'The server closed the connection.',
  PROTOCOL_CONNECTION_LOST: 'The server closed the connection.',
  EHOSTUNREACH: 'The server cannot be reached.',
  ENETUNREACH: 'The server cannot be reached.',
  ETIMEDOUT: 'The server does not answer.',
};

const BY_CODE: Readonly<Record<string, readonly [string, string]>> = {
  HANDSHAKE_NO_SSL_SUPPORT: ['tls_refused', 'The server does not speak TLS.'],
  HANDSHAKE_SSL_ERROR: ['tls_untrusted', 'The certificate of the server is not trusted.'],
  MYSQL_CLEAR_PASSWORD_NOT_ENABLED: [
    'login_failed',
    'The server wants the password in plain text, which is refused.',
  ],
};

const BY_NUMBER: Readonly<Record<number, readonly [string, string]>> = {
  1044: ['no_such_database', 'There is no such database on the server, or this user may not use it.'],
  1045: ['login_failed', 'The server does not accept the user name or the password.'],
  1049: ['no_such_database', 'There is no such database on the server.'],
  1130: ['login_failed', 'The server does not accept this user from here.'],
  1698: ['login_failed', 'The server does not accept this user.'],
  3118: ['login_failed', 'The login is locked.'],
  4151: ['login_failed', 'The login is locked.'],
  3159: ['tls_required', 'The server accepts only connections with TLS.'],
};

/** Why there is no connection, in one of our codes, or the server's own when it answered with an error. */
export function connectError(error: unknown): EngineError {
  const { code, number } = factsOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (TOO_MANY.has(number)) {
    return engineError('too_many_connections', 'All connections of this database are in use.', error);
  }
  const known = BY_NUMBER[number] ?? BY_CODE[code];
  if (known !== undefined) return engineError(...known, error);
  if (number > 0) return engineError(String(number), message.slice(0, MAX_MESSAGE), error);
  return engineError('connection_failed', NETWORK[code] ?? 'There is no connection to the server.', error);
}

function factsOf(error: unknown): { code: string; number: number } {
  if (error instanceof AggregateError) return factsOf(error.errors[0]);
  const { code, errno } = (error ?? {}) as { code?: unknown; errno?: unknown };
  // Of the system's own errors `errno` is negative.
  const number = typeof errno === 'number' && errno > 0 ? errno : 0;
  return { code: typeof code === 'string' ? code : '', number };
}
