import { EngineError } from '../engine.js';
import { engineError } from '../engine-error.js';

/** The process with the file has ended; `signal` tells why where it is known. */
export class ProcessEndedError extends Error {
  constructor(readonly signal: NodeJS.Signals | null) {
    super('The process that reads the database has ended.');
    this.name = 'ProcessEndedError';
  }
}

interface Failed {
  readonly code: string;
  readonly message: string;
  readonly position: number | null;
}

const HINTS: ReadonlyMap<string, string> = new Map([
  ['SQLITE_BUSY', 'Somebody else is writing to this file: try again in a moment.'],
  ['SQLITE_LOCKED', 'Somebody else is writing to this file: try again in a moment.'],
  ['SQLITE_TOOBIG', 'One value may have at most 32 MB here.'],
  ['SQLITE_AUTH', 'The login that this ran with may not do this.'],
  ['SQLITE_READONLY', 'This ran with the login that only reads.'],
  ['SQLITE_CORRUPT', 'The file is damaged.'],
]);

/** SQLite's own error as data. */
export function sqliteError({ code, message, position }: Failed): EngineError {
  return new EngineError({ code, message, position, hint: HINTS.get(code) ?? null, detail: null });
}

/** Why a file cannot be opened, in one of our codes where there is one. */
export function openError(failed: Failed): EngineError {
  if (failed.code === 'SQLITE_NOTADB') {
    return engineError('no_such_database', 'This file is not a SQLite database.');
  }
  if (failed.code === 'SQLITE_CANTOPEN') {
    return engineError('connection_failed', 'The file cannot be opened: its permissions may forbid it.');
  }
  return sqliteError(failed);
}

/** V8 aborts when its heap is full; the child's own watch uses a signal that nothing else does. */
const MEMORY_SIGNALS: readonly (NodeJS.Signals | null)[] = ['SIGUSR2', 'SIGABRT'];

export function endedError(error: ProcessEndedError): EngineError {
  return MEMORY_SIGNALS.includes(error.signal)
    ? engineError('memory_limit', 'It needed more memory than a statement may take and was ended.', error)
    : engineError(
        'connection_lost',
        'The process that read the database ended while the statement ran.',
        error,
      );
}
