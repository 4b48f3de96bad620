import { createHash } from 'node:crypto';
import type { Column, Row } from '../../../engines/engine.js';
import type { CountedSink } from '../batch.js';
import type { RowFormat } from './formats/row-format.js';
import { Outflow } from './outflow.js';

/** Bytes that are gathered before they are sent. */
const PIECE = 65_536;
const PROGRESS_MS = 1000;
/** What goes wrong before is an error like any other; after that it breaks the file off. */
const PATIENCE_MS = 500;

/** A file that is made of rows as they come and sent as it is made; it is never in memory as a whole. */
export class ExportFile implements CountedSink {
  readonly body = new Outflow();
  rowCount = 0;
  bytes = 0;
  /** Resolves with the first bytes, or a moment after it is known that there will be some. */
  readonly begun: Promise<void>;
  private readonly digest = createHash('sha256');
  private begin = (): void => undefined;
  private told = performance.now();

  constructor(
    private readonly format: RowFormat,
    private readonly progress: (rows: number, bytes: number) => void,
  ) {
    this.begun = new Promise((resolve) => {
      this.begin = resolve;
    });
    // Whoever sends it hears of it as well; here nobody has to.
    this.body.on('error', () => undefined);
  }

  get defused(): number {
    return this.format.defused;
  }

  columns(columns: readonly Column[]): void {
    this.format.begin(columns);
    setTimeout(this.begin, PATIENCE_MS).unref();
  }

  row(row: Row): void | Promise<void> {
    this.format.row(row);
    this.rowCount += 1;
    if (this.format.size >= PIECE) return this.flush();
  }

  /** Writes what belongs at the end. Answers the hash of the whole file, which is complete once `body` is finished. */
  async end(): Promise<string> {
    this.format.end();
    await this.flush();
    return this.digest.digest('hex');
  }

  private async flush(): Promise<void> {
    const piece = await this.format.take();
    this.begin();
    this.digest.update(piece);
    this.bytes += piece.length;
    const now = performance.now();
    if (now - this.told >= PROGRESS_MS) {
      this.told = now;
      this.progress(this.rowCount, this.bytes);
    }
    await this.body.send(piece);
  }
}
