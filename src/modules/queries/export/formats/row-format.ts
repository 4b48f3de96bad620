import { EngineError, type Column, type Row } from '../../../../engines/engine.js';
import { formatBytes } from '../../../../platform/http/view-helpers.js';

export const EXPORT_FORMATS = ['csv', 'tsv', 'json', 'ndjson', 'sql', 'xlsx'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Turns rows into the bytes of a file. What was written is taken away piece by piece, so that a file has no size. */
export interface RowFormat {
  readonly name: ExportFormat;
  readonly contentType: string;
  /** Of the file. */
  readonly extension: string;
  /** How many cells began like a formula and were made harmless. */
  readonly defused: number;
  begin(columns: readonly Column[]): void;
  row(row: Row): void;
  end(): void;
  /** Bytes that wait to be taken. */
  readonly size: number;
  take(): Buffer | Promise<Buffer>;
}

/** A cell as a whole; null is NULL. A file never has the beginning of a value in the place of the value. */
export function wholeCell(row: Row, index: number, columns: readonly Column[]): Uint8Array | null {
  const bytes = row.bytes(index);
  if (bytes === null || row.size(index) <= bytes.length) return bytes;
  const name = columns[index]?.name ?? '';
  throw cellProblem(
    `A value of the column ${name} has ${formatBytes(row.size(index))}, and only ${formatBytes(bytes.length)} of it could be read.`,
  );
}

export function cellProblem(message: string): EngineError {
  return new EngineError({ code: 'cell_too_large', message, position: null, hint: null, detail: null });
}

/** Column names of which none is there twice: `a`, `a_2`. */
export function distinctNames(columns: readonly Column[]): string[] {
  const taken = new Set<string>();
  return columns.map(({ name }) => {
    let distinct = name;
    for (let number = 2; taken.has(distinct); number += 1) distinct = `${name}_${String(number)}`;
    taken.add(distinct);
    return distinct;
  });
}
