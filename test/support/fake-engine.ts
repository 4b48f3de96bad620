import { setTimeout as sleep } from 'node:timers/promises';
import {
  EngineError,
  type AccessMode,
  type Analysis,
  type Capabilities,
  type Catalog,
  type Column,
  type EngineDriver,
  type EngineSession,
  type ResultSink,
  type Row,
  type RunEnd,
  type RunLimits,
  type Statement,
  type StatementClass,
  type Target,
  type ValueKind,
} from '../../src/engines/engine.js';
import type { Plan } from '../../src/engines/plan.js';

/** What a fake server keeps: sessions of every driver that speaks to it see the same. */
export class FakeServer {
  written = 0;
  readonly password = 'right';
  private readonly running = new Map<string, () => void>();
  private nextBackend = 1;

  newBackend(): string {
    this.nextBackend += 1;
    return String(this.nextBackend);
  }

  /** Ends what runs on a backend; without an id, everything. */
  end(backendId?: string): void {
    for (const [id, abort] of this.running) if (backendId === undefined || id === backendId) abort();
  }

  async during<T>(backendId: string, abort: () => void, work: () => Promise<T>): Promise<T> {
    this.running.set(backendId, abort);
    return work().finally(() => this.running.delete(backendId));
  }
}

const CLASSES: Readonly<Record<string, StatementClass>> = {
  rows: 'read',
  cell: 'read',
  sleep: 'read',
  count: 'read',
  pair: 'read',
  broken: 'read',
  write: 'dml',
};

const problem = (code: string, message: string, position: number | null = null): EngineError =>
  new EngineError({ code, message, position, hint: null, detail: null });

/**
 * An engine without a server, for tests that need a database that behaves: `rows 5`, `cell 1000`, `sleep 2`, `count`,
 * `pair`, `broken`, `write`, separated by semicolons. It passes the same contract as the real ones.
 */
export class FakeDriver implements EngineDriver {
  readonly kind = 'postgres';
  readonly capabilities: Capabilities = {
    transactions: true,
    transactionalDdl: false,
    explain: 'none',
    language: 'sql',
  };

  constructor(private readonly server: FakeServer) {}

  analyse(text: string): Analysis {
    let at = 0;
    const statements = text.split(';').flatMap((part) => {
      const start = at + (part.length - part.trimStart().length);
      at += part.length + 1;
      return part.trim() === '' ? [] : [this.statement(part.trim(), start)];
    });
    return { statements, error: null };
  }

  async open(target: Target, access: AccessMode): Promise<EngineSession> {
    await sleep(1);
    if (target.port === 1) throw problem('connection_failed', 'Nothing answers at this address and port.');
    if (target.tls.mode !== 'off') throw problem('tls_refused', 'The server does not speak TLS.');
    if (target.password !== this.server.password) throw problem('login_failed', 'The password is wrong.');
    return new FakeSession(this.server, access);
  }

  async cancel(_: Target, backendId: string): Promise<void> {
    this.server.end(backendId);
    return Promise.resolve();
  }

  async forget(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    return Promise.resolve();
  }

  private statement(text: string, start: number): Statement {
    const verb = text.split(' ')[0] ?? '';
    return {
      text,
      start,
      end: start + text.length,
      class: CLASSES[verb] ?? 'admin',
      verb,
      tables: [],
      hasWhere: null,
      findings: [],
      reason: null,
      transactional: true,
    };
  }
}

class FakeSession implements EngineSession {
  inTransaction = false;
  readonly backendId: string;
  private pending = 0;

  constructor(
    private readonly server: FakeServer,
    private readonly access: AccessMode,
  ) {
    this.backendId = server.newBackend();
  }

  async run(statement: Statement, limits: RunLimits, sink: ResultSink, signal: AbortSignal): Promise<RunEnd> {
    const started = performance.now();
    const [verb = '', amount = '0'] = statement.text.split(' ');
    const outcome = { rowCount: 0, affectedRows: null, stoppedBy: null } as Omit<
      RunEnd,
      'durationMs' | 'notices'
    >;
    const end = await this.perform(verb, Number(amount), { limits, sink, signal, stopped: false });
    return { ...outcome, ...end, durationMs: performance.now() - started, notices: [] };
  }

  async begin(): Promise<void> {
    this.inTransaction = true;
    return Promise.resolve();
  }

  async commit(): Promise<void> {
    this.server.written += this.pending;
    return this.rollback();
  }

  async rollback(): Promise<void> {
    this.pending = 0;
    this.inTransaction = false;
    return Promise.resolve();
  }

  async explain(): Promise<Plan> {
    return Promise.reject(problem('not_supported', 'This engine has no plans.'));
  }

  async describe(): Promise<Catalog> {
    return Promise.resolve({ version: 'fake-1', schemas: [{ name: 'main', tables: [], routines: [] }] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rollback();
  }

  private async perform(verb: string, amount: number, run: Run): Promise<Partial<RunEnd>> {
    if (verb === 'write') return this.write();
    if (verb === 'broken') throw problem('42601', 'This cannot be read.', 0);
    if (verb === 'sleep') return this.sleep(amount * 1000, run);
    const columns = verb === 'pair' ? ['a', 'a'] : ['a'];
    const described = columns.map((name) => columnOf(name, verb === 'cell' ? 'text' : 'integer'));
    run.sink.columns(described, () => {
      run.stopped = true;
    });
    if (verb === 'pair') return handOver([['1', '2']], run);
    if (verb === 'cell') return handOver([['x'.repeat(amount)]], run);
    if (verb === 'count') return handOver([[String(this.server.written + this.pending)]], run);
    return handOver(numbers(amount), run);
  }

  private async write(): Promise<Partial<RunEnd>> {
    if (this.access === 'read') throw problem('25006', 'This session may only read.');
    if (this.inTransaction) this.pending += 1;
    else this.server.written += 1;
    return Promise.resolve({ affectedRows: 1 });
  }

  private async sleep(ms: number, { limits, signal }: Run): Promise<Partial<RunEnd>> {
    const ended = new AbortController();
    const all = AbortSignal.any([signal, ended.signal]);
    const wait = async (): Promise<unknown> =>
      sleep(Math.min(ms, limits.timeoutMs), undefined, { signal: all }).catch(() => undefined);
    await this.server.during(
      this.backendId,
      () => {
        ended.abort();
      },
      wait,
    );
    if (signal.aborted) throw problem('cancelled', 'It was cancelled.');
    if (ended.signal.aborted) throw problem('connection_lost', 'The connection was lost.');
    if (ms > limits.timeoutMs) throw problem('time_limit', 'It took longer than the time limit.');
    return {};
  }
}

interface Run {
  readonly limits: RunLimits;
  readonly sink: ResultSink;
  readonly signal: AbortSignal;
  /** The sink has enough. */
  stopped: boolean;
}

function* numbers(count: number): Generator<string[]> {
  for (let number = 1; number <= count; number += 1) yield [String(number)];
}

async function handOver(rows: Iterable<string[]>, run: Run): Promise<Partial<RunEnd>> {
  const { limits, sink } = run;
  let rowCount = 0;
  let bytes = 0;
  for (const cells of rows) {
    if (run.stopped || rowCount >= limits.maxRows) return { rowCount, stoppedBy: 'rows' };
    const row = rowOf(cells, limits.maxCellBytes);
    bytes += cells.reduce((sum, _, index) => sum + (row.bytes(index)?.length ?? 0), 0);
    if (bytes > limits.maxBytes) return { rowCount, stoppedBy: 'bytes' };
    rowCount += 1;
    await sink.row(row);
  }
  return { rowCount };
}

function rowOf(cells: readonly string[], maxCellBytes: number): Row {
  const bytes = cells.map((cell) => Buffer.from(cell));
  return {
    length: cells.length,
    bytes: (index) => bytes[index]?.subarray(0, maxCellBytes) ?? null,
    size: (index) => bytes[index]?.length ?? 0,
  };
}

function columnOf(name: string, kind: ValueKind): Column {
  return { name, type: kind, kind };
}
