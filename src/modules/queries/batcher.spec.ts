import { Batcher } from './batcher.js';

it('writes together what comes at once, and in order what comes meanwhile', async () => {
  const written: number[][] = [];
  const batcher = new Batcher<number>(async (items) => {
    written.push([...items]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return new Map();
  });
  const first = Promise.all([batcher.add(1), batcher.add(2)]);
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  await Promise.all([first, batcher.add(3), batcher.add(4)]);
  expect(written).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

it('fails only what could not be taken', async () => {
  const batcher = new Batcher<number>(async (items) =>
    Promise.resolve(new Map(items.filter((item) => item < 0).map((item) => [item, new Error('taken')]))),
  );
  const [good, bad] = await Promise.allSettled([batcher.add(1), batcher.add(-1)]);
  expect(good.status).toBe('fulfilled');
  expect(bad).toMatchObject({ status: 'rejected', reason: { message: 'taken' } });
});

it('fails all when the write fails, and goes on with the next', async () => {
  let broken = true;
  const batcher = new Batcher<number>(async () => {
    if (broken) throw new Error('no database');
    return Promise.resolve(new Map());
  });
  await expect(Promise.all([batcher.add(1), batcher.add(2)])).rejects.toThrow('no database');
  broken = false;
  await expect(batcher.add(3)).resolves.toBeUndefined();
});

describe('what may wait', () => {
  const batches: number[][] = [];
  let batcher: Batcher<number>;
  beforeEach(() => {
    batches.length = 0;
    batcher = new Batcher<number>(
      async (items) => {
        batches.push([...items]);
        return Promise.resolve(new Map());
      },
      { lingerMs: 20, enough: 3 },
    );
  });

  it('is written together after a while', async () => {
    const first = batcher.addLater(1);
    const second = batcher.addLater(2);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(batches).toEqual([]);
    await Promise.all([first, second]);
    expect(batches).toEqual([[1, 2]]);
  });

  it('does not wait for more when there is enough', async () => {
    const all = [batcher.addLater(1), batcher.addLater(2), batcher.addLater(3)];
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(batches).toEqual([[1, 2, 3]]);
    await Promise.all(all);
  });

  it('goes along with what may not, whichever came first', async () => {
    await Promise.all([batcher.addLater(1), batcher.add(2), batcher.addLater(3)]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('is written by a flush, which waits for it', async () => {
    const written = batcher.addLater(1);
    await batcher.flush();
    expect(batches).toEqual([[1]]);
    await written;
    await batcher.flush();
    expect(batches).toEqual([[1]]);
  });
});

it('a flush does not fail with what it writes', async () => {
  const batcher = new Batcher<number>(async () => Promise.reject(new Error('no database')));
  const failed = expect(batcher.addLater(1)).rejects.toThrow('no database');
  await batcher.flush();
  await failed;
});
