import type {
  AccessMode,
  CaptureOptions,
  Catalog,
  EngineProblem,
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
import { CollectExchange, RunExchange, type RunTalk } from './exchange.js';
import { explain } from './explain.js';
import { readLoginFacts } from './login-facts.js';
import { FENCE_CLEANUP, FENCE_COMMANDS, fenceFor, isForgotten } from './read-fence.js';
import { learnTypes } from './types-lookup.js';
import { bind, DESCRIBE, execute, parse, query, SYNC } from './wire/messages.js';
import type { ExchangeHandler } from './wire/wire.js';

/** The server keeps the time limit; ours is the second line, for servers that do not answer any more. */
const GRACE_MS = 1000;
const QUERY_CANCELED = '57014';

const BIND = bind();

/** A statement with what goes before and after it. */
interface OutgoingStatement extends Pick<RunTalk, 'commandsBefore' | 'followed'> {
  readonly messages: readonly Buffer[];
  readonly readies: number;
}

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
    const started = performance.now();
    const exchange = await this.exchange(statement.text, limits, sink, signal);
    if (this.access === 'read' && exchange.ownProblem !== null && this.hasForgotten(exchange.ownProblem)) {
      return this.run(statement, limits, sink, signal);
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

  private async exchange(
    text: string,
    limits: RunLimits,
    sink: ResultSink,
    signal: AbortSignal,
  ): Promise<RunExchange> {
    const { messages, readies, ...places } = this.messages(text, limits);
    const { types } = this.lease.connection;
    const exchange = new RunExchange({
      ...places,
      statement: text,
      limits,
      sink,
      types,
      learn: async (oids) => learnTypes(this.target, oids, types),
      stop: (reason) => {
        this.stop(reason);
      },
    });
    await this.guarded(limits.timeoutMs, exchange, signal, async () =>
      this.talk(messages, readies, exchange),
    );
    if (this.access === 'read' && this.lease.connection.wire.status !== 'I') await this.leaveFence();
    return exchange;
  }

  /** Everything goes out at once, and the answer to a read comes back at once, too. */
  private messages(text: string, limits: RunLimits): OutgoingStatement {
    const maxRows = limits.maxRows === Infinity ? 0 : limits.maxRows + 1;
    const own = [parse(text), BIND, DESCRIBE, execute(maxRows)];
    if (this.access === 'read') {
      const { before, after } = fenceFor(this.lease.connection, limits.timeoutMs);
      const messages = [before, ...own, after, SYNC];
      return { messages, readies: 1, commandsBefore: FENCE_COMMANDS, followed: true };
    }
    const changed = !this.inTransaction && this.timeoutMs !== limits.timeoutMs;
    if (changed) this.timeoutMs = limits.timeoutMs;
    const setTimeLimit = changed ? [query(`set statement_timeout = ${String(limits.timeoutMs)}`)] : [];
    const messages = [...setTimeLimit, ...own, SYNC];
    return {
      messages,
      readies: messages.length - own.length,
      commandsBefore: setTimeLimit.length,
      followed: false,
    };
  }

  private async guarded(
    timeoutMs: number,
    exchange: RunExchange,
    signal: AbortSignal,
    talk: () => Promise<void>,
  ): Promise<void> {
    const cancel = (): void => {
      this.cancel();
    };
    const timer = setTimeout(() => {
      exchange.stopWith('time');
    }, timeoutMs + GRACE_MS);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      await talk();
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    }
  }

  private async talk(messages: readonly Buffer[], readies: number, handler: ExchangeHandler): Promise<void> {
    try {
      await this.lease.connection.wire.talk(messages, readies, handler);
    } catch (error) {
      this.clean = false;
      throw runError(error);
    }
  }

  /** A statement that failed has taken the end of the fence with it. */
  private async leaveFence(): Promise<void> {
    await this.talk([query(FENCE_CLEANUP)], 1, new CollectExchange());
  }

  private hasForgotten({ code }: EngineProblem): boolean {
    const { connection } = this.lease;
    if (!isForgotten(code) || !connection.keepsStatements) return false;
    connection.keepsStatements = false;
    return true;
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
    await this.talk([query(sql)], 1, answer);
    if (answer.problem !== null) throw new EngineError(answer.problem);
    return answer.rows;
  }

  private async reset(): Promise<boolean> {
    const { connection } = this.lease;
    const { wire } = connection;
    if (this.access === 'read') return wire.status === 'I';
    const answer = new CollectExchange();
    connection.fencedFor = null;
    // DISCARD ALL runs only on its own, and ROLLBACK before it only warns when there is nothing to roll back.
    await wire.talk([query('rollback'), query('discard all')], 2, answer).catch(() => undefined);
    return answer.problem === null && wire.usable && wire.status === 'I';
  }
}
