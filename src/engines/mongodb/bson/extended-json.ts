import { Decimal128 } from 'mongodb';
import { elementsOf, stringBytes, TYPE } from './elements.js';
import type { TextWriter } from './text-writer.js';

/**
 * canonical: every value with its type, so that reading it back gives the same. readable: the same, except that plain
 * numbers, dates and what JSON has anyway are written plainly.
 */
export type Style = 'canonical' | 'readable';

/** The server stores a hundred levels; what is deeper comes from something that is none. */
const MAX_DEPTH = 200;
const MAX_DATE_MS = 253_402_300_799_999n;

type Write = (bytes: Buffer, start: number, style: Style) => string;

const quoted = (bytes: Buffer): string => JSON.stringify(bytes.toString('utf8'));

const WRITERS: ReadonlyMap<number, Write> = new Map<number, Write>([
  [TYPE.double, (bytes, start, style) => doubleJson(bytes.readDoubleLE(start), style)],
  [TYPE.string, (bytes, start) => quoted(stringBytes(bytes, start))],
  [TYPE.binary, (bytes, start) => binaryJson(bytes, start)],
  [TYPE.undefined, () => '{"$undefined":true}'],
  [TYPE.objectId, (bytes, start) => `{"$oid":"${bytes.toString('hex', start, start + 12)}"}`],
  [TYPE.boolean, (bytes, start) => (bytes[start] === 1 ? 'true' : 'false')],
  [TYPE.date, (bytes, start, style) => dateJson(bytes.readBigInt64LE(start), style)],
  [TYPE.null, () => 'null'],
  [TYPE.regex, (bytes, start) => regexJson(bytes, start)],
  [TYPE.pointer, (bytes, start) => pointerJson(bytes, start)],
  [TYPE.code, (bytes, start) => `{"$code":${quoted(stringBytes(bytes, start))}}`],
  [TYPE.scopedCode, (bytes, start) => `{"$code":${quoted(stringBytes(bytes, start + 4))}}`],
  [TYPE.symbol, (bytes, start) => `{"$symbol":${quoted(stringBytes(bytes, start))}}`],
  [
    TYPE.int,
    (bytes, start, style) => {
      const text = String(bytes.readInt32LE(start));
      return style === 'readable' ? text : `{"$numberInt":"${text}"}`;
    },
  ],
  [
    TYPE.timestamp,
    (bytes, start) =>
      `{"$timestamp":{"t":${String(bytes.readUInt32LE(start + 4))},"i":${String(bytes.readUInt32LE(start))}}}`,
  ],
  [TYPE.long, (bytes, start) => `{"$numberLong":"${String(bytes.readBigInt64LE(start))}"}`],
  [TYPE.decimal, (bytes, start) => `{"$numberDecimal":"${decimalText(bytes, start)}"}`],
  [TYPE.minKey, () => '{"$minKey":1}'],
  [TYPE.maxKey, () => '{"$maxKey":1}'],
]);

interface Place {
  readonly type: number;
  readonly start: number;
}

/** Writes a value as MongoDB Extended JSON. */
export function writeValue(bytes: Buffer, place: Place, writer: TextWriter, style: Style, depth = 0): void {
  const { type, start } = place;
  const composed = type === TYPE.document || type === TYPE.array;
  if (composed && depth < MAX_DEPTH) writeMembers(bytes, place, writer, style, depth + 1);
  else writer.text(composed ? '"…"' : (WRITERS.get(type)?.(bytes, start, style) ?? 'null'));
}

function writeMembers(
  bytes: Buffer,
  { type, start }: Place,
  writer: TextWriter,
  style: Style,
  depth: number,
): void {
  const named = type === TYPE.document;
  let between = named ? '{' : '[';
  for (const element of elementsOf(bytes, start)) {
    writer.text(named ? `${between}${JSON.stringify(element.name)}:` : between);
    writeValue(bytes, element, writer, style, depth);
    between = ',';
  }
  writer.text(`${between === ',' ? '' : between}${named ? '}' : ']'}`);
}

/** A double as text that is told from a whole number by its point or exponent. */
export function doubleText(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text;
}

function doubleJson(value: number, style: Style): string {
  const plain = style === 'readable' && Number.isFinite(value);
  return plain ? doubleText(value) : `{"$numberDouble":"${doubleText(value)}"}`;
}

export function decimalText(bytes: Buffer, start: number): string {
  return new Decimal128(Uint8Array.from(bytes.subarray(start, start + 16))).toString();
}

/** ISO 8601 for the years that everybody writes alike; null for others. */
export function dateText(milliseconds: bigint): string | null {
  const usual = milliseconds >= -62_135_596_800_000n && milliseconds <= MAX_DATE_MS;
  return usual ? new Date(Number(milliseconds)).toISOString() : null;
}

function dateJson(milliseconds: bigint, style: Style): string {
  const text = style === 'readable' ? dateText(milliseconds) : null;
  return text === null ? `{"$date":{"$numberLong":"${String(milliseconds)}"}}` : `{"$date":"${text}"}`;
}

function binaryJson(bytes: Buffer, start: number): string {
  const end = start + 5 + bytes.readInt32LE(start);
  const kind = bytes.toString('hex', start + 4, start + 5);
  return `{"$binary":{"base64":"${bytes.toString('base64', start + 5, end)}","subType":"${kind}"}}`;
}

/** The pattern and the flags behind it. */
export function regexParts(bytes: Buffer, start: number): readonly [string, string] {
  const middle = bytes.indexOf(0, start);
  const end = bytes.indexOf(0, middle + 1);
  return [bytes.toString('utf8', start, middle), bytes.toString('utf8', middle + 1, end)];
}

function regexJson(bytes: Buffer, start: number): string {
  const [pattern, options] = regexParts(bytes, start);
  return `{"$regularExpression":{"pattern":${JSON.stringify(pattern)},"options":${JSON.stringify(options)}}}`;
}

function pointerJson(bytes: Buffer, start: number): string {
  const name = stringBytes(bytes, start);
  const at = start + 4 + bytes.readInt32LE(start);
  return `{"$dbPointer":{"$ref":${quoted(name)},"$id":{"$oid":"${bytes.toString('hex', at, at + 12)}"}}}`;
}
