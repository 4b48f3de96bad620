import type { Lease } from '../connection-pool.js';
import {
  EngineError,
  type AccessMode,
  type Catalog,
  type EngineSession,
  type ExplainOptions,
  type LoginFacts,
  type Notice,
  type ResultSink,
  type RunEnd,
  type RunLimits,
  type Statement,
  type StopReason,
  type Target,
} from '../engine.js';
import { engineError } from '../engine-error.js';
import type { Plan } from '../plan.js';
import { killQuery } from './cancel.js';
import { readCatalog } from './catalog.js';
import type { MysqlConnection } from './connection.js';
import { INTERRUPTED, isTimeLimit, runError, wasEnded } from './errors.js';
import { CollectExchange, noticesFrom, RunExchange } from './exchange.js';
import { explain } from './explain.js';
import { readLoginFacts } from './login-facts.js';
import { query } from './wire/commands.js';
import type { Wire } from './wire/wire.js';

/** The server keeps the time limit where it can; the timer here is the second line. */
const GRACE_MS = 1000;
const MAX_NOTICES = 100;
/** Statements that SQL_SELECT_LIMIT stops; MySQL limits the time of these only. */
const QUERIES: ReadonlySet<string> = new Set(['select', 'values', 'table', 'show']);
const COUNTED: ReadonlySet<string> = new Set(['insert', 'replace', 'update', 'delete']);

/** One lease of a connection; see EngineSession for what read and write mean. */
export class MysqlSession implements EngineSession {
  private clean = true;
  private disposed = false;
  private readonly wire: Wire;

  constructor(
    private readonly target: Target,
    private readonly access: AccessMode,
    private readonly lease: Lease<MysqlConnection>,
  ) {
    this.wire = lease.connection.wire;
  }

  get backendId(): string {
    return String(this.wire.threadId);
  }

  get inTransaction(): boolean {
    return this.access === 'write' && this.wire.inTransaction;
  }

  async run(statement: Statement, limits: RunLimits, sink: ResultSink, signal: AbortSignal): Promise<RunEnd> {
    if (signal.aborted) throw engineError('cancelled', 'It was cancelled before it began.');
    const before = this.before(statement, limits);
    const started = performance.now();
    const exchange = new RunExchange({
      statement: statement.text,
      limits,
      sink,
      ownCommand: before.length + 1,
      stop: (reason) => {
        this.stop(reason);
      },
    });
    await this.watched(exchange, this.timerFor(statement, limits), signal, async () =>
      this.wire.talk([...before, query(statement.text)], exchange),
    );
    this.judge(exchange, statement, signal.aborted);
    return {
      rowCount: exchange.rowCount,
      affectedRows: affectedRows(exchange, statement),
      stoppedBy: exchange.stoppedBy,
      durationMs: performance.now() - started,
      notices: await this.notices(exchange),
    };
  }

  async begin({ snapshot = false }: { readonly snapshot?: boolean } = {}): Promise<void> {
    if (!snapshot) await this.collect('start transaction');
    else await this.beginSnapshot();
  }

  async commit(): Promise<void> {
    await this.collect('commit');
  }

  async rollback(): Promise<void> {
    await this.collect('rollback');
  }

  async explain(statement: Statement, options: ExplainOptions): Promise<Plan> {
    return explain(this, statement, options, this.lease.connection.mariadb);
  }

  async describe(): Promise<Catalog> {
    return readCatalog(async (sql) => this.collect(sql), this.target.database);
  }

  async loginFacts(): Promise<LoginFacts> {
    return readLoginFacts(async (sql) => this.collect(sql));
  }

  /** Gives the connection back as it was, or ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    this.lease.release(this.clean && (await this.lease.connection.reset()));
  }

  /**
   * What goes out before the statement, together with it. A read is fenced by a transaction of its own; that is only a
   * second line, since the server runs DDL in there all the same: the first is a login that can only read.
   */
  private before(statement: Statement, limits: RunLimits): Buffer[] {
    const maxRows = QUERIES.has(statement.verb) ? limits.maxRows : Infinity;
    const commands = this.lease.connection.limitCommands(limits, maxRows);
    if (this.access === 'write') return commands;
    return [
      ...(this.wire.inTransaction ? [query('rollback')] : []),
      ...commands,
      query('start transaction read only'),
    ];
  }

  private timerFor(statement: Statement, { timeoutMs }: RunLimits): number {
    const onServer = this.lease.connection.mariadb || QUERIES.has(statement.verb);
    return onServer ? timeoutMs + GRACE_MS : timeoutMs;
  }

  private async watched(
    exchange: RunExchange,
    timeoutMs: number,
    signal: AbortSignal,
    talk: () => Promise<void>,
  ): Promise<void> {
    const cancel = (): void => {
      exchange.abandon();
      this.cancel();
    };
    const timer = setTimeout(() => {
      exchange.stopWith('time');
    }, timeoutMs);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      await talk();
    } catch (error) {
      this.clean = false;
      throw runError(error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    }
  }

  // Cancelling a write because its answer is long would undo it: its rows are dropped on the way instead.
  private stop(reason: StopReason): void {
    if (reason === 'time' || this.access === 'read') this.cancel();
  }

  /** The word may arrive late and hit whatever comes next, so the connection is not used again. */
  private cancel(): void {
    this.clean = false;
    killQuery(this.target, this.wire.threadId).catch(() => {
      this.wire.destroy();
    });
  }

  private judge(exchange: RunExchange, statement: Statement, cancelled: boolean): void {
    const { problem, ownProblem } = exchange;
    if (problem !== null && wasEnded(problem)) this.clean = false;
    if (this.wasInterrupted(exchange, statement)) {
      this.judgeInterrupted(exchange, cancelled);
      return;
    }
    const failed = problem ?? ownProblem;
    if (failed !== null) throw new EngineError(failed);
  }

  private judgeInterrupted(exchange: RunExchange, cancelled: boolean): void {
    const { problem, stoppedBy, rowCount } = exchange;
    if (cancelled) throw engineError('cancelled', 'It was cancelled.');
    if (stoppedBy === 'rows' || stoppedBy === 'bytes') return;
    if (problem?.code === INTERRUPTED && stoppedBy === null) {
      throw engineError('cancelled', 'It was cancelled on the server.');
    }
    if (rowCount === 0 || this.access === 'write') throw timeLimit();
    exchange.stoppedBy = 'time';
  }

  /** Also what the server took for an answer: SLEEP and its like end with a value, DO with success. */
  private wasInterrupted(exchange: RunExchange, { verb }: Statement): boolean {
    const { problem, overran } = exchange;
    if (problem !== null) return problem.code === INTERRUPTED || isTimeLimit(problem);
    if (verb === 'do') return exchange.isLate || !this.clean;
    return overran && QUERIES.has(verb); // a write that has ended well has happened
  }

  /** Only MariaDB can refuse to change a row that somebody else has changed since the transaction began. */
  private async beginSnapshot(): Promise<void> {
    if (!this.lease.connection.mariadb) {
      throw engineError(
        'not_supported',
        'MySQL has no transactions that fail where a row was changed since.',
      );
    }
    await this.collect('set session innodb_snapshot_isolation = on');
    await this.collect('set transaction isolation level repeatable read');
    await this.collect('start transaction with consistent snapshot');
  }

  private async notices(exchange: RunExchange): Promise<Notice[]> {
    const notices = exchange.warnings > 0 && this.clean ? await this.warnings() : [];
    if (exchange.results < 2) return notices;
    const count = String(exchange.results);
    const message = `The statement gave ${count} results; the first of them is shown.`;
    return [...notices, { severity: 'NOTE', message }];
  }

  private async warnings(): Promise<Notice[]> {
    return noticesFrom(await this.collect(`show warnings limit ${String(MAX_NOTICES)}`));
  }

  private async collect(sql: string): Promise<(string | null)[][]> {
    const answer = new CollectExchange();
    try {
      await this.wire.talk([query(sql)], answer);
    } catch (error) {
      this.clean = false;
      throw runError(error);
    }
    if (answer.problem !== null) throw new EngineError(answer.problem);
    return answer.rows;
  }
}

function affectedRows(
  { affectedRows: affected, results, seenRows }: RunExchange,
  { verb }: Statement,
): number | null {
  if (!COUNTED.has(verb)) return null;
  return results > 0 ? seenRows : affected; // RETURNING gives a row for each of them
}

function timeLimit(): EngineError {
  return engineError('time_limit', 'It took longer than the time limit and was cancelled on the server.');
}
