import type { EngineError, EngineProblem } from '../engine.js';
import { engineError } from '../engine-error.js';
import { fromCodePoints } from './analysis/positions.js';
import type { ServerFields } from './wire/fields.js';
import { ConnectionLostError } from './wire/wire.js';

const MAX_MESSAGE = 2000;

/** The server's error as data; its position becomes a UTF-16 offset in the statement. */
export function problemOf(fields: ServerFields, statement: string): EngineProblem {
  const position = Number(fields['P']);
  return {
    code: fields['C'] ?? 'XX000',
    message: (fields['M'] ?? 'The server reported an error.').slice(0, MAX_MESSAGE),
    position: position > 0 ? fromCodePoints(statement, position - 1) : null,
    hint: fields['H']?.slice(0, MAX_MESSAGE) ?? null,
    detail: fields['D']?.slice(0, MAX_MESSAGE) ?? null,
  };
}

/** Errors while a statement ran that are not the server's answer. */
export function runError(error: unknown): Error {
  if (error instanceof ConnectionLostError) {
    return engineError(
      'connection_lost',
      'The connection to the server was lost while the statement ran.',
      error,
    );
  }
  return error instanceof Error ? error : new Error(String(error));
}

const NETWORK: Readonly<Record<string, string>> = {
  ENOTFOUND: 'The name of the server cannot be resolved.',
  EAI_AGAIN: 'The name of the server cannot be resolved at the moment.',
  ECONNREFUSED: 'Nothing answers at this address and port.',
  ECONNRESET: 'The server closed the connection.',
  EHOSTUNREACH: 'The server cannot be reached.',
  ENETUNREACH: 'The server cannot be reached.',
  ETIMEDOUT: 'The server does not answer.',
};

const BY_CODE: Readonly<Record<string, readonly [string, string]>> = {
  '28P01': ['login_failed', 'The server does not accept the user name or the password.'],
  '28000': ['login_failed', 'The server does not accept this user.'],
  '3D000': ['no_such_database', 'There is no such database on the server.'],
  '53300': ['too_many_connections', 'All connections of this database are in use.'],
};

/** Why there is no connection, in one of our codes, or the server's own when it answered with an error. */
export function connectError(error: unknown): EngineError {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const known = BY_CODE[code] ?? tlsProblem(code, message);
  if (known !== undefined) return engineError(...known, error);
  if (/^[0-9A-Z]{5}$/.test(code)) return engineError(code, message.slice(0, MAX_MESSAGE), error);
  const timeout = /timeout/i.test(message) ? 'The server does not answer.' : undefined;
  const words = NETWORK[code] ?? timeout ?? 'There is no connection to the server.';
  return engineError('connection_failed', words, error);
}

function tlsProblem(code: string, message: string): readonly [string, string] | undefined {
  // Only an answer to the question is one: what speaks another protocol refuses nothing.
  if (message.includes('does not support SSL')) return ['tls_refused', 'The server does not speak TLS.'];
  return /^(?:CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS)/.test(code)
    ? ['tls_untrusted', 'The certificate of the server is not trusted.']
    : undefined;
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
