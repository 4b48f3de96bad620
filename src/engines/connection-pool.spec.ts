import { ConnectionPool, ConnectionPools, type PooledConnection } from './connection-pool.js';
import type { Target } from './engine.js';

class Line implements PooledConnection {
  usable = true;
  closed = false;

  close(): void {
    this.closed = true;
  }
}

const pool = () => {
  const lines: Line[] = [];
  const emptied = jest.fn();
  const open = async (): Promise<Line> => {
    lines.push(new Line());
    return Promise.resolve(lines[lines.length - 1] ?? new Line());
  };
  return { lines, emptied, pool: new ConnectionPool(open, emptied) };
};

const target: Target = {
  host: 'db',
  port: 1,
  database: 'd',
  username: 'u',
  password: 'p',
  tls: { mode: 'off' },
};

describe('a pool of connections', () => {
  it('gives a clean connection out again, and ends one that is not clean', async () => {
    const { pool: connections, lines, emptied } = pool();
    const first = await connections.lease();
    first.release(true);
    const second = await connections.lease();
    expect(second.connection).toBe(first.connection);
    second.release(false);
    expect(lines.map(({ closed }) => closed)).toEqual([true]);
    expect(emptied).toHaveBeenCalledTimes(1);
  });

  it('opens a new one instead of one that was lost while it was idle', async () => {
    const { pool: connections, lines } = pool();
    const first = await connections.lease();
    first.release(true);
    first.connection.usable = false;
    const second = await connections.lease();
    expect(second.connection).not.toBe(first.connection);
    expect(lines).toHaveLength(2);
    connections.close();
    second.release(true);
    expect(lines.every(({ closed }) => closed)).toBe(true);
  });

  it('lets no more than eight out, and gives the next one to who waits longest', async () => {
    const { pool: connections, lines } = pool();
    const leases = await Promise.all(Array.from({ length: 8 }, async () => connections.lease()));
    const waiting = [connections.lease(), connections.lease()];
    leases[3]?.release(true);
    leases[5]?.release(false);
    const [kept, fresh] = await Promise.all(waiting);
    expect(kept?.connection).toBe(lines[3]);
    expect(fresh?.connection).toBe(lines[8]);
    connections.close();
    for (const lease of [...leases, kept, fresh]) lease?.release(true);
    expect(lines.filter(({ closed }) => !closed)).toEqual([]);
  });

  it('refuses who waits when it closes, and everybody afterwards', async () => {
    const { pool: connections } = pool();
    await Promise.all(Array.from({ length: 8 }, async () => connections.lease()));
    const waiting = connections.lease();
    connections.close();
    await expect(waiting).rejects.toMatchObject({ problem: { code: 'connection_failed' } });
    await expect(connections.lease()).rejects.toMatchObject({ problem: { code: 'connection_failed' } });
  });
});

describe('pools', () => {
  it('are one per login, and another password is another login', () => {
    const pools = new ConnectionPools(() => async () => Promise.resolve(new Line()));
    expect(pools.of(target)).toBe(pools.of({ ...target }));
    expect(pools.of(target)).not.toBe(pools.of({ ...target, password: 'q' }));
    const before = pools.of(target);
    pools.forget(target);
    expect(pools.of(target)).not.toBe(before);
  });
});
