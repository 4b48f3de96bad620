import type { ChangedRow, EffectColumn } from '../../effects.js';
import type { Column, ResultSink, Row, RunLimits } from '../../engine.js';
import { MultisetDigest } from '../../multiset-digest.js';
import type { Images } from './capturing-text.js';

type Image = readonly (string | null)[];

/**
 * Reads the images at the end of each returned row; what stands before them is the person's own RETURNING. All rows
 * are counted and digested, as many as the limits allow are kept.
 */
export class EffectRows implements ResultSink {
  readonly rows: ChangedRow[] = [];
  readonly digest = new MultisetDigest();
  inserted = 0;
  updated = 0;
  deleted = 0;
  /** Rows or cells were left out. */
  cut = false;
  private readonly keys: readonly number[];
  private own = 0;
  private returning = false;
  private bytes = 0;

  constructor(
    private readonly table: readonly EffectColumn[],
    private readonly images: Images,
    private readonly sink: ResultSink,
    private readonly limits: RunLimits,
  ) {
    this.keys = table.flatMap(({ key }, index) => (key ? [index] : []));
  }

  get count(): number {
    return this.inserted + this.updated + this.deleted;
  }

  columns(columns: readonly Column[]): void {
    const images = this.images === 'both' || this.images === 'either' ? 2 : 1;
    this.own = columns.length - this.table.length * images;
    if (this.own === 0) return;
    this.returning = true;
    this.sink.columns(columns.slice(0, this.own), () => {
      this.returning = false;
    });
  }

  row(row: Row): void | Promise<void> {
    const changed = this.changed(row);
    this.tally(changed);
    this.keep(changed);
    return this.returning && this.count <= this.limits.maxRows
      ? this.sink.row(new FirstCells(row, this.own))
      : undefined;
  }

  private tally({ before, after }: ChangedRow): void {
    if (before === null) {
      this.inserted += 1;
      return;
    }
    if (after === null) this.deleted += 1;
    else this.updated += 1;
    const identity = this.keys.length === 0 ? before : this.keys.map((index) => before[index] ?? null);
    this.digest.add(JSON.stringify([after === null ? 'delete' : 'update', identity]));
  }

  private keep(changed: ChangedRow): void {
    if (this.rows.length >= this.limits.maxRows || this.bytes >= this.limits.maxBytes) this.cut = true;
    else this.rows.push(changed);
  }

  private changed(row: Row): ChangedRow {
    if (this.images === 'after') return { before: null, after: this.image(row, this.own) };
    if (this.images === 'before') return { before: this.image(row, this.own), after: null };
    const before = this.image(row, this.own);
    const after = this.image(row, this.own + this.table.length);
    return this.images === 'both' ? { before, after } : { before: present(before), after: present(after) };
  }

  private image(row: Row, from: number): Image {
    return this.table.map((_, index) => {
      const bytes = row.bytes(from + index);
      if (bytes === null) return null;
      this.bytes += bytes.length;
      if (row.size(from + index) > bytes.length) this.cut = true;
      return Buffer.from(bytes).toString('utf8');
    });
  }
}

/** A row that is not there has NULL in every column, the key's included. */
function present(image: Image): Image | null {
  return image.every((cell) => cell === null) ? null : image;
}

class FirstCells implements Row {
  constructor(
    private readonly row: Row,
    readonly length: number,
  ) {}

  bytes(index: number): Uint8Array | null {
    return this.row.bytes(index);
  }

  size(index: number): number {
    return this.row.size(index);
  }
}
