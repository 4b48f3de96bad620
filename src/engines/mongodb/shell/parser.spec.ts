import { BSON } from 'mongodb';
import { parseShell } from './parser.js';
import { ShellError } from './shell-error.js';

const valueOf = (text: string): unknown => parseShell(`db.c.find(${text})`)[0]?.links[1]?.args?.[0]?.value;
/** As it goes over the wire, in the server's own notation. */
const wire = (text: string): string =>
  BSON.EJSON.stringify(
    BSON.deserialize(BSON.serialize({ v: valueOf(text) }), { promoteValues: false, bsonRegExp: true }),
    {
      relaxed: false,
    },
  );
const failure = (text: string): ShellError | null => {
  try {
    parseShell(text);
    return null;
  } catch (error) {
    if (error instanceof ShellError) return error;
    throw error;
  }
};

describe('statements', () => {
  it('are chains behind db, with exact places', () => {
    const text = ` db.orders.find({ a: 1 })\n  .sort({ b: -1 }).limit(5);\n// comment\ndb.getCollection("x.y").countDocuments() ; db["a b"].drop()`;
    const parsed = parseShell(text);
    expect(parsed.map(({ start, end }) => text.slice(start, end))).toEqual([
      'db.orders.find({ a: 1 })\n  .sort({ b: -1 }).limit(5)',
      'db.getCollection("x.y").countDocuments()',
      'db["a b"].drop()',
    ]);
    expect(parsed.map(({ links }) => links.map(({ name, args }) => [name, args?.length ?? null]))).toEqual([
      [
        ['orders', null],
        ['find', 1],
        ['sort', 1],
        ['limit', 1],
      ],
      [
        ['getCollection', 1],
        ['countDocuments', 0],
      ],
      [
        ['a b', null],
        ['drop', 0],
      ],
    ]);
  });

  it('end at a new line too, and may be shown', () => {
    expect(parseShell('db.a.find()\ndb.b.find()\nshow collections').map(({ shows }) => shows)).toEqual([
      null,
      null,
      'collections',
    ]);
    expect(parseShell(' \n ; /* nothing */ ;')).toEqual([]);
  });

  it.each([
    ['db.a.find() db.b.find()', 12],
    ['db.a.find(', 10],
    ['db.a.find({', 11],
    ['db.a.find({a 1})', 13],
    ['db.a.find([1 2])', 13],
    ['db.a.find({a: 1}', 16],
    ['var x = 1', 0],
    ['x.find()', 0],
    ['db.a.find({a: x})', 14],
    ['db.a.find({a: function() { return 1 }})', 14],
    ['db.a.find({a: () => 1})', 14],
    ['db.a.find({a: 1 + 1})', 16],
    ['db.a.find({a: `x`})', 14],
    ['db.a.find({a: process.exit()})', 14],
    ['db.a.find({a: "x})', 14],
    ['db.a.find({a: /x})', 14],
    ['db.a.find({a: /x/g})', 14],
    ['db.a.find({a: "\\u12"})', 14],
    ['db.a.find({a: "\\ud800"})', 14],
    ['db.a.find({a: 0777})', 14],
    ['db.a.find({a: 1a})', 14],
    ['db.a.find({a: 99999999999999999999})', 14],
    ['db.a.find({a: ObjectId("x")})', 14],
    ['db.a.find({a: ISODate("yesterday")})', 14],
    ['db.a.find({a: ISODate("2026-02-31T00:00:00Z")})', 14],
    ['db.a.find({a: new Date()})', 18],
    ['db.a.find({a: {$oid: "x"}})', 14],
    ['db.a.find({a: {$minKey: 1, b: 2}})', 14],
    ['db.a.find({"a\\0b": 1})', 11],
    ['db.a.find(/* x)', 10],
    ['db.a.find(@)', 10],
    [`db.a.find(${'['.repeat(101)}${']'.repeat(101)})`, 110],
    ['use other', 0],
    ['show', 4],
  ])('stop at what is not plain: %s', (text, position) => {
    expect(failure(text)?.position).toBe(position);
  });
});

describe('values', () => {
  it.each([
    ['1', '{"v":{"$numberInt":"1"}}'],
    ['-2147483648', '{"v":{"$numberInt":"-2147483648"}}'],
    ['2147483648', '{"v":{"$numberLong":"2147483648"}}'],
    ['9007199254740993', '{"v":{"$numberLong":"9007199254740993"}}'],
    ['-9223372036854775808', '{"v":{"$numberLong":"-9223372036854775808"}}'],
    ['0x1F', '{"v":{"$numberInt":"31"}}'],
    ['1.0', '{"v":{"$numberDouble":"1.0"}}'],
    ['-0', '{"v":{"$numberDouble":"-0.0"}}'],
    ['1e3', '{"v":{"$numberDouble":"1000.0"}}'],
    ['NaN', '{"v":{"$numberDouble":"NaN"}}'],
    ['-Infinity', '{"v":{"$numberDouble":"-Infinity"}}'],
    ['5n', '{"v":{"$numberInt":"5"}}'],
    ['NumberLong("5")', '{"v":{"$numberLong":"5"}}'],
    ['NumberInt(5)', '{"v":{"$numberInt":"5"}}'],
    ['NumberDecimal("1.10")', '{"v":{"$numberDecimal":"1.10"}}'],
    ['ObjectId("507f1f77bcf86cd799439011")', '{"v":{"$oid":"507f1f77bcf86cd799439011"}}'],
    ['ISODate("2026-03-01")', '{"v":{"$date":{"$numberLong":"1772323200000"}}}'],
    ['new Date("2026-03-01T12:00:00.123+02:00")', '{"v":{"$date":{"$numberLong":"1772359200123"}}}'],
    ['ISODate("+012026-03-01T00:00:00Z")', '{"v":{"$date":{"$numberLong":"317341843200000"}}}'],
    ['Date(0)', '{"v":{"$date":{"$numberLong":"0"}}}'],
    [
      'UUID("00112233-4455-6677-8899-aabbccddeeff")',
      '{"v":{"$binary":{"base64":"ABEiM0RVZneImaq7zN3u/w==","subType":"04"}}}',
    ],
    ['BinData(0, "AP8=")', '{"v":{"$binary":{"base64":"AP8=","subType":"00"}}}'],
    ['Timestamp(1, 2)', '{"v":{"$timestamp":{"t":1,"i":2}}}'],
    ['Timestamp({ t: 1, i: 2 })', '{"v":{"$timestamp":{"t":1,"i":2}}}'],
    ['/a\\/[/]b/si', '{"v":{"$regularExpression":{"pattern":"a\\\\/[/]b","options":"is"}}}'],
    ['RegExp("^a", "i")', '{"v":{"$regularExpression":{"pattern":"^a","options":"i"}}}'],
    ['MinKey', '{"v":{"$minKey":1}}'],
    ['MaxKey()', '{"v":{"$maxKey":1}}'],
    [String.raw`'a\'b\n\x41\u{1F600}\d'`, '{"v":"a\'b\\nA😀d"}'],
    ['[1, "a", null, true,]', '{"v":[{"$numberInt":"1"},"a",null,true]}'],
    [
      '{ 3: 4, a: 1, "b c": { $gt: 2 }, }',
      '{"v":{"3":{"$numberInt":"4"},"a":{"$numberInt":"1"},"b c":{"$gt":{"$numberInt":"2"}}}}',
    ],
    ['{ $oid: "507f1f77bcf86cd799439011" }', '{"v":{"$oid":"507f1f77bcf86cd799439011"}}'],
    ['{ $date: { $numberLong: "5" } }', '{"v":{"$date":{"$numberLong":"5"}}}'],
    ['{ $numberDouble: "-0" }', '{"v":{"$numberDouble":"-0.0"}}'],
    ['{ $binary: { base64: "AP8=", subType: "05" } }', '{"v":{"$binary":{"base64":"AP8=","subType":"05"}}}'],
    [
      '{ $uuid: "00112233-4455-6677-8899-aabbccddeeff" }',
      '{"v":{"$binary":{"base64":"ABEiM0RVZneImaq7zN3u/w==","subType":"04"}}}',
    ],
    [
      '{ $regularExpression: { pattern: "a", options: "" } }',
      '{"v":{"$regularExpression":{"pattern":"a","options":""}}}',
    ],
    ['{ a: { $regex: "x", $options: "i" } }', '{"v":{"a":{"$regex":"x","$options":"i"}}}'],
  ])('%s', (text, expected) => {
    expect(wire(text)).toBe(expected);
  });

  it('keep the order of names, and have no names that were not written', () => {
    const document = valueOf('{ b: 1, 2: 1, 1: 1, __proto__: { admin: true }, constructor: 1 }') as Map<
      string,
      unknown
    >;
    expect([...document.keys()]).toEqual(['b', '2', '1', '__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
    const names = BSON.deserialize(BSON.serialize(document), { raw: true });
    expect(Object.getOwnPropertyNames(names)).toEqual(['1', '2', 'b', '__proto__', 'constructor']);
  });
});
