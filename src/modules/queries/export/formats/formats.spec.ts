import { inflateRawSync } from 'node:zlib';
import type { Column, Row, ValueKind } from '../../../../engines/engine.js';
import { CsvFormat, type CsvOptions } from './csv-format.js';
import { JsonFormat } from './json-format.js';
import type { RowFormat } from './row-format.js';
import { dialectOf } from './sql-dialects.js';
import { SqlFormat } from './sql-format.js';
import { XlsxFormat } from './xlsx-format.js';

type Cells = readonly (string | null)[];

function rowOf(cells: Cells, sizes: Readonly<Record<number, number>> = {}): Row {
  const all = cells.map((cell) => (cell === null ? null : Buffer.from(cell)));
  return {
    length: all.length,
    bytes: (index) => all[index] ?? null,
    size: (index) => sizes[index] ?? all[index]?.length ?? 0,
  };
}

const columnsOf = (...columns: readonly (readonly [string, ValueKind])[]): Column[] =>
  columns.map(([name, kind]) => ({ name, type: kind, kind }));

async function write(format: RowFormat, columns: readonly Column[], rows: readonly Cells[]): Promise<Buffer> {
  format.begin(columns);
  for (const row of rows) format.row(rowOf(row));
  format.end();
  return format.take();
}

const EXACT: CsvOptions = { delimiter: ',', lineEnd: '\r\n', keepFormulas: true };
const SAFE: CsvOptions = { ...EXACT, keepFormulas: false };
const text = async (format: RowFormat, columns: readonly Column[], rows: readonly Cells[]): Promise<string> =>
  (await write(format, columns, rows)).toString('utf8');

/** Reads RFC 4180 back; null is a field that is nothing at all. */
function parseCsv(csv: string): Cells[] {
  const rows: (string | null)[][] = [];
  const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy;
  let row: (string | null)[] = [];
  for (let match = field.exec(csv); match !== null; match = field.exec(csv)) {
    const [, raw = '', end] = match;
    row.push(raw === '' ? null : raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end === '\r\n') {
      rows.push(row);
      row = [];
    }
    if (field.lastIndex === csv.length) break;
  }
  return rows;
}

describe('CSV', () => {
  it('gives back every byte, NULL and the empty text kept apart', async () => {
    const odd = [
      'a,b',
      'say "hi"',
      'one\r\ntwo',
      '\r',
      '\u0000',
      '\u2028',
      '😀',
      '\u202egpj.exe',
      ' x ',
      '',
      null,
    ];
    const seed = odd.flatMap((left) => odd.map((right) => [left, right]));
    const rows = Array.from({ length: 1000 }, (_, index) => seed[index % seed.length] ?? []);
    const csv = await text(new CsvFormat(EXACT), columnsOf(['a', 'text'], ['b,"c"', 'text']), rows);
    expect(parseCsv(csv)).toEqual([['a', 'b,"c"'], ...rows]);
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+cmd|x', "'+cmd|x"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', "'\r=1"],
    ['\n=1', "'\n=1"],
    ['＝1+1', "'＝1+1"],
    ['-5', '-5'],
    ['+4.5e3', '+4.5e3'],
    ['a=1', 'a=1'],
    ['\ufeffx', '\ufeffx'],
  ])('makes %j harmless as %j', async (value, expected) => {
    const csv = await text(new CsvFormat(SAFE), columnsOf(['a', 'text']), [[value]]);
    expect(parseCsv(csv)).toEqual([['a'], [expected]]);
  });

  it('leaves numbers numbers, defuses names of columns too, and counts what it did', async () => {
    const format = new CsvFormat(SAFE);
    const csv = await text(format, columnsOf(['=cmd', 'integer'], ['b', 'decimal'], ['c', 'text']), [
      ['-1', '-1.50', '=x'],
      ['-Infinity', null, ''],
    ]);
    expect(csv).toBe(`"'=cmd",b,c\r\n-1,-1.50,"'=x"\r\n-Infinity,,""\r\n`);
    expect(format.defused).toBe(2);
  });

  it('separates with tabs for a clipboard', async () => {
    const tabs: CsvOptions = { delimiter: '\t', lineEnd: '\n', keepFormulas: false, withoutHead: true };
    expect(await text(new CsvFormat(tabs), columnsOf(['a', 'text'], ['b', 'text']), [['x\ty', '1,2']])).toBe(
      '"x\ty"\t1,2\n',
    );
  });
});

describe('JSON', () => {
  const columns = columnsOf(
    ['big', 'integer'],
    ['exact', 'decimal'],
    ['odd', 'float'],
    ['bin', 'binary'],
    ['doc', 'json'],
    ['doc', 'json'],
    ['__proto__', 'text'],
  );
  const row = [
    '9007199254740993',
    '0.10',
    'NaN',
    '\\x00ff',
    '{"__proto__": {"n": 1.10,\n"n": 2}}',
    'no json',
    null,
  ];

  it('loses no digit and no column of the same name', async () => {
    const json = await text(new JsonFormat(false), columns, [row, row]);
    const [first] = JSON.parse(json) as Record<string, unknown>[];
    expect(Object.entries(first ?? {})).toEqual([
      ['big', '9007199254740993'],
      ['exact', '0.10'],
      ['odd', 'NaN'],
      ['bin', '\\x00ff'],
      ['doc', JSON.parse('{"__proto__": {"n": 2}}')],
      ['doc_2', 'no json'],
      ['__proto__', null],
    ]);
    expect(json).toContain('{"n": 1.10, "n": 2}');
    expect(json).toContain('"__proto__":null');
  });

  it('is one object a line', async () => {
    const lines = (await text(new JsonFormat(true), columns, [row, row])).trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ big: '9007199254740993' });
  });

  it('is an empty array where there are no rows', async () => {
    expect(JSON.parse(await text(new JsonFormat(false), columns, []))).toEqual([]);
  });
});

describe('SQL', () => {
  const evil = 'a`; DROP TABLE x; -- "\'';
  const sql = async (engine: 'postgres' | 'mysql' | 'sqlite', rows: readonly Cells[]): Promise<string> => {
    const dialect = dialectOf(engine);
    if (dialect === null) throw new Error('No dialect.');
    const columns = columnsOf([evil, 'text'], ['n', 'decimal'], ['n', 'binary'], ['b', 'boolean']);
    return text(new SqlFormat(dialect, { schema: 's', name: evil }), columns, rows);
  };

  it('quotes names and values so that nothing of them runs', async () => {
    expect(await sql('postgres', [["\\'; --", '-1.50', '\\x00ff', 't']])).toBe(
      `SET client_encoding = 'UTF8';\nBEGIN;\nINSERT INTO "s"."a\`; DROP TABLE x; -- ""'" ("a\`; DROP TABLE x; -- ""'", "n", "n_2", "b") VALUES\n(E'\\\\''; --', -1.50, E'\\\\x00ff', true);\nCOMMIT;\n`,
    );
    expect(await sql('mysql', [["\\'", null, '\\x', 'f']])).toBe(
      "SET NAMES utf8mb4;\nSTART TRANSACTION;\nINSERT INTO `s`.`a``; DROP TABLE x; -- \"'` (`a``; DROP TABLE x; -- \"'`, `n`, `n_2`, `b`) VALUES\n(_utf8mb4 X'5c27', NULL, X'', 0);\nCOMMIT;\n",
    );
    expect(await sql('sqlite', [["it's\0", 'NaN', null, 't']])).toContain(
      "(CAST(X'6974277300' AS TEXT), 'NaN', NULL, 1);",
    );
  });

  it('says INSERT again every 100 rows', async () => {
    const rows = Array.from({ length: 201 }, () => ['x', '1', null, null]);
    expect((await sql('postgres', rows)).match(/INSERT INTO/g)).toHaveLength(3);
    expect(await sql('postgres', [])).toBe("SET client_encoding = 'UTF8';\nBEGIN;\nCOMMIT;\n");
  });
});

/** The files of an archive, by the central directory. */
function unzip(archive: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  let at = archive.readUInt32LE(archive.length - 6);
  for (let left = archive.readUInt16LE(archive.length - 12); left > 0; left -= 1) {
    const [packed, nameLength, local] = [
      archive.readUInt32LE(at + 20),
      archive.readUInt16LE(at + 28),
      archive.readUInt32LE(at + 42),
    ];
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const start = local + 30 + archive.readUInt16LE(local + 26);
    files.set(name, inflateRawSync(archive.subarray(start, start + packed)).toString('utf8'));
    at += 46 + nameLength;
  }
  return files;
}

describe('XLSX', () => {
  it('keeps numbers that a sheet can hold, and everything else as it is written', async () => {
    const format = new XlsxFormat();
    const archive = await write(format, columnsOf(['<n>', 'integer'], ['t', 'text'], ['b', 'boolean']), [
      ['42', '=1+1', 't'],
      ['9007199254740993', 'a & b\u0001_x0041_', null],
      ['-0.5', '', 'f'],
    ]);
    const files = unzip(archive);
    const sheet = files.get('xl/worksheets/sheet1.xml') ?? '';
    expect([...files.keys()].sort()).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/_rels/workbook.xml.rels',
      'xl/styles.xml',
      'xl/workbook.xml',
      'xl/worksheets/sheet1.xml',
    ]);
    expect(sheet).toContain('&lt;n&gt;');
    expect(sheet).toContain(
      '<row><c><v>42</v></c><c t="inlineStr" s="1"><is><t xml:space="preserve">=1+1</t></is></c><c t="b"><v>1</v></c></row>',
    );
    expect(sheet).toContain('>9007199254740993</t>');
    expect(sheet).toContain('>a &amp; b_x0001__x005F_x0041_</t></is></c><c/>');
    expect(sheet.endsWith('</sheetData></worksheet>')).toBe(true);
    expect(files.get('xl/styles.xml')).toContain('quotePrefix="1"');
    expect(format.defused).toBe(1);
  });

  it('goes on in another sheet where one is full', async () => {
    const format = new XlsxFormat();
    format.begin(columnsOf(['n', 'integer']));
    const row = rowOf(['1']);
    const chunks: Buffer[] = [];
    for (let index = 0; index < 1_048_600; index += 1) {
      format.row(row);
      if (format.size > 65_536) chunks.push(await format.take());
    }
    format.end();
    chunks.push(await format.take());
    const files = unzip(Buffer.concat(chunks));
    expect(files.get('xl/worksheets/sheet2.xml')?.match(/<v>/g)).toHaveLength(25);
    expect(files.get('xl/workbook.xml')).toContain('name="Result 2"');
  });

  it('refuses what a cell cannot hold', async () => {
    await expect(write(new XlsxFormat(), columnsOf(['t', 'text']), [['x'.repeat(40_000)]])).rejects.toThrow(
      'at most 32,767 characters',
    );
  });
});

it.each([
  ['csv', () => new CsvFormat(SAFE)],
  ['json', () => new JsonFormat(false)],
  ['xlsx', () => new XlsxFormat()],
])('%s never has the beginning of a value in the place of the value', (_, make) => {
  const format = make();
  format.begin(columnsOf(['t', 'text']));
  expect(() => {
    format.row(rowOf(['abc'], { 0: 1000 }));
  }).toThrow('only 3 B of it could be read');
});
