import type { Column, ResultSink, Row, RunLimits, StopReason, ValueKind } from '../../engine.js';
import { cellOf, typeName, type Cell } from './cells.js';
import { elementsOf, TYPE, type Element } from './elements.js';
import { writeValue } from './extended-json.js';
import { TextWriter } from './text-writer.js';

/** Columns are named before the first row: so many documents, or so many bytes of them, are looked at before. */
const LOOK_AHEAD_DOCUMENTS = 100;
const LOOK_AHEAD_BYTES = 1_048_576;
const MAX_COLUMNS = 200;
/** Holds what none of the named columns has, when there may be documents with other fields than those looked at. */
const REST = '…';

/** Hands documents over as rows of a table: one column for each field, in the order in which they were first seen. */
export class DocumentRows {
  count = 0;
  stoppedBy: StopReason | null = null;
  private ahead: Buffer[] | null = [];
  private aheadBytes = 0;
  private bytes = 0;
  private readonly layout = new Layout();

  /** `fields` are all that a document can have, where that is known before. */
  constructor(
    private readonly sink: ResultSink,
    private readonly limits: RunLimits,
    private readonly fields: readonly string[] | null = null,
  ) {}

  get isFull(): boolean {
    return this.stoppedBy !== null;
  }

  async take(document: Buffer): Promise<void> {
    if (this.isFull) return;
    if (this.ahead === null) {
      await this.handOver(document);
      return;
    }
    // What the look-ahead holds outlives the server's answer that it came in.
    this.ahead.push(document);
    this.aheadBytes += document.length;
    this.layout.see(document);
    const enough = this.ahead.length >= LOOK_AHEAD_DOCUMENTS || this.aheadBytes >= LOOK_AHEAD_BYTES;
    if (enough) await this.announce(true);
  }

  /** No more documents come: what was looked at is all there is. */
  async end(): Promise<void> {
    if (this.ahead !== null) await this.announce(false);
  }

  private async announce(mayDiffer: boolean): Promise<void> {
    const documents = this.ahead ?? [];
    this.ahead = null;
    this.layout.close(this.fields ?? [], mayDiffer && this.fields === null);
    this.sink.columns(this.layout.columns(), () => {
      this.stoppedBy ??= 'rows';
    });
    for (const document of documents) await this.handOver(document);
  }

  private async handOver(document: Buffer): Promise<void> {
    if (this.isFull) return;
    if (this.count >= this.limits.maxRows) {
      this.stoppedBy = 'rows';
      return;
    }
    const row = new DocumentRow(document, this.layout.cells(document, this.limits.maxCellBytes));
    this.bytes += row.weight;
    if (this.bytes > this.limits.maxBytes) {
      this.stoppedBy = 'bytes';
      return;
    }
    this.count += 1;
    const held = this.sink.row(row);
    if (held !== undefined) await held;
  }
}

interface Seen {
  readonly name: string;
  readonly types: Set<number>;
}

/** Which field goes into which column. A name that a document has twice has two columns. */
class Layout {
  private readonly seen: Seen[] = [];
  private readonly places = new Map<string, number[]>();
  private rest = false;

  see(document: Buffer): void {
    const uses = new Map<string, number>();
    for (const { type, name } of elementsOf(document)) {
      const column = this.seen[this.placeOf(name, uses, true) ?? -1];
      column?.types.add(type);
      if (column === undefined) this.rest = true;
    }
  }

  close(fields: readonly string[], mayDiffer: boolean): void {
    for (const name of fields) this.placeOf(name, new Map(), true);
    this.rest ||= mayDiffer;
  }

  columns(): Column[] {
    const named = this.seen.map(({ name, types }) => ({
      name,
      type: [...types].map(typeName).join(' | '),
      kind: kindOf(types),
    }));
    return this.rest ? [...named, { name: REST, type: 'object', kind: 'json' }] : named;
  }

  cells(document: Buffer, limit: number): (Cell | null)[] {
    const cells: (Cell | null)[] = Array.from({ length: this.seen.length + Number(this.rest) }, () => null);
    const uses = new Map<string, number>();
    const others: Element[] = [];
    for (const element of elementsOf(document)) {
      const place = this.placeOf(element.name, uses, false);
      if (place === null) others.push(element);
      else cells[place] = cellOf(document, element, limit);
    }
    if (others.length > 0) cells[this.seen.length] = restOf(document, others, limit);
    return cells;
  }

  private placeOf(name: string, uses: Map<string, number>, add: boolean): number | null {
    const use = uses.get(name) ?? 0;
    uses.set(name, use + 1);
    const places = this.places.get(name) ?? [];
    const place = places[use];
    if (place !== undefined) return place;
    if (!add || this.seen.length >= MAX_COLUMNS) return null;
    this.seen.push({ name, types: new Set() });
    this.places.set(name, [...places, this.seen.length - 1]);
    return this.seen.length - 1;
  }
}

const KIND_OF_TYPE: ReadonlyMap<number, ValueKind> = new Map<number, ValueKind>([
  [TYPE.double, 'float'],
  [TYPE.string, 'text'],
  [TYPE.document, 'json'],
  [TYPE.array, 'json'],
  [TYPE.boolean, 'boolean'],
  [TYPE.int, 'integer'],
  [TYPE.long, 'integer'],
  [TYPE.decimal, 'decimal'],
]);

/** Every cell has its own kind; a column has one where all that were seen agree. */
function kindOf(types: ReadonlySet<number>): ValueKind {
  const kinds = new Set([...types].map((type) => KIND_OF_TYPE.get(type) ?? 'other'));
  const [only = 'other'] = kinds;
  return kinds.size === 1 ? only : 'other';
}

function restOf(document: Buffer, others: readonly Element[], limit: number): Cell {
  const writer = new TextWriter(limit);
  for (const [at, element] of others.entries()) {
    writer.text(`${at === 0 ? '{' : ','}${JSON.stringify(element.name)}:`);
    writeValue(document, element, writer, 'readable');
  }
  writer.text('}');
  return { kind: 'json', bytes: writer.take(), size: writer.size };
}

class DocumentRow implements Row {
  constructor(
    private readonly source: Buffer,
    private readonly cells: readonly (Cell | null)[],
  ) {}

  get length(): number {
    return this.cells.length;
  }

  /** Bytes of text that are kept. */
  get weight(): number {
    return this.cells.reduce((sum, cell) => sum + (cell?.bytes.length ?? 0), 0);
  }

  bytes(index: number): Uint8Array | null {
    return this.cells[index]?.bytes ?? null;
  }

  size(index: number): number {
    return this.cells[index]?.size ?? 0;
  }

  kind(index: number): ValueKind {
    return this.cells[index]?.kind ?? 'other';
  }

  document(maxBytes: number): Uint8Array {
    const writer = new TextWriter(maxBytes);
    writeValue(this.source, { type: TYPE.document, start: 0 }, writer, 'canonical');
    return writer.take();
  }
}
