import type {
  AccessMode,
  Catalog,
  EngineSession,
  ExplainOptions,
  ResultSink,
  RunEnd,
  RunLimits,
  Statement,
  StopReason,
} from '../engine.js';
import type { Plan } from '../plan.js';
import { readCatalog } from './catalog.js';
import { CollectHandler, RowHandler } from './answers.js';
import type { AnswerHandler, SqliteProcess } from './child-process.js';
import { engineError } from '../engine-error.js';
import { endedError, ProcessEndedError, sqliteError } from './errors.js';
import { explain } from './explain.js';
import type { Answer, Order } from './messages.js';
import { Stopper } from './stopper.js';

/** How long a statement waits for another writer, at most, and which part of its own time. */
const BUSY_MS = 5000;
const BUSY_PART = 0.5;

type Done = Extract<Answer, { say: 'done' }>;

export interface OpenedFile {
  readonly process: SqliteProcess;
  end(): void;
}

/**
 * One process with the file open. Stopping a statement ends the process; the next statement gets a new one, since a
 * session of SQLite holds nothing between two statements except a transaction, and that is said to be lost.
 */
export class SqliteSession implements EngineSession {
  private transaction = false;
  private lost = false;
  private gone = false;
  private disposed = false;

  constructor(
    private readonly access: AccessMode,
    private opened: OpenedFile,
    private readonly reopen: () => Promise<OpenedFile>,
    private readonly backend: (process: SqliteProcess) => string,
  ) {}

  get backendId(): string {
    return this.backend(this.opened.process);
  }

  get inTransaction(): boolean {
    return this.transaction;
  }

  async run(statement: Statement, limits: RunLimits, sink: ResultSink, signal: AbortSignal): Promise<RunEnd> {
    if (signal.aborted) throw engineError('cancelled', 'It was cancelled before it began.');
    const process = await this.usable();
    const started = performance.now();
    const end = (): void => {
      process.kill();
    };
    // A write is carried through: its rows beyond what anybody wants are dropped.
    const rows = new RowHandler(sink, this.access === 'read' ? end : () => undefined);
    const stopper = new Stopper(end, signal, limits.timeoutMs);
    try {
      const { stoppedBy, affected } = await this.talk(orderOf(statement, limits), rows);
      const affectedRows = statement.class === 'dml' ? affected : null;
      return endOf(rows, { stoppedBy: rows.stopped ? 'rows' : stoppedBy, affectedRows, started });
    } catch (error) {
      if (!(error instanceof ProcessEndedError)) throw error;
      const enough = rows.stopped && stopper.reason === null;
      if (!enough) this.judge(error, stopper.reason, rows.count);
      return endOf(rows, { stoppedBy: enough ? 'rows' : 'time', affectedRows: null, started });
    } finally {
      stopper.release();
    }
  }

  /** A write takes the lock at once, so that it does not read what somebody else then changes. */
  async begin(): Promise<void> {
    await this.act(this.access === 'write' ? 'begin immediate' : 'begin');
  }

  async commit(): Promise<void> {
    await this.act('commit');
  }

  async rollback(): Promise<void> {
    if (this.lost || !this.transaction) {
      this.lost = false;
      this.transaction = false;
      return;
    }
    await this.act('rollback');
  }

  async explain(statement: Statement, options: ExplainOptions): Promise<Plan> {
    return explain(this, statement, options);
  }

  async describe(): Promise<Catalog> {
    await this.usable();
    return readCatalog(async (text) => this.collect(text));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.disposed) return Promise.resolve();
    this.disposed = true;
    this.opened.end();
    return Promise.resolve();
  }

  /** Why the process ended; it throws unless the time was over and what came before is worth keeping. */
  private judge(error: ProcessEndedError, reason: Stopper['reason'], rows: number): void {
    if (reason === null) throw endedError(error);
    if (reason === 'cancelled') throw engineError('cancelled', 'It was cancelled.', error);
    if (rows === 0 || this.access === 'write') {
      throw engineError('time_limit', 'It took longer than the time limit and was ended.', error);
    }
  }

  private async usable(): Promise<SqliteProcess> {
    if (this.lost) {
      throw engineError('transaction_lost', 'The transaction ended with its process: roll back to go on.');
    }
    if (this.gone || !this.opened.process.alive) {
      this.opened.end();
      this.opened = await this.reopen();
      this.gone = false;
    }
    return this.opened.process;
  }

  private async act(text: string): Promise<void> {
    await this.usable();
    await this.collect(text);
  }

  private async collect(text: string): Promise<(string | null)[][]> {
    const answer = new CollectHandler();
    try {
      await this.talk({ do: 'ask', text }, answer);
    } catch (error) {
      throw error instanceof ProcessEndedError ? endedError(error) : error;
    }
    return answer.cells;
  }

  /** Whatever goes wrong between the two, a sink that fails included, leaves the child in mid-answer: it ends. */
  private async talk(order: Order, handler: AnswerHandler): Promise<Done> {
    const { process } = this.opened;
    const answer = await process.ask(order, handler).catch((error: unknown) => {
      process.kill();
      this.gone = true;
      this.lost = this.transaction;
      throw error;
    });
    this.transaction = answer.inTransaction;
    if (answer.say === 'failed') throw sqliteError(answer);
    return answer;
  }
}

/** JSON has no infinity. */
const finite = (limit: number): number => Math.min(limit, Number.MAX_SAFE_INTEGER);

function orderOf({ text }: Statement, limits: RunLimits): Order {
  return {
    do: 'run',
    text,
    busyMs: Math.min(BUSY_MS, limits.timeoutMs * BUSY_PART),
    maxRows: finite(limits.maxRows),
    maxBytes: finite(limits.maxBytes),
    maxCellBytes: finite(limits.maxCellBytes),
  };
}

interface Outcome {
  readonly stoppedBy: StopReason | null;
  readonly affectedRows: number | null;
  readonly started: number;
}

function endOf({ count: rowCount }: RowHandler, { started, ...outcome }: Outcome): RunEnd {
  return { rowCount, ...outcome, durationMs: performance.now() - started, notices: [] };
}
