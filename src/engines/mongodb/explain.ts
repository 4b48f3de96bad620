import { BSON } from 'mongodb';
import type { ExplainOptions } from '../engine.js';
import { engineError } from '../engine-error.js';
import type { Plan } from '../plan.js';
import type { Reply } from './conversation.js';
import { explainOperation } from './operations/compile.js';
import type { Command, Operation } from './operations/operation.js';
import { planOf } from './plan-tree.js';
import { Refusal } from './shell/shell-error.js';

const GRACE_MS = 500;

/** The plan; with `analyse` the server also runs a read and measures it. A write is never run for this. */
export async function explain(
  operation: Operation,
  options: ExplainOptions,
  ask: (command: Command, signal: AbortSignal) => Promise<Reply>,
): Promise<Plan> {
  const analysed = options.analyse && operation.class === 'read';
  const late = AbortSignal.timeout(Math.ceil(options.timeoutMs + GRACE_MS));
  const signal = AbortSignal.any([options.signal, late]);
  try {
    const { command } = explained(operation, analysed);
    const reply = await ask(command, signal);
    const text = BSON.EJSON.stringify(reply, { relaxed: true });
    return planOf(JSON.parse(text) as Record<string, unknown>, analysed);
  } catch (error) {
    if (options.signal.aborted) throw engineError('cancelled', 'It was cancelled.', error);
    if (late.aborted) throw engineError('time_limit', 'The plan took longer than the time limit.', error);
    if (error instanceof Refusal) throw engineError('not_supported', error.message, error);
    throw error;
  }
}

function explained(operation: Operation, analysed: boolean): Operation {
  if (operation.verb === 'explain') throw new Refusal('Statements of this kind have no plan.');
  return explainOperation(operation, analysed ? 'executionStats' : 'queryPlanner');
}
