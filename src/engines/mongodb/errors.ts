import { MongoError, MongoServerError } from 'mongodb';
import { EngineError } from '../engine.js';
import { engineError } from '../engine-error.js';

const MAX_MESSAGE = 2000;

const HINTS: ReadonlyMap<string, string> = new Map([
  ['Unauthorized', 'The login that this ran with may not do this.'],
  ['NotWritablePrimary', 'This server of the replica set only reads: register the primary.'],
  ['NotPrimaryNoSecondaryOk', 'This server of the replica set does not answer: register the primary.'],
]);

/** The server stopped it because its time was over. */
export const TIME_LIMIT_CODE = 50;
/** Somebody ended it: the operation, its cursor, its session or its connection. */
const ENDED_CODES: readonly number[] = [43, 237, 279, 11600, 11601, 11602];

export function serverProblem(
  code: number | undefined,
  name: string | undefined,
  message: string,
): EngineError {
  return new EngineError({
    code: name ?? (code === undefined ? 'ServerError' : String(code)),
    message: message.slice(0, MAX_MESSAGE),
    position: null,
    hint: HINTS.get(name ?? '') ?? null,
    detail: null,
  });
}

/** Errors while a command ran, as data. What the driver has no name for comes from bytes that it could not read. */
export function runError(error: unknown): EngineError {
  if (error instanceof MongoServerError) {
    const code = typeof error.code === 'number' ? error.code : undefined;
    if (code === TIME_LIMIT_CODE) {
      return engineError(
        'time_limit',
        'It took longer than the time limit and was ended on the server.',
        error,
      );
    }
    if (code !== undefined && ENDED_CODES.includes(code))
      return engineError('cancelled', 'It was cancelled.', error);
    return serverProblem(code, error.codeName, error.message);
  }
  if (error instanceof MongoError) {
    return engineError(
      'connection_lost',
      'The connection to the server was lost while the statement ran.',
      error,
    );
  }
  return engineError('bad_answer', 'The server sent an answer that cannot be read.', error);
}

const NETWORK: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'The name of the server cannot be resolved.'],
  ['EAI_AGAIN', 'The name of the server cannot be resolved at the moment.'],
  ['ECONNREFUSED', 'Nothing answers at this address and port.'],
  ['ECONNRESET', 'The server closed the connection.'],
  ['EHOSTUNREACH', 'The server cannot be reached.'],
  ['ENETUNREACH', 'The server cannot be reached.'],
  ['ETIMEDOUT', 'The server does not answer.'],
]);

const LOGIN_CODES: readonly number[] = [18, 11, 31, 334];
const NO_TLS =
  /before secure TLS connection|wrong version number|packet length too long|SSL routines|EPROTO/i;
const UNTRUSTED = /^(?:CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS)/;

/** Why there is no connection, in one of our codes. */
export function connectError(error: unknown, tls: boolean): EngineError {
  if (error instanceof EngineError) return error;
  const causes = [...causesOf(error)];
  const login = causes.find((cause) => cause instanceof MongoServerError);
  if (login !== undefined) return loginError(login);
  if (tls) {
    if (causes.some((cause) => UNTRUSTED.test(codeOf(cause)))) {
      return engineError('tls_untrusted', 'The certificate of the server is not trusted.', error);
    }
    if (causes.some(({ message }) => NO_TLS.test(message))) {
      return engineError('tls_refused', 'The server does not speak TLS.', error);
    }
  }
  const known = causes.map((cause) => NETWORK.get(codeOf(cause))).find((words) => words !== undefined);
  const late = causes.some(({ message }) => /timed? ?out/i.test(message))
    ? 'The server does not answer.'
    : undefined;
  return engineError('connection_failed', known ?? late ?? 'There is no connection to the server.', error);
}

function loginError(error: MongoServerError): EngineError {
  const code = typeof error.code === 'number' ? error.code : undefined;
  return code !== undefined && LOGIN_CODES.includes(code)
    ? engineError('login_failed', 'The server does not accept the user name or the password.', error)
    : serverProblem(code, error.codeName, error.message);
}

function* causesOf(error: unknown): Generator<Error> {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 10; cause = cause.cause, depth += 1) {
    yield cause;
  }
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
