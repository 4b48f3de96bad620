import type {
  EngineDriver,
  EngineError,
  EngineSession,
  ResultSink,
  RunEnd,
  RunLimits,
  Statement,
  Target,
} from '../../src/engines/engine.js';
import { JsonRows } from '../../src/engines/json-rows.js';

/** What the suite needs from a server, in the words of its language. */
export interface ContractServer {
  readonly driver: EngineDriver;
  /** A second driver, as another replica has it. */
  readonly other: EngineDriver;
  readonly target: Target;
  readonly texts: {
    /** `count` rows of one integer column, from 1. */
    rows(count: number): string;
    /** One text cell of `bytes` bytes. */
    cell(bytes: number): string;
    sleep(seconds: number): string;
    /** Writes a row; refused for reads. */
    readonly write: string;
    /** Counts what `write` wrote. */
    readonly count: string;
    /** Fails on the server with an error at a place. */
    readonly broken: string;
    /** Two columns with one name. */
    readonly duplicates: string;
    /** One row of odd values, and how they must arrive. */
    readonly odd: string;
    readonly oddRow: readonly unknown[];
  };
  /** A target on which nothing listens; without a network it is one that is not there. */
  readonly dead: Target;
  /** Ends all connections to the server from outside. */
  cut(): Promise<void>;
  /** How many rows `texts.rows` can give, where a million would take the server too long. */
  readonly mostRows?: number;
}

/** What not every engine has, or not every server that speaks its protocol. */
export type Feature =
  | 'address'
  | 'cancel from elsewhere'
  | 'columns of one name'
  | 'cut'
  | 'login'
  | 'places of errors'
  | 'sleep'
  | 'tls'
  | 'transactions';

export interface ContractOptions {
  /** The engine's databases have no such thing: there is nothing to test. */
  readonly lacks?: readonly Feature[];
  /** The server at hand cannot do it, though others can: these tests count as skipped. */
  readonly unable?: readonly Feature[];
}

export const LIMITS: RunLimits = {
  maxRows: 1000,
  maxBytes: 1_000_000,
  maxCellBytes: 2000,
  timeoutMs: 10_000,
};

export function only(driver: EngineDriver, text: string): Statement {
  const [statement] = driver.analyse(text).statements;
  if (statement === undefined) throw new Error(`No statement in: ${text}`);
  return statement;
}

export interface Outcome {
  readonly end: RunEnd;
  readonly sink: JsonRows;
}

export async function runIn(
  session: EngineSession,
  statement: Statement,
  limits: Partial<RunLimits> = {},
  signal = new AbortController().signal,
): Promise<Outcome> {
  const sink = new JsonRows();
  const end = await session.run(statement, { ...LIMITS, ...limits }, sink, signal);
  return { end, sink };
}

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => (error as EngineError).problem.code,
  );

/** One suite for every engine and for the fake, so that the fake used elsewhere cannot lie. */
export function engineContract(setUp: () => Promise<ContractServer>, options: ContractOptions = {}): void {
  const { lacks = [], unable = [] } = options;
  /** A test that needs something which the engine or the server may be without. */
  const having = (...needed: readonly Feature[]): ((name: string, test: () => Promise<void>) => void) => {
    if (needed.some((feature) => lacks.includes(feature))) return () => undefined;
    return needed.some((feature) => unable.includes(feature)) ? it.skip : it;
  };
  let server: ContractServer;
  beforeAll(async () => {
    server = await setUp();
  });
  afterAll(async () => {
    await server.driver.close();
    await server.other.close();
  });

  const run = async (
    text: string,
    limits: Partial<RunLimits> = {},
    access: 'read' | 'write' = 'read',
  ): Promise<Outcome> => {
    await using session = await server.driver.open(server.target, access);
    return await runIn(session, only(server.driver, text), limits);
  };

  it('hands over every row of a short result, and says that no limit was reached', async () => {
    const { end, sink } = await run(server.texts.rows(3));
    expect(sink.rows()).toEqual([[1], [2], [3]]);
    expect(end).toMatchObject({ rowCount: 3, stoppedBy: null });
  });

  it('stops at the row limit, and not when there are exactly as many rows', async () => {
    expect((await run(server.texts.rows(11), { maxRows: 10 })).end).toMatchObject({
      rowCount: 10,
      stoppedBy: 'rows',
    });
    expect((await run(server.texts.rows(10), { maxRows: 10 })).end).toMatchObject({
      rowCount: 10,
      stoppedBy: null,
    });
  });

  it('stops when the sink has enough, and does not wait for what it would have read', async () => {
    const rows = new JsonRows();
    let enough = (): void => undefined;
    const sink: ResultSink = {
      columns: (columns, stop) => {
        rows.columns(columns);
        enough = stop;
      },
      row: (row) => {
        rows.row(row);
        if (rows.rowCount === 5) enough();
      },
    };
    const statement = only(server.driver, server.texts.rows(200_000));
    const limits = { ...LIMITS, maxRows: Infinity, maxBytes: Infinity };
    {
      await using session = await server.driver.open(server.target, 'read');
      const end = await session.run(statement, limits, sink, new AbortController().signal);
      expect(end).toMatchObject({ rowCount: 5, stoppedBy: 'rows' });
    }
    expect(rows.rows()).toEqual([[1], [2], [3], [4], [5]]);
    expect((await run(server.texts.rows(1))).end.rowCount).toBe(1);
  });

  it('reads to the end where there is no row limit', async () => {
    const { end } = await run(server.texts.rows(20_000), { maxRows: Infinity, maxBytes: Infinity });
    expect(end).toMatchObject({ rowCount: 20_000, stoppedBy: null });
  });

  it('stops at the byte limit, and goes on working', async () => {
    const { end } = await run(server.texts.rows(100_000), { maxRows: 100_000, maxBytes: 5000 });
    expect(end.stoppedBy).toBe('bytes');
    expect(end.rowCount).toBeGreaterThan(500);
    expect((await run(server.texts.rows(1))).end.rowCount).toBe(1);
  });

  it('cuts a cell at the cell limit and tells its size', async () => {
    const { sink } = await run(server.texts.cell(1_000_000), { maxCellBytes: 100 });
    expect(sink.rows()).toEqual([['x'.repeat(100)]]);
    expect(sink.cut).toEqual([{ row: 0, column: 0, size: 1_000_000 }]);
    expect((await run(server.texts.cell(100), { maxCellBytes: 100 })).sink.cut).toEqual([]);
  });

  having('sleep')('stops at the time limit on the server', async () => {
    const started = performance.now();
    expect(await codeOf(run(server.texts.sleep(20), { timeoutMs: 300 }))).toBe('time_limit');
    expect(performance.now() - started).toBeLessThan(3000);
  });

  having('sleep')('cancels when the signal is aborted, within a second', async () => {
    await using session = await server.driver.open(server.target, 'read');
    const abort = new AbortController();
    const running = codeOf(runIn(session, only(server.driver, server.texts.sleep(20)), {}, abort.signal));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const aborted = performance.now();
    abort.abort();
    expect(await running).toBe('cancelled');
    expect(performance.now() - aborted).toBeLessThan(1000);
  });

  having('sleep', 'cancel from elsewhere')(
    'cancels from another replica, which knows only the id of the backend',
    async () => {
      await using session = await server.driver.open(server.target, 'read');
      const running = codeOf(runIn(session, only(server.driver, server.texts.sleep(20))));
      await new Promise((resolve) => setTimeout(resolve, 200));
      await server.other.cancel(server.target, session.backendId);
      expect(await running).not.toBe('no error');
    },
  );

  it('keeps a read from writing, whatever the statement is taken for', async () => {
    const before = (await run(server.texts.count)).sink.rows();
    expect(await codeOf(run(server.texts.write, {}, 'read'))).not.toBe('no error');
    expect((await run(server.texts.count)).sink.rows()).toEqual(before);
  });

  it('lets a write through that is one, and counts its rows', async () => {
    const [[before]] = (await run(server.texts.count)).sink.rows() as [[number]];
    expect((await run(server.texts.write, {}, 'write')).end.affectedRows).toBe(1);
    expect((await run(server.texts.count)).sink.rows()).toEqual([[before + 1]]);
  });

  having('transactions')('rolls a transaction back that was left open', async () => {
    const before = (await run(server.texts.count)).sink.rows();
    {
      await using session = await server.driver.open(server.target, 'write');
      await session.begin();
      await runIn(session, only(server.driver, server.texts.write));
      expect(session.inTransaction).toBe(true);
    }
    expect((await run(server.texts.count)).sink.rows()).toEqual(before);
  });

  having('columns of one name')('keeps columns of the same name apart', async () => {
    const { sink } = await run(server.texts.duplicates);
    expect(sink.columnList.map((column) => column.name)).toEqual(['a', 'a']);
    expect(sink.rows()).toEqual([[1, 2]]);
  });

  it('hands over odd values exactly as the server has them', async () => {
    expect((await run(server.texts.odd)).sink.rows()).toEqual([server.texts.oddRow]);
  });

  having('places of errors')('reports the server’s error with its place and goes on working', async () => {
    await using session = await server.driver.open(server.target, 'read');
    const statement = only(server.driver, server.texts.broken);
    await expect(runIn(session, statement)).rejects.toMatchObject({
      problem: { position: expect.any(Number) as number },
    });
    expect((await runIn(session, only(server.driver, server.texts.rows(1)))).end.rowCount).toBe(1);
  });

  having('login')('says that the password is wrong, and nothing of it', async () => {
    const wrong = { ...server.target, password: 'not-the-password' };
    const error = await server.driver.open(wrong, 'read').then(
      () => null,
      (failure: unknown) => failure as EngineError,
    );
    expect(error?.problem.code).toBe('login_failed');
    expect(JSON.stringify(error?.problem)).not.toContain('not-the-password');
  });

  having('address')('says that nothing answers', async () => {
    expect(await codeOf(server.driver.open(server.dead, 'read'))).toBe('connection_failed');
  });

  having('tls')('says that a server without TLS has none', async () => {
    expect(await codeOf(server.driver.open({ ...server.target, tls: { mode: 'on' } }, 'read'))).toBe(
      'tls_refused',
    );
  });

  having('cut', 'sleep')(
    'says that the connection was lost in mid-result, and opens a new one afterwards',
    async () => {
      await using session = await server.driver.open(server.target, 'read');
      const running = codeOf(runIn(session, only(server.driver, server.texts.sleep(20))));
      await new Promise((resolve) => setTimeout(resolve, 200));
      await server.cut();
      expect(['connection_lost', '57P01']).toContain(await running);
      expect((await run(server.texts.rows(1))).end.rowCount).toBe(1);
    },
  );

  it('ends with the sink’s own error, and goes on working', async () => {
    const failing: ResultSink = {
      columns: () => undefined,
      row: () => {
        throw new Error('The disk is full.');
      },
    };
    await using session = await server.driver.open(server.target, 'read');
    const statement = only(server.driver, server.texts.rows(50_000));
    const running = session.run(statement, LIMITS, failing, new AbortController().signal);
    await expect(running).rejects.toThrow('The disk is full.');
    expect((await run(server.texts.rows(1))).end.rowCount).toBe(1);
  });

  it('holds the server back for a sink that is slow', async () => {
    let rowCount = 0;
    const slow: ResultSink = {
      columns: () => undefined,
      row: async () => {
        rowCount += 1;
        if (rowCount % 1000 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      },
    };
    await using session = await server.driver.open(server.target, 'read');
    const limits = { ...LIMITS, maxRows: Infinity, maxBytes: Infinity };
    const statement = only(server.driver, server.texts.rows(50_000));
    const end = await session.run(statement, limits, slow, new AbortController().signal);
    expect([end.rowCount, rowCount, end.stoppedBy]).toEqual([50_000, 50_000, null]);
  });

  it('reads a million rows, or what the server can give, in memory that stays flat', async () => {
    const before = process.memoryUsage();
    let [rowCount, most] = [0, 0];
    const counting: ResultSink = {
      columns: () => undefined,
      row: () => {
        rowCount += 1;
        if (rowCount % 20_000 !== 0) return;
        const { heapUsed, external } = process.memoryUsage();
        most = Math.max(most, heapUsed + external - before.heapUsed - before.external);
      },
    };
    await using session = await server.driver.open(server.target, 'read');
    const limits = { ...LIMITS, maxRows: Infinity, maxBytes: Infinity, timeoutMs: 60_000 };
    const { mostRows = 1_000_000 } = server;
    const statement = only(server.driver, server.texts.rows(mostRows));
    await session.run(statement, limits, counting, new AbortController().signal);
    expect(rowCount).toBe(mostRows);
    expect(most).toBeLessThan(100 * 1_048_576);
  }, 90_000);

  it('opens nothing for a target that was forgotten and has gone, but does for one that stands', async () => {
    await run(server.texts.rows(1));
    await server.driver.forget(server.target);
    expect((await run(server.texts.rows(1))).end.rowCount).toBe(1);
  });

  it('describes what the database holds', async () => {
    await using session = await server.driver.open(server.target, 'read');
    const catalog = await session.describe();
    expect(catalog.version).not.toBe('');
    expect(catalog.schemas.length).toBeGreaterThan(0);
  });
}
