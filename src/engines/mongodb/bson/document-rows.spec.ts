import { BSON } from 'mongodb';
import type { Column, Row, RunLimits } from '../../engine.js';
import { JsonRows } from '../../json-rows.js';
import { DocumentRows } from './document-rows.js';
import { elementsOf } from './elements.js';

const { Long, Int32, Decimal128, Double, ObjectId, UUID, Binary, Timestamp, BSONRegExp, MinKey, MaxKey } =
  BSON;

const LIMITS: RunLimits = { maxRows: 1000, maxBytes: 100_000_000, maxCellBytes: 1000, timeoutMs: 1000 };

const bytesOf = (document: object): Buffer => Buffer.from(BSON.serialize(document));

class Keeping extends JsonRows {
  readonly documents: string[] = [];
  readonly cellKinds: string[] = [];

  override row(row: Row): void {
    super.row(row);
    this.documents.push(Buffer.from(row.document?.(1_000_000) ?? []).toString('utf8'));
    this.cellKinds.push(...Array.from({ length: row.length }, (_, index) => row.kind?.(index) ?? ''));
  }
}

async function table(
  documents: readonly Buffer[],
  limits: Partial<RunLimits> = {},
  fields?: readonly string[],
) {
  const sink = new Keeping();
  const rows = new DocumentRows(sink, { ...LIMITS, ...limits }, fields);
  for (const document of documents) await rows.take(document);
  await rows.end();
  return { sink, rows };
}

describe('every type of value', () => {
  it.each<[string, unknown, unknown, string]>([
    ['an int', new Int32(5), 5, 'integer'],
    ['a long', Long.fromString('9223372036854775807'), '9223372036854775807', 'integer'],
    ['a double', new Double(0.1), 0.1, 'float'],
    ['a whole double', new Double(5), 5, 'float'],
    ['a negative zero', new Double(-0), -0, 'float'],
    ['no number', new Double(Number.NaN), 'NaN', 'float'],
    ['infinity', new Double(-Infinity), '-Infinity', 'float'],
    ['a decimal', Decimal128.fromString('1.10'), '1.10', 'decimal'],
    ['a text', 'a"b😀', 'a"b😀', 'text'],
    ['an empty text', '', '', 'text'],
    ['yes', true, true, 'boolean'],
    ['no', false, false, 'boolean'],
    ['null', null, 'null', 'json'],
    ['a date', new Date(1_772_323_200_123), '2026-03-01T00:00:00.123Z', 'time'],
    ['a date before 1970', new Date(-1), '1969-12-31T23:59:59.999Z', 'time'],
    [
      'a date beyond 9999',
      new Date(253_402_300_800_000),
      '{"$date":{"$numberLong":"253402300800000"}}',
      'json',
    ],
    ['an id', new ObjectId('507f1f77bcf86cd799439011'), '507f1f77bcf86cd799439011', 'other'],
    [
      'a uuid',
      new UUID('00112233-4455-6677-8899-aabbccddeeff'),
      '00112233-4455-6677-8899-aabbccddeeff',
      'other',
    ],
    ['bytes', new Binary(Buffer.from([0, 255]), 0), '\\x00ff', 'binary'],
    ['bytes of a kind', new Binary(Buffer.from([1]), 128), '\\x01', 'binary'],
    ['a regular expression', new BSONRegExp('^a/', 'im'), '/^a//im', 'other'],
    [
      'a timestamp',
      new Timestamp({ t: 4_294_967_295, i: 2 }),
      '{"$timestamp":{"t":4294967295,"i":2}}',
      'other',
    ],
    ['the least', new MinKey(), '{"$minKey":1}', 'other'],
    ['the most', new MaxKey(), '{"$maxKey":1}', 'other'],
    ['code', new BSON.Code('x()'), '{"$code":"x()"}', 'other'],
    ['code with a scope', new BSON.Code('x()', { a: 1 }), '{"$code":"x()"}', 'other'],
    ['a list', [new Int32(1), new Double(1), ['a']], '[1,1.0,["a"]]', 'json'],
    ['a document', { a: Long.fromNumber(1), 'b"': {} }, '{"a":{"$numberLong":"1"},"b\\"":{}}', 'json'],
  ])('%s arrives as it is, and comes back the same', async (_, value, arrives, kind) => {
    const document = bytesOf({ v: value });
    const { sink } = await table([document]);
    expect(sink.rows()).toEqual([[arrives]]);
    expect(sink.cellKinds).toEqual([kind]);
    if (value instanceof BSON.Code) return;
    const back: unknown = BSON.EJSON.parse(sink.documents[0] ?? '', { relaxed: false });
    expect(Buffer.from(BSON.serialize(back as object))).toEqual(document);
  });
});

describe('columns', () => {
  const names = (columns: readonly Column[]): string[] => columns.map(({ name }) => name);

  it('are the fields in the order in which they came, and a name that is there twice stays apart', async () => {
    const twice = Buffer.concat([
      bytesOf({ a: 1 }).subarray(4, -1),
      bytesOf({ a: 2 }).subarray(4, -1),
      Buffer.alloc(1),
    ]);
    const size = Buffer.alloc(4);
    size.writeInt32LE(twice.length + 4);
    const { sink } = await table([bytesOf({ b: 1, a: 1 }), Buffer.concat([size, twice])]);
    expect(names(sink.columnList)).toEqual(['b', 'a', 'a']);
    expect(sink.rows()).toEqual([
      [1, 1, null],
      [null, 1, 2],
    ]);
  });

  it('are known before where the fields are', async () => {
    const many = Array.from({ length: 150 }, (_, at) => bytesOf({ a: at }));
    expect(names((await table(many, {}, ['a', 'b'])).sink.columnList)).toEqual(['a', 'b']);
    expect(names((await table(many)).sink.columnList)).toEqual(['a', '…']);
    expect(names((await table(many.slice(0, 50))).sink.columnList)).toEqual(['a']);
    expect(names((await table([])).sink.columnList)).toEqual([]);
  });

  it('are no more than a table can bear: the rest of a wide document goes into the last', async () => {
    const wide = Object.fromEntries(Array.from({ length: 250 }, (_, at) => [`f${String(at)}`, at]));
    const { sink } = await table([bytesOf(wide)]);
    expect(sink.columnList).toHaveLength(201);
    expect(Object.keys(JSON.parse(String(sink.rows()[0]?.[200])) as object)).toHaveLength(50);
  });
});

describe('limits (MG-014)', () => {
  it('keep a cell of 16 MB short, and tell its size', async () => {
    const { sink } = await table([bytesOf({ a: 'x'.repeat(15_000_000), b: { c: 'y'.repeat(1_000_000) } })]);
    expect(sink.cut).toEqual([
      { row: 0, column: 0, size: 15_000_000 },
      { row: 0, column: 1, size: 1_000_008 },
    ]);
  });

  it('bear two hundred levels and more', async () => {
    let deep: object = { end: 1 };
    for (let level = 0; level < 1000; level += 1) deep = { a: deep };
    const { sink } = await table([bytesOf(deep)], { maxCellBytes: 10_000 });
    expect(String(sink.rows()[0]?.[0])).toContain('"…"');
    expect(sink.documents[0]).toContain('"…"');
  });

  it('stop at rows and at bytes, and not before', async () => {
    const many = Array.from({ length: 20 }, (_, at) => bytesOf({ a: String(at % 10) }));
    expect((await table(many, { maxRows: 20 })).rows).toMatchObject({ count: 20, stoppedBy: null });
    expect((await table(many, { maxRows: 19 })).rows).toMatchObject({ count: 19, stoppedBy: 'rows' });
    expect((await table(many, { maxBytes: 10 })).rows).toMatchObject({ count: 10, stoppedBy: 'bytes' });
  });
});

it.each([
  ['cut off', bytesOf({ a: 1 }).subarray(0, 8)],
  ['longer than it is', Buffer.from('ff0000000161000000000000', 'hex')],
  ['of no type', Buffer.from('0c0000006661000100000000', 'hex')],
  ['with a negative length', Buffer.from('0c0000000261 00ffffffff00'.replace(' ', ''), 'hex')],
  ['with a field beyond its end', Buffer.from('0c0000000161000000000000', 'hex')],
  ['with a name without end', Buffer.from('08000000106161616161', 'hex')],
])('a document that is %s is an error, not a crash', (_, bytes) => {
  expect(() => [...elementsOf(bytes)]).toThrow(RangeError);
});
