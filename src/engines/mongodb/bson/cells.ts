import type { ValueKind } from '../../engine.js';
import { stringBytes, TYPE, type Element } from './elements.js';
import { dateText, decimalText, doubleText, regexParts, writeValue } from './extended-json.js';
import { TextWriter } from './text-writer.js';

/** A cell: what it is, its text as far as it is kept, and how long the whole is. */
export interface Cell {
  readonly kind: ValueKind;
  readonly bytes: Buffer;
  readonly size: number;
}

const UUID_SUBTYPE = 4;

const NAMES: ReadonlyMap<number, string> = new Map([
  [TYPE.double, 'double'],
  [TYPE.string, 'string'],
  [TYPE.document, 'object'],
  [TYPE.array, 'array'],
  [TYPE.binary, 'binData'],
  [TYPE.undefined, 'undefined'],
  [TYPE.objectId, 'objectId'],
  [TYPE.boolean, 'bool'],
  [TYPE.date, 'date'],
  [TYPE.null, 'null'],
  [TYPE.regex, 'regex'],
  [TYPE.pointer, 'dbPointer'],
  [TYPE.code, 'javascript'],
  [TYPE.symbol, 'symbol'],
  [TYPE.scopedCode, 'javascriptWithScope'],
  [TYPE.int, 'int'],
  [TYPE.timestamp, 'timestamp'],
  [TYPE.long, 'long'],
  [TYPE.decimal, 'decimal'],
  [TYPE.minKey, 'minKey'],
  [TYPE.maxKey, 'maxKey'],
]);

const KINDS: ReadonlyMap<number, ValueKind> = new Map<number, ValueKind>([
  [TYPE.double, 'float'],
  [TYPE.string, 'text'],
  [TYPE.document, 'json'],
  [TYPE.array, 'json'],
  [TYPE.binary, 'binary'],
  [TYPE.boolean, 'boolean'],
  [TYPE.date, 'time'],
  [TYPE.null, 'json'],
  [TYPE.int, 'integer'],
  [TYPE.long, 'integer'],
  [TYPE.decimal, 'decimal'],
]);

/** The server's own name of a type, as $type gives it. */
export const typeName = (type: number): string => NAMES.get(type) ?? 'unknown';

/** A field as a cell, of which at most `limit` bytes are kept. What has no plain text is Extended JSON. */
export function cellOf(bytes: Buffer, element: Element, limit: number): Cell {
  const { type, start } = element;
  if (type === TYPE.string) return cell('text', stringBytes(bytes, start), limit);
  const [kind, text] = plainText(bytes, element);
  if (text !== null) return cell(kind, Buffer.from(text), limit);
  const writer = new TextWriter(limit);
  writeValue(bytes, element, writer, 'readable');
  return { kind: kind === 'time' ? 'json' : kind, bytes: writer.take(), size: writer.size };
}

function plainText(bytes: Buffer, { type, start, end }: Element): readonly [ValueKind, string | null] {
  const kind = KINDS.get(type) ?? 'other';
  switch (type) {
    case TYPE.double:
      return [kind, doubleText(bytes.readDoubleLE(start))];
    case TYPE.objectId:
      return [kind, bytes.toString('hex', start, end)];
    case TYPE.date:
      return [kind, dateText(bytes.readBigInt64LE(start))];
    case TYPE.regex:
      return [kind, `/${regexParts(bytes, start).join('/')}`];
    case TYPE.int:
      return [kind, String(bytes.readInt32LE(start))];
    case TYPE.long:
      return [kind, String(bytes.readBigInt64LE(start))];
    case TYPE.decimal:
      return [kind, decimalText(bytes, start)];
    case TYPE.binary:
      return binaryText(bytes, start, end);
    default:
      return [kind, null];
  }
}

function binaryText(bytes: Buffer, start: number, end: number): readonly [ValueKind, string] {
  const hex = bytes.toString('hex', start + 5, end);
  const isUuid = bytes[start + 4] === UUID_SUBTYPE && hex.length === 32;
  if (!isUuid) return ['binary', `\\x${hex}`];
  return ['other', hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')];
}

function cell(kind: ValueKind, text: Buffer, limit: number): Cell {
  return { kind, bytes: text.subarray(0, limit), size: text.length };
}
