import { HashQueue } from './hash-queue.js';

const sleep = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

it('runs one at a time, in order, also after one has failed', async () => {
  const queue = new HashQueue();
  const order: string[] = [];
  let running = 0;
  const work =
    (name: string, fails = false) =>
    async (): Promise<string> => {
      running += 1;
      expect(running).toBe(1);
      await sleep(2);
      running -= 1;
      order.push(name);
      return fails ? Promise.reject(new Error(name)) : name;
    };
  const outcomes = await Promise.allSettled([
    queue.run(work('a')),
    queue.run(work('b', true)),
    queue.run(work('c')),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(order).toEqual(['a', 'b', 'c']);
});

it('refuses whom it would keep waiting for a minute, and takes others again when it has caught up', async () => {
  const queue = new HashQueue();
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const inside = Array.from({ length: 221 }, async () => queue.run(async () => gate));
  await expect(queue.run(async () => gate)).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'sign_in_busy',
    retryAfter: 56,
  });
  release();
  await Promise.all(inside);
  expect(await queue.run(async () => Promise.resolve('in'))).toBe('in');
});
