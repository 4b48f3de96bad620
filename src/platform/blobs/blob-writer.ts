import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import type { BlobsRepository, NewChunk } from './blobs.repository.js';

const compress = promisify(zstdCompress);
/** Fast, and on rows of a database already within a fifth of the best. */
const OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export type BlobBeginning = Pick<
  NewChunk,
  'blobId' | 'tenantId' | 'ownerId' | 'slot' | 'createdAt' | 'expiresAt'
>;

/** Stores chunks one after the other. One may be on its way while the next is gathered. */
export class BlobWriter {
  /** Bytes as they were given. */
  bytes = 0;
  records = 0;
  private chunks = 0;
  private underWay: Promise<void> = Promise.resolve();

  constructor(
    private readonly blobs: BlobsRepository,
    private readonly beginning: BlobBeginning,
  ) {}

  get id(): string {
    return this.beginning.blobId;
  }

  /** Takes the content over. Resolves as soon as another chunk may be given; rejects when an earlier one failed. */
  async append(content: Buffer, records: number): Promise<void> {
    const chunk = { number: this.chunks, firstRecord: this.records, records };
    this.chunks += 1;
    this.records += records;
    this.bytes += content.length;
    await this.underWay;
    this.underWay = this.store(chunk, content);
    // Somebody waits for it with the next chunk or at the end; until then a failure is not unheard of.
    this.underWay.catch(() => undefined);
  }

  /** Resolves once everything is stored. */
  async end(): Promise<void> {
    await this.underWay;
  }

  private async store(
    chunk: Pick<NewChunk, 'number' | 'firstRecord' | 'records'>,
    content: Buffer,
  ): Promise<void> {
    await this.blobs.append({ ...this.beginning, ...chunk, content: await compress(content, OPTIONS) });
  }
}
