import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { Clock } from '../clock/clock.js';
import { AppError } from '../errors/app-error.js';
import { newId } from '../persistence/ids.js';
import { Transactions } from '../persistence/transactions.js';
import { BlobWriter } from './blob-writer.js';
import { BlobsRepository, type ChunkPlace } from './blobs.repository.js';
import type { BlobChunk, BlobFacts, BlobOwner, BlobQuota } from './blobs.types.js';

const decompress = promisify(zstdDecompress);
const DAY_MS = 86_400_000;
/** Days in turn; see the migration. */
const DAYS = 9;
const CACHE_BYTES = 64 * 1_048_576;
/** Read in one go at most, so that a long blob is never in memory as a whole. */
const CHUNKS_AT_ONCE = 8;

/**
 * Large results in chunks in the management database. They have an owner, a time to live and quotas; what goes over a
 * quota pushes out the owner's oldest. Whoever reads asks with the tenant.
 */
@Injectable()
export class Blobs {
  /** Saves time only: each read still asks with the tenant whether the blob is there. */
  private readonly cache = new LRUCache<string, Buffer>({
    maxSize: CACHE_BYTES,
    sizeCalculation: (content) => content.length + 1,
  });

  constructor(
    private readonly blobs: BlobsRepository,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** A new blob, which is there from its first chunk on. */
  write(owner: BlobOwner, lifeMs: number): BlobWriter {
    const now = this.clock.now();
    return new BlobWriter(this.blobs, {
      ...owner,
      blobId: newId(),
      slot: Math.floor(now.getTime() / DAY_MS) % DAYS,
      createdAt: now,
      expiresAt: new Date(now.getTime() + lifeMs),
    });
  }

  async find(tenantId: string, id: string): Promise<BlobFacts | undefined> {
    return this.blobs.find(tenantId, id, this.clock.now());
  }

  /**
   * Records from `from` up to before `to`, chunk by chunk; the first and the last chunk may hold more than asked for.
   * Throws `rows_gone` when there is no such blob (any more), also half-way: it never just ends early.
   */
  async *read(tenantId: string, id: string, from: number, to: number): AsyncGenerator<BlobChunk> {
    const places = await this.blobs.places(tenantId, id, from, to);
    if (places.length === 0 && from < to) throw gone();
    for (let at = 0; at < places.length; at += CHUNKS_AT_ONCE) {
      yield* await this.load(tenantId, id, places.slice(at, at + CHUNKS_AT_ONCE));
    }
  }

  /** Pushes out the oldest of the owner, then of the tenant, until both are within their quotas. */
  async makeRoom(owner: BlobOwner, quota: BlobQuota, except: string): Promise<number> {
    return this.blobs.evict(owner, quota, except, this.clock.now());
  }

  /** Bytes that the owner has taken out of the ordinary time to live. */
  async keptBytes(owner: BlobOwner): Promise<number> {
    return this.blobs.keptBytes(owner, this.clock.now());
  }

  /** Takes a blob out of the ordinary time to live, or gives it back to it. */
  async keep(tenantId: string, id: string, change: { kept: boolean; until: Date }): Promise<void> {
    await this.transactions.run(async () => this.blobs.keep(tenantId, id, change));
  }

  async remove(tenantId: string, id: string): Promise<void> {
    await this.blobs.remove(tenantId, id);
  }

  /** Empties days on which nothing is alive any more. */
  async purge(now: Date): Promise<void> {
    await this.blobs.removeExpiredKept(now);
    for (const slot of await this.blobs.deadSlots(now)) await this.blobs.clear(slot, now);
  }

  private async load(tenantId: string, id: string, places: readonly ChunkPlace[]): Promise<BlobChunk[]> {
    const keyOf = (number: number): string => `${id}:${String(number)}`;
    const known = new Map(places.map(({ number }) => [number, this.cache.get(keyOf(number))]));
    const missing = places
      .filter(({ number }) => known.get(number) === undefined)
      .map(({ number }) => number);
    const read = missing.length === 0 ? [] : await this.blobs.contents(tenantId, id, missing);
    await Promise.all(
      read.map(async ({ number, content }) => {
        const plain = await decompress(content);
        this.cache.set(keyOf(number), plain);
        known.set(number, plain);
      }),
    );
    return places.map(({ number, firstRecord, records }) => {
      const content = known.get(number);
      if (content === undefined) throw gone();
      return { firstRecord, records, content };
    });
  }
}

function gone(): AppError {
  return new AppError('not-found', 'rows_gone', 'The rows of this result are no longer kept. Run it again.');
}
