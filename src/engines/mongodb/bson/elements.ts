/** The types of BSON by the byte that leads them. */
export const TYPE = {
  double: 0x01,
  string: 0x02,
  document: 0x03,
  array: 0x04,
  binary: 0x05,
  undefined: 0x06,
  objectId: 0x07,
  boolean: 0x08,
  date: 0x09,
  null: 0x0a,
  regex: 0x0b,
  pointer: 0x0c,
  code: 0x0d,
  symbol: 0x0e,
  scopedCode: 0x0f,
  int: 0x10,
  timestamp: 0x11,
  long: 0x12,
  decimal: 0x13,
  maxKey: 0x7f,
  minKey: 0xff,
} as const;

/** One field of a document: where its value stands in the bytes of the whole. */
export interface Element {
  readonly type: number;
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const FIXED: ReadonlyMap<number, number> = new Map([
  [TYPE.double, 8],
  [TYPE.undefined, 0],
  [TYPE.objectId, 12],
  [TYPE.boolean, 1],
  [TYPE.date, 8],
  [TYPE.null, 0],
  [TYPE.int, 4],
  [TYPE.timestamp, 8],
  [TYPE.long, 8],
  [TYPE.decimal, 16],
  [TYPE.maxKey, 0],
  [TYPE.minKey, 0],
]);

/** The fields of the document that begins at `at`. Throws RangeError where the bytes are none. */
export function* elementsOf(bytes: Buffer, at = 0): Generator<Element> {
  const last = at + bytes.readInt32LE(at) - 1;
  if (last >= bytes.length || last < at + 4) throw new RangeError('The document is cut off.');
  for (let next = at + 4; next < last;) {
    const type = bytes.readUInt8(next);
    const nameEnd = endOfName(bytes, next + 1);
    const start = nameEnd + 1;
    const end = start + sizeOf(type, bytes, start);
    if (end > last) throw new RangeError('A field is cut off.');
    yield { type, name: bytes.toString('utf8', next + 1, nameEnd), start, end };
    next = end;
  }
}

function endOfName(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(0, from);
  if (end < 0) throw new RangeError('A name is cut off.');
  return end;
}

/** What stands beside the length that leads the value; documents count their own. */
const BESIDE_LENGTH: ReadonlyMap<number, number> = new Map([
  [TYPE.string, 4],
  [TYPE.code, 4],
  [TYPE.symbol, 4],
  [TYPE.document, 0],
  [TYPE.array, 0],
  [TYPE.scopedCode, 0],
  [TYPE.binary, 5],
  [TYPE.pointer, 16],
]);

function sizeOf(type: number, bytes: Buffer, at: number): number {
  const fixed = FIXED.get(type);
  if (fixed !== undefined) return fixed;
  if (type === TYPE.regex) return endOfName(bytes, endOfName(bytes, at) + 1) + 1 - at;
  const beside = BESIDE_LENGTH.get(type);
  const length = bytes.readInt32LE(at);
  if (beside === undefined || length < 0) throw new RangeError(`Type ${String(type)} cannot be read.`);
  return length + beside;
}

/** The text of a string: its length counts a NUL at the end. */
export function stringBytes(bytes: Buffer, start: number): Buffer {
  return bytes.subarray(start + 4, start + 4 + bytes.readInt32LE(start) - 1);
}
