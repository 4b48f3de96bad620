import { EngineError } from './engine.js';

/** An error in one of our own codes, without a place in the text. */
export function engineError(code: string, message: string, cause?: unknown): EngineError {
  const problem = { code, message, position: null, hint: null, detail: null };
  return new EngineError(problem, cause === undefined ? undefined : { cause });
}
