import { BSON } from 'mongodb';
import type { EngineError, EngineSession } from '../../src/engines/engine.js';
import { MongodbDriver } from '../../src/engines/mongodb/mongodb-driver.js';
import { describeOnMongodb, type TestServer } from '../support/servers.js';
import { engineContract, only, runIn, type ContractServer } from './engine.contract.js';
import { endWorlds, HOLD, MongodbWorld } from './mongodb-world.js';

const { Long, Decimal128, Double, ObjectId, UUID, Binary, Timestamp, BSONRegExp } = BSON;

/** FerretDB gives some 20,000 documents a second, and does not store every value that MongoDB does. */
const FERRETDB_ROWS = 100_000;

const isFerretdb = ({ name }: TestServer): boolean => name.startsWith('ferretdb');

const ODD: Readonly<Record<string, readonly [value: unknown, arrives: unknown]>> = {
  long: [Long.fromString('9007199254740993'), '9007199254740993'],
  date: [new Date(0), '1970-01-01T00:00:00.000Z'],
  farDate: [new Date(253_402_300_800_000), '{"$date":{"$numberLong":"253402300800000"}}'],
  id: [new ObjectId('507f1f77bcf86cd799439011'), '507f1f77bcf86cd799439011'],
  uuid: [new UUID('00112233-4455-6677-8899-aabbccddeeff'), '00112233-4455-6677-8899-aabbccddeeff'],
  bytes: [new Binary(Buffer.from([0, 255]), 0), '\\x00ff'],
  timestamp: [new Timestamp({ t: 1, i: 2 }), '{"$timestamp":{"t":1,"i":2}}'],
  regex: [new BSONRegExp('^a', 'i'), '/^a/i'],
  none: [null, 'null'],
  empty: ['', ''],
  yes: [true, true],
  nested: [{ x: 1, y: Long.fromNumber(2), z: [new Double(3)] }, '{"x":1,"y":{"$numberLong":"2"},"z":[3.0]}'],
  text: ['a"b\\c😀', 'a"b\\c😀'],
};
const ODDER: typeof ODD = {
  decimal: [Decimal128.fromString('12.340'), '12.340'],
  nan: [new Double(Number.NaN), 'NaN'],
  infinite: [new Double(-Infinity), '-Infinity'],
  zero: [new Double(-0), -0],
};

async function setUp(
  server: TestServer,
  rowCount: number,
): Promise<ContractServer & { readonly world: MongodbWorld }> {
  const world = await MongodbWorld.make(server);
  await world.count('series', rowCount);
  await world.fill('cells', [
    { _id: 1_000_000, a: 'x'.repeat(1_000_000) },
    { _id: 100, a: 'x'.repeat(100) },
  ]);
  await world.fill('written', [{ _id: 0 }]);
  const odd = { ...ODD, ...(isFerretdb(server) ? {} : ODDER) };
  await world.fill('odd', [Object.fromEntries(Object.entries(odd).map(([name, [value]]) => [name, value]))]);
  const { target } = world;
  const driver = new MongodbDriver();
  return {
    world,
    driver,
    other: new MongodbDriver(),
    target,
    dead: { ...target, port: 1 },
    texts: {
      rows: (count) => `db.series.find({}, { _id: 0, a: 1 }).limit(${String(count)})`,
      cell: (bytes) => `db.cells.find({ _id: ${String(bytes)} }, { _id: 0, a: 1 })`,
      sleep: () => `db.written.find({}, {}, { comment: "${HOLD}" })`,
      write: 'db.written.insertOne({ at: 1 })',
      count: 'db.written.countDocuments({ at: 1 })',
      broken: '',
      duplicates: '',
      odd: 'db.odd.find({}, { _id: 0 })',
      oddRow: Object.values(odd).map(([, arrives]) => arrives),
    },
    mostRows: rowCount,
    cut: async () => {
      world.proxy.cut();
      return Promise.resolve();
    },
  };
}

const problemOf = async (work: Promise<unknown>): Promise<EngineError['problem'] | null> =>
  work.then(
    () => null,
    (error: unknown) => (error as EngineError).problem,
  );

describeOnMongodb('MongoDB', (testServer) => {
  afterAll(endWorlds);

  // FerretDB lets nobody end what another connection runs.
  const unable = isFerretdb(testServer) ? (['cancel from elsewhere'] as const) : [];
  engineContract(async () => setUp(testServer, isFerretdb(testServer) ? FERRETDB_ROWS : 1_000_000), {
    lacks: ['columns of one name', 'places of errors', 'transactions'],
    unable,
  });

  describe('beyond the contract', () => {
    let server: Awaited<ReturnType<typeof setUp>>;
    beforeAll(async () => {
      server = await setUp(testServer, 10);
    });
    afterAll(async () => {
      await server.driver.close();
      await server.other.close();
    });

    const write = async (...texts: readonly string[]): Promise<(number | null)[]> => {
      await using session = await server.driver.open(server.target, 'write');
      const affected: (number | null)[] = [];
      for (const text of texts)
        affected.push((await runIn(session, only(server.driver, text))).end.affectedRows);
      return affected;
    };
    const rows = async (text: string): Promise<unknown[][]> => {
      await using session = await server.driver.open(server.target, 'read');
      return (await runIn(session, only(server.driver, text))).sink.rows();
    };

    it('makes a table of documents: fields as they come, several types, and what is missing', async () => {
      await server.world.fill('mixed', [
        { _id: 1, a: 1, b: 'x' },
        { _id: 2, c: [1, { d: 2 }], a: 'one' },
        { _id: 3, b: null },
      ]);
      await using session = await server.driver.open(server.target, 'read');
      const { sink } = await runIn(session, only(server.driver, 'db.mixed.find().sort({ _id: 1 })'));
      expect(sink.columnList).toEqual([
        { name: '_id', type: 'int', kind: 'integer' },
        { name: 'a', type: 'int | string', kind: 'other' },
        { name: 'b', type: 'string | null', kind: 'other' },
        { name: 'c', type: 'array', kind: 'json' },
      ]);
      expect(sink.rows()).toEqual([
        [1, 1, 'x', null],
        [2, 'one', null, '[1,{"d":2}]'],
        [3, null, 'null', null],
      ]);
    });

    it('puts fields that come late into a column of their own, and hands documents over whole', async () => {
      const documents = Array.from({ length: 150 }, (_, at) =>
        at < 120 ? { _id: at } : { _id: at, late: at },
      );
      await server.world.fill('late', documents);
      await using session = await server.driver.open(server.target, 'read');
      const whole: string[] = [];
      const cells: (string | null)[] = [];
      const sink = {
        columns: (columns: readonly { readonly name: string }[]) =>
          cells.push(columns.map(({ name }) => name).join()),
        row: (row: { bytes(index: number): Uint8Array | null; document?(maxBytes: number): Uint8Array }) => {
          whole.push(Buffer.from(row.document?.(1000) ?? []).toString('utf8'));
          const rest = row.bytes(1);
          cells.push(rest === null ? null : Buffer.from(rest).toString('utf8'));
        },
      };
      const limits = { maxRows: 1000, maxBytes: 1e6, maxCellBytes: 100, timeoutMs: 5000 };
      const statement = only(server.driver, 'db.late.find().sort({ _id: 1 })');
      await session.run(statement, limits, sink, new AbortController().signal);
      expect(cells[0]).toBe('_id,…');
      expect([cells[1], cells[150]]).toEqual([null, '{"late":149}']);
      expect(whole[149]).toBe('{"_id":{"$numberInt":"149"},"late":{"$numberInt":"149"}}');
    });

    it('inserts, changes, replaces and deletes, and counts what it did', async () => {
      expect(
        await write(
          'db.people.insertMany([{ _id: 1, n: 1 }, { _id: 2, n: 2 }, { n: 3 }])',
          'db.people.updateOne({ _id: 1 }, { $set: { n: 10 } })',
          'db.people.updateMany({}, { $inc: { n: 1 } })',
          'db.people.updateOne({ _id: 9 }, { $set: { n: 9 } }, { upsert: true })',
          'db.people.replaceOne({ _id: 2 }, { n: "two" })',
          'db.people.deleteOne({ _id: 1 })',
          'db.people.deleteMany({ _id: { $gt: 100 } })',
          'db.people.findOneAndUpdate({ _id: 9 }, { $set: { n: 90 } }, { returnDocument: "after" })',
          'db.people.findOneAndDelete({ _id: 77 })',
        ),
      ).toEqual([3, 1, 3, 1, 1, 1, 0, 1, 0]);
      expect(await rows('db.people.find({ _id: { $in: [2, 9] } }).sort({ _id: 1 })')).toEqual([
        [2, 'two'],
        [9, 90],
      ]);
      expect(await rows('db.people.countDocuments({ n: "nobody" })')).toEqual([[0]]);
      expect(await rows('db.people.estimatedDocumentCount()')).toEqual([[3]]);
      expect((await rows('db.people.distinct("n", { _id: { $in: [2, 9] } })')).flat()).toEqual(
        expect.arrayContaining(['two', 90]),
      );
    });

    it('says that a document is there already, and which one', async () => {
      await write('db.twice.insertOne({ _id: 1 })');
      const problem = await problemOf(write('db.twice.insertOne({ _id: 1 })'));
      expect(problem).toMatchObject({
        code: 'DuplicateKey',
        message: expect.stringContaining('twice') as string,
      });
    });

    it('gives every run of one text ids of its own', async () => {
      await write('db.fresh.insertOne({ at: ObjectId() })', 'db.fresh.insertOne({ at: ObjectId() })');
      const found = await rows('db.fresh.find()');
      expect(new Set(found.flat()).size).toBe(4);
    });

    it('makes and drops collections and indexes, and describes them', async () => {
      await write(
        'db.createCollection("shop")',
        'db.shop.createIndex({ name: 1, at: -1 }, { unique: true })',
        'db.shop.insertMany([{ name: "a", at: 1, address: { city: "x", zip: "1" } }, { name: "b", at: NumberLong(2) }])',
      );
      await using session = await server.driver.open(server.target, 'read');
      const { version, schemas } = await session.describe();
      const shop = schemas[0]?.tables.find(({ name }) => name === 'shop');
      expect(
        shop?.columns.map(({ name, type, nullable, primaryKey }) => [name, type, nullable, primaryKey]),
      ).toEqual([
        ['_id', 'objectId', false, true],
        ['name', 'string', false, false],
        ['at', 'int | long', false, false],
        ['address', 'object', true, false],
        ['address.city', 'string', true, false],
        ['address.zip', 'string', true, false],
      ]);
      expect(shop?.indexes).toEqual([
        { name: '_id_', unique: true, primary: true, definition: '{"_id":1}' },
        { name: 'name_1_at_-1', unique: true, primary: false, definition: '{"name":1,"at":-1}' },
      ]);
      expect(shop?.estimatedRows).toBe(2);
      expect((await session.describe()).version).toBe(version);
      await write('db.shop.dropIndex("name_1_at_-1")', 'db.shop.drop()');
      expect(await rows('show collections')).not.toContainEqual(expect.arrayContaining(['shop']));
    });

    it('explains a read with the server’s plan, and a write without running it', async () => {
      await using session = await server.driver.open(server.target, 'write');
      const options = { analyse: false, timeoutMs: 5000, signal: new AbortController().signal };
      const plan = await session.explain(only(server.driver, 'db.odd.find({ a: 1 })'), options);
      expect(plan).toMatchObject({ analysed: false, raw: { format: 'json' } });
      expect(plan.raw.text).toContain('queryPlanner');
      expect(
        await problemOf(session.explain(only(server.driver, 'db.odd.insertOne({})'), options)),
      ).toMatchObject({
        code: 'not_supported',
      });
    });

    it('says that nobody knows an option, and takes the ones it knows', async () => {
      const refused = { ...server.target, options: { tlsCAFile: '/etc/passwd' } };
      expect(await problemOf(server.driver.open(refused, 'read'))).toMatchObject({ code: 'option_refused' });
      const known = { ...server.target, options: { authSource: 'admin' } };
      await (await server.driver.open(known, 'read'))[Symbol.asyncDispose]();
    });

    it('goes to the address that was checked, whatever the name says', async () => {
      const session: EngineSession = await server.driver.open(
        { ...server.target, host: 'nowhere.invalid', address: '127.0.0.1' },
        'read',
      );
      expect((await runIn(session, only(server.driver, 'db.runCommand({ ping: 1 })'))).end.rowCount).toBe(1);
      await session[Symbol.asyncDispose]();
    });
  });
});
