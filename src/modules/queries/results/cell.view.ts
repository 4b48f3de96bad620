import { formatBytes } from '../../../platform/http/view-helpers.js';
import type { Row } from '../../../engines/engine.js';
import { hexOf } from './grid.view.js';
import { prettyJson } from './json-text.js';
import { hrefOf } from './panel.view.js';
import type { KeptResult } from './results.types.js';

/** GET /queries/results/:runId/:number/cells/:record/:column: template `workbench/cell`, fragment `workbench/_cell`. */
export interface CellView {
  readonly id: string;
  readonly column: string;
  readonly type: string;
  /** Counted from 1, as it was read. */
  readonly row: number;
  readonly null: boolean;
  readonly format: 'json' | 'text' | 'hex';
  readonly content: string;
  /** Bytes of the whole value on the server. */
  readonly size: number;
  readonly keptBytes: number;
  readonly shownBytes: number;
  /** Shows everything that is kept; null where that is shown. */
  readonly allHref: string | null;
  /** The server has more than is kept. */
  readonly cutNote: string | null;
  readonly resultLabel: string;
  readonly resultHref: string;
  readonly databaseName: string;
}

const SHOWN_CHARACTERS = 2000;
const BYTES_A_LINE = 16;
const SHOWN_BYTES = 1024;

export function cellView(
  result: KeptResult,
  row: Row,
  { record, column, all }: { record: number; column: number; all: boolean },
): CellView {
  const bytes = row.bytes(column);
  const kept = Buffer.from(bytes ?? []);
  const size = row.size(column);
  const cut = size > kept.length;
  const kind = row.kind?.(column) ?? 'text';
  const { format, content, shown } = contentOf(kept.toString('utf8'), { kind, all, cut });
  const resultHref = hrefOf(result.runId, result.number);
  const { name = '', type = '' } = result.columns[column] ?? {};
  return {
    ...{ column: name, type, format, content, size },
    id: `${result.runId}-${String(result.number)}-${String(record)}-${String(column)}`,
    row: record + 1,
    null: bytes === null,
    keptBytes: kept.length,
    shownBytes: shown,
    allHref: shown < kept.length ? `${resultHref}/cells/${String(record)}/${String(column)}?all=1` : null,
    cutNote: cut
      ? `The server has ${formatBytes(size)}; ${formatBytes(kept.length)} of it were kept. An export of everything has the whole value.`
      : null,
    resultLabel: `Result ${String(result.number + 1)}`,
    resultHref,
    databaseName: result.databaseName,
  };
}

function contentOf(
  text: string,
  { kind, all, cut }: { kind: string; all: boolean; cut: boolean },
): { format: CellView['format']; content: string; shown: number } {
  if (kind === 'binary') return binaryContent(text, all);
  const pretty = kind === 'json' && !cut ? prettyJson(text) : null;
  const format = kind === 'json' ? 'json' : 'text';
  if (all || text.length <= SHOWN_CHARACTERS) {
    return { format, content: pretty ?? text, shown: Buffer.byteLength(text) };
  }
  const content = text.slice(0, SHOWN_CHARACTERS);
  return { format, content, shown: Buffer.byteLength(content) };
}

function binaryContent(text: string, all: boolean): { format: 'hex'; content: string; shown: number } {
  const bytes = Buffer.from(hexOf(text), 'hex');
  if (all || bytes.length <= SHOWN_BYTES) {
    return { format: 'hex', content: hexDump(bytes), shown: Buffer.byteLength(text) };
  }
  return { format: 'hex', content: hexDump(bytes.subarray(0, SHOWN_BYTES)), shown: SHOWN_BYTES };
}

/** Offset, sixteen bytes, and what of them can be read. */
export function hexDump(bytes: Buffer): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += BYTES_A_LINE) {
    const line = bytes.subarray(at, at + BYTES_A_LINE);
    const hex = [...line].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = [...line].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'));
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(3 * BYTES_A_LINE - 1)}  ${text.join('')}`);
  }
  return lines.join('\n');
}
