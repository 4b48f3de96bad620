import type { StatementColumnMetadata, StatementSync } from 'node:sqlite';
import { CELL_KINDS, RowWriter } from '../cells.js';
import { ROWS_FRAME } from '../frames.js';
import type { Answer, RowLimits } from '../messages.js';
import { say, send } from './streams.js';

/** Rows go out when so much has gathered, or when the oldest has waited so long. */
const BATCH_BYTES = 65_536;
const BATCH_MS = 50;

type Value = bigint | number | string | Uint8Array | null;
type ColumnAnswer = Extract<Answer, { say: 'columns' }>['columns'][number];

export interface RowEnd {
  readonly stoppedBy: 'rows' | 'bytes' | null;
}

const INTEGER = CELL_KINDS.indexOf('integer');
const FLOAT = CELL_KINDS.indexOf('float');
const TEXT = CELL_KINDS.indexOf('text');
const BINARY = CELL_KINDS.indexOf('binary');
const STORED: readonly string[] = ['', 'integer', 'real', 'text', 'blob'];

/** Runs a statement and sends its rows. A write is carried through: its rows beyond the limits are dropped. */
export function pour(statement: StatementSync, limits: RowLimits, through: boolean): RowEnd {
  const columns = statement.columns();
  if (columns.length === 0) {
    statement.run();
    return { stoppedBy: null };
  }
  const stream = new RowStream(columns, limits);
  for (const row of statement.iterate() as unknown as Iterable<Value[]>) {
    if (stream.takes(row)) continue;
    if (!through) break;
  }
  stream.flush();
  return { stoppedBy: stream.stoppedBy };
}

class RowStream implements RowEnd {
  stoppedBy: RowEnd['stoppedBy'] = null;
  private readonly writer = new RowWriter(BATCH_BYTES);
  /** What the cells of a column were so far; 0 is nothing yet, -1 several. */
  private readonly seen: number[];
  private announced = false;
  private rows = 0;
  private bytes = 0;
  private flushed = performance.now();

  constructor(
    private readonly columns: readonly StatementColumnMetadata[],
    private readonly limits: RowLimits,
  ) {
    this.seen = columns.map(() => 0);
  }

  /** False when a limit keeps the row out. */
  takes(row: readonly Value[]): boolean {
    if (this.stoppedBy !== null) return false;
    if (this.rows >= this.limits.maxRows) {
      this.stoppedBy = 'rows';
      return false;
    }
    const mark = this.writer.mark();
    for (const [index, value] of row.entries()) this.cell(index, value);
    if (this.bytes > this.limits.maxBytes) {
      this.writer.rewind(mark);
      this.stoppedBy = 'bytes';
      return false;
    }
    this.rows += 1;
    if (this.writer.isFull || performance.now() - this.flushed > BATCH_MS) this.flush();
    return true;
  }

  flush(): void {
    if (!this.announced)
      say({ say: 'columns', columns: this.columns.map((column, at) => this.describe(column, at)) });
    this.announced = true;
    const batch = this.writer.take();
    if (batch.length > 0) send(ROWS_FRAME, batch);
    this.flushed = performance.now();
  }

  private cell(index: number, value: Value): void {
    const { writer, limits } = this;
    if (value === null) {
      writer.null();
      return;
    }
    const kind = kindOf(value);
    if (this.seen[index] !== kind) this.seen[index] = this.seen[index] === 0 ? kind : -1;
    this.bytes +=
      value instanceof Uint8Array
        ? writer.bytes(kind, value, limits.maxCellBytes)
        : writer.text(kind, textOf(value), limits.maxCellBytes);
  }

  /** The type that was declared, or what the first cells are where there is none. */
  private describe({ name, type }: StatementColumnMetadata, index: number): ColumnAnswer {
    const seen = this.seen[index] ?? 0;
    const stored = seen < 0 ? 'any' : (STORED[seen] ?? '');
    return {
      name,
      type: type?.toLowerCase() ?? stored,
      kind: seen > 0 ? (CELL_KINDS[seen] ?? 'other') : 'other',
    };
  }
}

function kindOf(value: NonNullable<Value>): number {
  if (typeof value === 'bigint') return INTEGER;
  if (typeof value === 'number') return FLOAT;
  return typeof value === 'string' ? TEXT : BINARY;
}

/** Reals are told from integers by a point or an exponent, as SQLite writes them. */
function textOf(value: bigint | number | string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return value.toString();
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text;
}
