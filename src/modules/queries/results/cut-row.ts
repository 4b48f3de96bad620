import type { Row } from '../../../engines/engine.js';

/** The row with cells that end earlier. */
export function cutRow(row: Row, maxCellBytes: number): Row {
  return {
    length: row.length,
    bytes: (index) => row.bytes(index)?.subarray(0, maxCellBytes) ?? null,
    size: (index) => row.size(index),
    ...(row.kind && { kind: row.kind.bind(row) }),
  };
}
