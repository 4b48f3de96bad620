import type { Column, Row, ValueKind } from '../../../../engines/engine.js';
import { ByteWriter } from '../../../../engines/json-writer.js';
import { looksLikeFormula } from './formula.js';
import { cellProblem, wholeCell, type RowFormat } from './row-format.js';
import {
  cellText,
  HEAD_STYLE,
  QUOTED_STYLE,
  SHEET_END,
  SHEET_START,
  sheetPath,
  workbookParts,
} from './xlsx-parts.js';
import { ZipWriter } from './zip-writer.js';

const MAX_ROWS = 1_048_576;
const MAX_COLUMNS = 16_384;
const MAX_CHARACTERS = 32_767;
/** A sheet's XML stays well below what an entry of the archive may have. */
const MAX_SHEET_BYTES = 2_000_000_000;
/** Excel keeps fifteen digits of a number. */
const MAX_DIGITS = 15;

type Step = { readonly xml: Buffer } | { readonly sheet: number } | { readonly finish: true };

class XmlWriter extends ByteWriter {
  text(xml: string): void {
    // A UTF-16 unit has at most three bytes in UTF-8.
    this.reserve(xml.length * 3);
    this.at += this.buffer.write(xml, this.at, 'utf8');
  }
}

/** A workbook that is written front to back: what a sheet cannot hold goes on in the next one. */
export class XlsxFormat implements RowFormat {
  readonly name = 'xlsx';
  readonly contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  readonly extension = 'xlsx';
  defused = 0;
  private readonly xml = new XmlWriter(65_536);
  private readonly zip = new ZipWriter();
  private steps: Step[] = [];
  private columns: readonly Column[] = [];
  private sheets = 0;
  private rows = 0;
  private sheetBytes = 0;

  get size(): number {
    return this.xml.size;
  }

  begin(columns: readonly Column[]): void {
    if (columns.length > MAX_COLUMNS) throw cellProblem('A sheet has at most 16,384 columns.');
    this.columns = columns;
    this.beginSheet();
  }

  row(row: Row): void {
    if (this.rows >= MAX_ROWS || this.sheetBytes + this.xml.size > MAX_SHEET_BYTES) {
      this.endSheet();
      this.beginSheet();
    }
    let xml = '<row>';
    for (let index = 0; index < row.length; index += 1) xml += this.cell(row, index);
    this.xml.text(`${xml}</row>`);
    this.rows += 1;
  }

  end(): void {
    this.endSheet();
    this.steps.push({ finish: true });
  }

  async take(): Promise<Buffer> {
    this.keepXml();
    const { steps } = this;
    this.steps = [];
    for (const step of steps) await this.perform(step);
    return this.zip.take();
  }

  private async perform(step: Step): Promise<void> {
    if ('xml' in step) await this.zip.write(step.xml);
    else if ('sheet' in step) await this.zip.begin(sheetPath(step.sheet));
    else {
      for (const [path, content] of workbookParts(this.sheets)) {
        await this.zip.begin(path);
        await this.zip.write(Buffer.from(content));
      }
      await this.zip.finish();
    }
  }

  private beginSheet(): void {
    this.sheets += 1;
    this.rows = 1;
    this.sheetBytes = 0;
    this.steps.push({ sheet: this.sheets });
    const heads = this.columns.map(({ name }) => inline(name, HEAD_STYLE)).join('');
    this.xml.text(`${SHEET_START}<row>${heads}</row>`);
  }

  private endSheet(): void {
    this.xml.text(SHEET_END);
    this.keepXml();
  }

  private keepXml(): void {
    if (this.xml.size === 0) return;
    this.sheetBytes += this.xml.size;
    this.steps.push({ xml: this.xml.take() });
  }

  private cell(row: Row, index: number): string {
    const bytes = wholeCell(row, index, this.columns);
    if (bytes === null) return '<c/>';
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
    const { name, kind } = this.columnAt(row, index);
    if (kind === 'boolean') return `<c t="b"><v>${text.startsWith('t') ? '1' : '0'}</v></c>`;
    if (isExactNumber(text, kind)) return `<c><v>${text}</v></c>`;
    if (text.length > MAX_CHARACTERS) throw tooLong(text, name);
    if (!looksLikeFormula(bytes, kind)) return inline(text);
    this.defused += 1;
    return inline(text, QUOTED_STYLE);
  }

  private columnAt(row: Row, index: number): { name: string; kind: ValueKind } {
    const { name = '', kind = 'text' } = this.columns[index] ?? {};
    return { name, kind: row.kind?.(index) ?? kind };
  }
}

function tooLong(text: string, column: string): Error {
  return cellProblem(
    `A cell of a sheet has at most 32,767 characters, and a value of the column ${column} has ${text.length.toLocaleString('en-US')}. CSV and JSON hold it.`,
  );
}

function inline(text: string, style = 0): string {
  const format = style === 0 ? '' : ` s="${String(style)}"`;
  return `<c t="inlineStr"${format}><is><t xml:space="preserve">${cellText(text)}</t></is></c>`;
}

/** What Excel would round stays a text. */
function isExactNumber(text: string, kind: ValueKind): boolean {
  if (kind === 'float') return Number.isFinite(Number(text));
  if (kind !== 'integer' && kind !== 'decimal') return false;
  return /^-?\d+(?:\.\d+)?$/.test(text) && text.replace(/^-?0*\.?0*|[-.]/g, '').length <= MAX_DIGITS;
}
