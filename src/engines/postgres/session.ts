import type {
  AccessMode,
  CaptureOptions,
  Catalog,
  EngineSession,
  ExplainOptions,
  LoginFacts,
  ResultSink,
  RunEnd,
  RunLimits,
  Statement,
  StopReason,
  Target,
  TransactionOptions,
} from '../engine.js';
import { EngineError } from '../engine.js';
import type { StatementEffect } from '../effects.js';
import type { Plan } from '../plan.js';
import type { Lease } from '../connection-pool.js';
import { engineError } from '../engine-error.js';
import { readCatalog } from './catalog.js';
import { cancelBackend } from './connect.js';
import type { PostgresConnection } from './connection.js';
import { runError } from './errors.js';
import { runCaptured } from './effects/capture.js';
import { CollectExchange, RunExchange } from './exchange.js';
import { explain } from './explain.js';
import { readLoginFacts } from './login-facts.js';
import { learnTypes } from './types-lookup.js';
import { BIND, DESCRIBE, execute, parse, query, SYNC } from './wire/messages.js';

/** The server keeps the time limit; ours is the second line, for servers that do not answer any more. */
const GRACE_MS = 1000;
const QUERY_CANCELED = '57014';

/** One lease of a connection; see EngineSession for what read and write mean. */
export class PostgresSession implements EngineSession {
  private timeoutMs: number | null = null;
  private clean = true;
  private disposed = false;

  constructor(
    private readonly target: Target,
    private readonly access: AccessMode,
    private readonly lease: Lease<PostgresConnection>,
  ) {}

  get backendId(): string {
    const { pid, secret } = this.lease.connection.wire;
    return `${String(pid)}:${String(secret)}`;
  }

  get inTransaction(): boolean {
    return this.lease.connection.wire.status !== 'I';
  }

  async run(statement: Statement, limits: RunLimits, sink: ResultSink, signal: AbortSignal): Promise<RunEnd> {
    if (signal.aborted) throw engineError('cancelled', 'It was cancelled before it began.');
    const { before, own, after } = this.messages(statement.text, limits);
    const exchange = this.exchange(statement.text, limits, sink, before.length + 1);
    const started = performance.now();
    const cancel = (): void => {
      this.cancel();
    };
    const timer = setTimeout(() => {
      exchange.stopWith('time');
    }, limits.timeoutMs + GRACE_MS);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      await this.lease.connection.wire.talk(
        [...before, ...own, ...after],
        before.length + 1 + after.length,
        exchange,
      );
    } catch (error) {
      this.clean = false;
      throw runError(error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    }
    this.judge(exchange, signal.aborted);
    const { rowCount, affected: affectedRows, stoppedBy, notices } = exchange;
    return { rowCount, affectedRows, stoppedBy, notices, durationMs: performance.now() - started };
  }

  async runCaptured(statement: Statement, options: CaptureOptions): Promise<StatementEffect> {
    return runCaptured({ session: this, ask: async (sql) => this.collect(sql) }, statement, options);
  }

  async begin({ snapshot = false, lockTimeoutMs }: TransactionOptions = {}): Promise<void> {
    await this.collect(snapshot ? 'begin isolation level repeatable read' : 'begin');
    if (lockTimeoutMs !== undefined) await this.collect(`set local lock_timeout = ${String(lockTimeoutMs)}`);
  }

  async transactionToken(): Promise<string> {
    const [row] = await this.collect('select pg_catalog.pg_current_xact_id()');
    return row?.[0] ?? '';
  }

  async commit(): Promise<void> {
    await this.collect('commit');
  }

  async rollback(): Promise<void> {
    await this.collect('rollback');
  }

  async explain(statement: Statement, options: ExplainOptions): Promise<Plan> {
    return explain(this, statement, options, this.access);
  }

  async describe(): Promise<Catalog> {
    return readCatalog(async (sql) => this.collect(sql));
  }

  async loginFacts(): Promise<LoginFacts> {
    return readLoginFacts(async (sql) => this.collect(sql));
  }

  /** Gives the connection back as it was, or ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    this.lease.release(this.clean && (await this.reset()));
  }

  /**
   * Everything goes out at once. A read is fenced: once `select 1` has run, the transaction cannot be made read-write,
   * and it is rolled back whatever came of it. Session-level locks are the one thing that a rollback leaves.
   */
  private messages(text: string, limits: RunLimits): { before: Buffer[]; own: Buffer[]; after: Buffer[] } {
    const own = [
      parse(text),
      BIND,
      DESCRIBE,
      execute(limits.maxRows === Infinity ? 0 : limits.maxRows + 1),
      SYNC,
    ];
    const timeout = `statement_timeout = ${String(limits.timeoutMs)}`;
    if (this.access === 'read') {
      const before = query(`begin transaction read only; set local ${timeout}; select 1`);
      return {
        before: [before],
        own,
        after: [query('rollback; select pg_catalog.pg_advisory_unlock_all()')],
      };
    }
    const changed = !this.inTransaction && this.timeoutMs !== limits.timeoutMs;
    if (changed) this.timeoutMs = limits.timeoutMs;
    return { before: changed ? [query(`set ${timeout}`)] : [], own, after: [] };
  }

  private exchange(statement: string, limits: RunLimits, sink: ResultSink, ownReady: number): RunExchange {
    const { types } = this.lease.connection;
    return new RunExchange({
      statement,
      limits,
      sink,
      ownReady,
      types,
      learn: async (oids) => learnTypes(this.target, oids, types),
      stop: (reason) => {
        this.stop(reason);
      },
    });
  }

  // Cancelling a write because its answer is long would undo it: its rows are dropped on the way instead.
  private stop(reason: StopReason): void {
    if (reason === 'time' || this.access === 'read') this.cancel();
  }

  /** The word may arrive late and hit whatever comes next, so the connection is not used again. */
  private cancel(): void {
    this.clean = false;
    const { pid, secret } = this.lease.connection.wire;
    cancelBackend(this.target, pid, secret).catch(() => {
      this.lease.connection.wire.destroy();
    });
  }

  private judge(exchange: RunExchange, cancelled: boolean): void {
    const { problem, ownProblem, cutShort } = exchange;
    if (problem?.code === QUERY_CANCELED) {
      if (cancelled) throw engineError('cancelled', 'It was cancelled.');
      if (cutShort) return;
      if (exchange.rowCount === 0 || this.access === 'write') {
        throw engineError(
          'time_limit',
          'It took longer than the time limit and was cancelled on the server.',
        );
      }
      exchange.stoppedBy = 'time';
      return;
    }
    const failed = problem ?? (cutShort ? null : ownProblem);
    if (failed !== null) throw new EngineError(failed);
  }

  /** Answers a query of the engine's own in the server's text. */
  async collect(sql: string): Promise<(string | null)[][]> {
    const answer = new CollectExchange();
    try {
      await this.lease.connection.wire.talk([query(sql)], 1, answer);
    } catch (error) {
      this.clean = false;
      throw runError(error);
    }
    if (answer.problem !== null) throw new EngineError(answer.problem);
    return answer.rows;
  }

  private async reset(): Promise<boolean> {
    const { wire } = this.lease.connection;
    if (this.access === 'read') return wire.status === 'I';
    const answer = new CollectExchange();
    // DISCARD ALL runs only on its own, and ROLLBACK before it only warns when there is nothing to roll back.
    await wire.talk([query('rollback'), query('discard all')], 2, answer).catch(() => undefined);
    return answer.problem === null && wire.usable && wire.status === 'I';
  }
}
