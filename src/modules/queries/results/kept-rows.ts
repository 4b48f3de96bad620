import { createHash } from 'node:crypto';
import type { Column, Row, StopReason } from '../../../engines/engine.js';
import { JsonRows, type CutCell, type JsonCell } from '../../../engines/json-rows.js';
import type { BlobWriter } from '../../../platform/blobs/blob-writer.js';
import type { CountedSink } from '../batch.js';
import { cutRow } from './cut-row.js';
import { CHUNK_BYTES, RecordBuffer } from './row-records.js';
import { PART_ROWS } from './results.types.js';

export interface ShownLimits {
  readonly maxRows: number;
  readonly maxBytes: number;
  /** Bytes of a cell that the page itself gets. */
  readonly maxCellBytes: number;
  /** How long is read on after that. */
  readonly aheadMs: number;
}

/**
 * Keeps what a statement answers: what is shown, and for a moment longer what comes after it. The page's first part is
 * gathered on the way, so that showing it needs no reading back.
 */
export class KeptRows implements CountedSink {
  columnList: readonly Column[] = [];
  /** Rows read, shown or not. */
  rowCount = 0;
  /** Rows within the limits of what is shown. */
  shown = 0;
  shownBytes = 0;
  bytes = 0;
  /** The statement has no further rows. */
  complete = false;
  /** Which limit of what is shown was reached; there may be nothing behind it. */
  shownStop: StopReason | null = null;
  private readonly part = new JsonRows();
  private readonly buffer = new RecordBuffer();
  private readonly digest = createHash('sha256');
  private timer: NodeJS.Timeout | undefined;
  private stop = (): void => undefined;

  constructor(
    private readonly writer: BlobWriter,
    private readonly limits: ShownLimits,
  ) {}

  get kept(): { read: number; complete: boolean } {
    return { read: this.rowCount, complete: this.complete };
  }

  get blobId(): string {
    return this.writer.id;
  }

  get cut(): readonly CutCell[] {
    return this.part.cut;
  }

  json(): Buffer {
    return this.part.json();
  }

  rows(): JsonCell[][] {
    return this.part.rows();
  }

  columns(columns: readonly Column[], stop: () => void): void {
    this.columnList = columns;
    this.stop = stop;
    this.part.columns(columns);
    this.digest.update(JSON.stringify(columns.map(({ name, type }) => [name, type])));
  }

  row(row: Row): void | Promise<void> {
    const before = this.buffer.size;
    this.buffer.add(row);
    this.bytes += this.buffer.size - before;
    this.rowCount += 1;
    if (this.rowCount <= PART_ROWS) this.part.row(cutRow(row, this.limits.maxCellBytes));
    if (this.shownStop === null) this.show();
    if (this.buffer.size >= CHUNK_BYTES) return this.flush();
  }

  /** Stores the rest. Answers the hash of what is shown. */
  async end(): Promise<string> {
    clearTimeout(this.timer);
    if (this.shownStop === null) this.digest.update(this.buffer.fresh());
    if (this.buffer.records > 0) await this.flush();
    await this.writer.end();
    return this.digest.digest('hex');
  }

  private show(): void {
    this.shown = this.rowCount;
    this.shownBytes = this.bytes;
    const { maxRows, maxBytes, aheadMs } = this.limits;
    if (this.shown >= maxRows) this.shownStop = 'rows';
    else if (this.shownBytes >= maxBytes) this.shownStop = 'bytes';
    if (this.shownStop === null) return;
    this.digest.update(this.buffer.fresh());
    this.timer = setTimeout(this.stop, aheadMs);
  }

  private async flush(): Promise<void> {
    if (this.shownStop === null) this.digest.update(this.buffer.fresh());
    const { content, records } = this.buffer.take();
    return this.writer.append(content, records);
  }
}
