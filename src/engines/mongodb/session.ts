import type { Lease } from '../connection-pool.js';
import {
  EngineError,
  type AccessMode,
  type Catalog,
  type EngineSession,
  type ExplainOptions,
  type ResultSink,
  type RunEnd,
  type RunLimits,
  type Statement,
  type Target,
} from '../engine.js';
import { engineError } from '../engine-error.js';
import type { Plan } from '../plan.js';
import { operationOf } from './analyse.js';
import { ANSWERS, type Written } from './answers.js';
import { DocumentRows } from './bson/document-rows.js';
import { cancelBackend } from './cancel.js';
import { readCatalog } from './catalog.js';
import type { MongodbConnection } from './connect.js';
import { Conversation } from './conversation.js';
import { explain } from './explain.js';
import type { Operation } from './operations/operation.js';
import { fieldsOf } from './operations/projection.js';
import { Refusal, ShellError } from './shell/shell-error.js';

/** The server keeps the time limit of reads; ours is the second line, and the only one for writes. */
const GRACE_MS = 500;

const NO_TRANSACTIONS = 'Statements on MongoDB commit on their own here.';

/** One lease of a connection, on which each statement becomes one command. */
export class MongodbSession implements EngineSession {
  readonly inTransaction = false;
  private conversation: Conversation;
  private clean = true;
  private disposed = false;

  constructor(
    private readonly target: Target,
    private readonly access: AccessMode,
    private readonly lease: Lease<MongodbConnection>,
  ) {
    this.conversation = new Conversation(lease.connection);
  }

  get backendId(): string {
    return this.conversation.id;
  }

  async run(statement: Statement, limits: RunLimits, sink: ResultSink, signal: AbortSignal): Promise<RunEnd> {
    if (signal.aborted) throw engineError('cancelled', 'It was cancelled before it began.');
    const operation = this.allowed(statement.text);
    const started = performance.now();
    const rows = new DocumentRows(sink, limits, fieldsOf(operation));
    const late = AbortSignal.timeout(Math.ceil(limits.timeoutMs + GRACE_MS));
    const written = await this.answer(operation, limits, rows, { cancelled: signal, late });
    await rows.end();
    const { affected: affectedRows, notices } = written;
    const durationMs = performance.now() - started;
    return { rowCount: rows.count, affectedRows, stoppedBy: rows.stoppedBy, notices, durationMs };
  }

  async begin(): Promise<void> {
    return Promise.reject(engineError('not_supported', NO_TRANSACTIONS));
  }

  async commit(): Promise<void> {
    return Promise.reject(engineError('not_supported', NO_TRANSACTIONS));
  }

  async rollback(): Promise<void> {
    return Promise.resolve();
  }

  async explain(statement: Statement, options: ExplainOptions): Promise<Plan> {
    return explain(this.allowed(statement.text), options, async (command, signal) =>
      this.conversation.askTyped(command, signal),
    );
  }

  async describe(): Promise<Catalog> {
    return readCatalog(async (command) => this.conversation.ask(command));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    await this.conversation.end().catch(() => undefined);
    this.lease.release(this.clean);
  }

  /** A read session runs what only reads: the command is made here, so that this holds whatever the text says. */
  private allowed(text: string): Operation {
    const operation = compiled(text);
    if (this.access === 'read' && operation.class !== 'read') {
      throw engineError('read_only', 'This ran with the login that only reads.');
    }
    return operation;
  }

  private async answer(
    operation: Operation,
    limits: RunLimits,
    rows: DocumentRows,
    signals: Signals,
  ): Promise<Written> {
    const signal = AbortSignal.any([signals.cancelled, signals.late]);
    const { conversation } = this;
    const { maxRows, timeoutMs } = limits;
    try {
      return await ANSWERS[operation.answer]({ operation, conversation, rows, maxRows, timeoutMs, signal });
    } catch (error) {
      if (signal.aborted) this.giveUp();
      else if (!isAnswer(error)) this.clean = false;
      if (signals.cancelled.aborted) throw engineError('cancelled', 'It was cancelled.', error);
      if (!signals.late.aborted && !isTimeLimit(error)) throw readable(error);
      if (rows.count === 0 || operation.class !== 'read') {
        throw engineError('time_limit', 'It took longer than the time limit and was ended.', error);
      }
      rows.stoppedBy = 'time';
      return { affected: null, notices: [] };
    }
  }

  /** The connection is closed, which ends reads; the server is told as well, for writes. What comes next is new. */
  private giveUp(): void {
    const { conversation } = this;
    this.clean = false;
    this.conversation = new Conversation(this.lease.connection);
    cancelBackend(this.target, conversation.id).catch(() => undefined);
    conversation.end().catch(() => undefined);
  }
}

interface Signals {
  readonly cancelled: AbortSignal;
  readonly late: AbortSignal;
}

const isTimeLimit = (error: unknown): boolean =>
  error instanceof EngineError && error.problem.code === 'time_limit';

/** Bytes that are no document are the server's fault, and not told in this process's words. */
function readable(error: unknown): unknown {
  return error instanceof RangeError
    ? engineError('bad_answer', 'The server sent a document that cannot be read.', error)
    : error;
}

/** The server answered, if only that it will not: the connection is as it was. */
function isAnswer(error: unknown): boolean {
  return (
    error instanceof EngineError &&
    !['connection_lost', 'bad_answer', 'cancelled'].includes(error.problem.code)
  );
}

function compiled(text: string): Operation {
  try {
    return operationOf(text);
  } catch (error) {
    if (error instanceof Refusal) throw engineError('refused', error.message, error);
    if (!(error instanceof ShellError)) throw error;
    const { message, position } = error;
    throw new EngineError(
      { code: 'syntax_error', message, position, hint: null, detail: null },
      { cause: error },
    );
  }
}
