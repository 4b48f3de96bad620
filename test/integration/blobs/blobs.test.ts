import { randomBytes } from 'node:crypto';
import { Blobs } from '../../../src/platform/blobs/blobs.js';
import type { BlobChunk, BlobOwner } from '../../../src/platform/blobs/blobs.types.js';
import { newId } from '../../../src/platform/persistence/ids.js';
import { Transactions } from '../../../src/platform/persistence/transactions.js';
import { openDatabases, type DatabasesWorld } from '../../support/databases-world.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PLENTY = { ownerBytes: 1e12, tenantBytes: 1e12 };

let world: DatabasesWorld;
let blobs: Blobs;

beforeAll(async () => {
  world = await openDatabases();
  blobs = world.app.get(Blobs);
}, 60_000);

afterAll(async () => {
  await world.close();
});

const somebody = (tenantId = newId()): BlobOwner => ({ tenantId, ownerId: newId() });

/** A blob of chunks of ten records each. What cannot be compressed has the size that it says. */
async function store(owner: BlobOwner, contents: readonly Buffer[], lifeMs = HOUR): Promise<string> {
  const writer = blobs.write(owner, lifeMs);
  for (const content of contents) await writer.append(content, 10);
  await writer.end();
  return writer.id;
}

async function read(owner: BlobOwner, id: string, from = 0, to = 1e6): Promise<BlobChunk[]> {
  const chunks: BlobChunk[] = [];
  for await (const chunk of blobs.read(owner.tenantId, id, from, to)) chunks.push(chunk);
  return chunks;
}

const chunkRows = async (): Promise<number> => {
  const sql = 'select count(*)::int as count from blob_chunk';
  const [row] = await world.app.get(Transactions).manager.query<{ count: number }[]>(sql);
  return row?.count ?? -1;
};

it('gives back what was written, and only the chunks that hold what was asked for', async () => {
  const owner = somebody();
  const contents = Array.from({ length: 20 }, () => randomBytes(3000));
  const id = await store(owner, contents);
  expect((await read(owner, id)).map(({ content }) => content)).toEqual(contents);
  const middle = await read(owner, id, 35, 51);
  expect(middle.map(({ firstRecord, records }) => [firstRecord, records])).toEqual([
    [30, 10],
    [40, 10],
    [50, 10],
  ]);
  expect(await blobs.find(owner.tenantId, id)).toMatchObject({ chunks: 20, records: 200, kept: false });
});

it('is not there for another tenant, nor after its time', async () => {
  const owner = somebody();
  const id = await store(owner, [Buffer.from('mine')]);
  await expect(read(somebody(), id)).rejects.toMatchObject({ code: 'rows_gone' });
  expect(await blobs.find(newId(), id)).toBeUndefined();
  expect(await read(owner, id)).toHaveLength(1);
  world.clock.advance(HOUR + 1);
  expect(await blobs.find(owner.tenantId, id)).toBeUndefined();
});

it('pushes out the oldest of an owner who is over the quota, and nothing of anybody else', async () => {
  const owner = somebody();
  const colleague = somebody(owner.tenantId);
  const [oldest, older, newest] = [
    await store(owner, [randomBytes(1000)]),
    await store(owner, [randomBytes(1000)]),
    await store(owner, [randomBytes(1000)]),
  ];
  const theirs = await store(colleague, [randomBytes(1000)]);
  expect(await blobs.makeRoom(owner, { ...PLENTY, ownerBytes: 2500 }, newest)).toBe(1);
  expect(await blobs.find(owner.tenantId, oldest)).toBeUndefined();
  await expect(read(owner, oldest)).rejects.toMatchObject({ code: 'rows_gone' });
  for (const [who, id] of [
    [owner, older],
    [owner, newest],
    [colleague, theirs],
  ] as const) {
    expect(await read(who, id)).toHaveLength(1);
  }
});

it('pushes out the oldest of a tenant that is over its quota, but never what is kept', async () => {
  const owner = somebody();
  const colleague = somebody(owner.tenantId);
  const kept = await store(colleague, [randomBytes(1000)]);
  await blobs.keep(owner.tenantId, kept, { kept: true, until: new Date(world.clock.millis() + DAY) });
  const old = await store(colleague, [randomBytes(1000)]);
  const fresh = await store(owner, [randomBytes(1000)]);
  expect(await blobs.makeRoom(owner, { ...PLENTY, tenantBytes: 2500 }, fresh)).toBe(1);
  expect(await blobs.find(owner.tenantId, old)).toBeUndefined();
  expect(await read(colleague, kept)).toHaveLength(1);
  expect(await blobs.keptBytes(colleague)).toBeGreaterThan(1000);
  expect(await blobs.keptBytes(owner)).toBe(0);
});

it('empties days on which nothing lives, and leaves what is kept until its own time', async () => {
  await blobs.purge(new Date(world.clock.millis() + 40 * DAY));
  expect(await chunkRows()).toBe(0);
  const owner = somebody();
  const short = await store(owner, [randomBytes(10)]);
  const long = await store(owner, [randomBytes(10)], 3 * HOUR);
  const kept = await store(owner, [randomBytes(10)]);
  await blobs.keep(owner.tenantId, kept, { kept: true, until: new Date(world.clock.millis() + 30 * DAY) });

  world.clock.advance(2 * HOUR);
  await blobs.purge(world.clock.now());
  expect(await read(owner, long)).toHaveLength(1);
  expect(await blobs.find(owner.tenantId, short)).toBeUndefined();

  world.clock.advance(2 * HOUR);
  await blobs.purge(world.clock.now());
  expect(await chunkRows()).toBe(1);
  expect(await read(owner, kept)).toHaveLength(1);

  world.clock.advance(30 * DAY);
  await blobs.purge(world.clock.now());
  expect(await chunkRows()).toBe(0);
});

it('removes one at once', async () => {
  const owner = somebody();
  const id = await store(owner, [Buffer.from('x')]);
  await blobs.remove(newId(), id);
  expect(await read(owner, id)).toHaveLength(1);
  await blobs.remove(owner.tenantId, id);
  await expect(read(owner, id)).rejects.toMatchObject({ code: 'rows_gone' });
});

it('tells the writer that a chunk could not be stored', async () => {
  const writer = blobs.write({ tenantId: 'not an id', ownerId: newId() }, HOUR);
  await writer.append(Buffer.from('x'), 1);
  await expect(writer.end()).rejects.toThrow();
});
