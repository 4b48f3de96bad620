import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { BSON } from 'mongodb';
import type { EngineError, Statement, Target } from '../../src/engines/engine.js';
import { MongodbDriver } from '../../src/engines/mongodb/mongodb-driver.js';
import { describeOnMongodb } from '../support/servers.js';
import { only, runIn } from './engine.contract.js';
import { endWorlds, MongodbWorld } from './mongodb-world.js';

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ran',
    (error: unknown) => (error as EngineError).problem.code,
  );

/** Attacks by their number. What only needs the login that writes has its class; the others are refused to all. */
const ATTACKS = [
  ['MG-001', 'admin', 'db.orders.find({ $where: "sleep(5000)" })'],
  ['MG-002', 'admin', 'db.orders.mapReduce("m", "r", { out: "leak" })'],
  [
    'MG-003',
    'admin',
    'db.orders.aggregate([{ $addFields: { x: { $function: { body: "x", args: [], lang: "js" } } } }])',
  ],
  ['MG-004', 'admin', 'db.orders.aggregate([{ $group: { _id: 1, x: { $accumulator: { lang: "js" } } } }])'],
  ['MG-005', 'dml', 'db.orders.aggregate([{ $match: {} }, { $out: "stolen" }])'],
  ['MG-005', 'admin', 'db.orders.aggregate([{ $merge: { into: { db: "admin", coll: "x" } } }])'],
  ['MG-005', 'dml', 'db.runCommand({ aggregate: "orders", pipeline: [{ $out: "stolen" }], cursor: {} })'],
  ['MG-006', 'admin', 'db.runCommand({ shutdown: 1 })'],
  ['MG-008', 'admin', 'db.getSiblingDB("admin").users.find()'],
  ['more', 'dml', 'db.orders.insertOne({ a: 1 })'],
  ['more', 'dml', 'db.orders.findOneAndDelete({})'],
  ['more', 'dml', 'db.runCommand({ delete: "orders", deletes: [{ q: {}, limit: 0 }] })'],
  ['more', 'ddl', 'db.orders.drop()'],
  ['more', 'ddl', 'db.createCollection("stolen")'],
] as const;

describeOnMongodb('attacks through MongoDB', (testServer) => {
  const driver = new MongodbDriver();
  let world: MongodbWorld;
  beforeAll(async () => {
    world = await MongodbWorld.make(testServer);
    await world.fill('orders', [
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ]);
  });
  afterAll(async () => {
    await driver.close();
    await endWorlds();
  });

  /** Sends a text as it is, whatever the analysis says of it. */
  async function force(text: string, access: 'read' | 'write'): Promise<string> {
    const statement: Statement = { ...only(driver, 'db.orders.find()'), text };
    await using session = await driver.open(world.target, access);
    return await codeOf(runIn(session, statement));
  }
  const fingerprint = async (): Promise<string> => {
    const { cursor } = (await world.command({ listCollections: 1 })) as {
      cursor: { firstBatch: { name: string }[] };
    };
    const found = await world.command({ find: 'orders', sort: { _id: 1 } });
    return JSON.stringify([cursor.firstBatch.map(({ name }) => name).sort(), found['cursor']]);
  };

  it.each(ATTACKS)('%s: what they are is %s: %s', (_, expected, text) => {
    expect(only(driver, text).class).toBe(expected);
  });

  it.each(ATTACKS)('%s: with the login that reads nothing happens (%s): %s', async (_, expected, text) => {
    const before = await fingerprint();
    expect(await force(text, 'read')).toBe(expected === 'admin' ? 'refused' : 'read_only');
    expect(await fingerprint()).toBe(before);
    if (expected === 'admin') expect(await force(text, 'write')).toBe('refused');
  });

  it('are seen by the oracle when they do write', async () => {
    const before = await fingerprint();
    expect(await force('db.orders.insertOne({ _id: 3 })', 'write')).toBe('ran');
    expect(await fingerprint()).not.toBe(before);
    expect(await force('db.orders.deleteOne({ _id: 3 })', 'write')).toBe('ran');
    expect(await fingerprint()).toBe(before);
  });

  it.each([
    'db.orders.find({ a: { $gt: 0 } })',
    'db.orders.aggregate([{ $match: {} }, { $project: { a: 1 } }])',
    'db.runCommand({ count: "orders", query: {} })',
    'db.getCollectionNames()',
  ])('have twins that are allowed: %s', async (text) => {
    expect(only(driver, text).class).toBe('read');
    expect(await force(text, 'read')).toBe('ran');
  });

  it('name every collection that they read, for whoever decides about it (MG-007)', () => {
    const { tables } = only(driver, 'db.orders.aggregate([{ $lookup: { from: "users", as: "u" } }])');
    expect(tables).toEqual([
      { name: 'orders', use: 'read' },
      { name: 'users', use: 'read' },
    ]);
  });

  it.each([
    ['MG-009', { host: 'attacker.test/?', options: {} }, 'connection_failed'],
    ['MG-009', { host: 'user@attacker.test', options: {} }, 'connection_failed'],
    ['MG-010', { options: { tlsCAFile: '/etc/passwd' } }, 'option_refused'],
    ['MG-010', { options: { tlsCertificateKeyFile: '/proc/self/environ' } }, 'option_refused'],
    ['MG-010', { options: { proxyHost: '169.254.169.254' } }, 'option_refused'],
    ['MG-010', { options: { authMechanism: 'MONGODB-AWS' } }, 'option_refused'],
    ['MG-010', { options: { loadBalanced: 'true' } }, 'option_refused'],
    ['MG-012', { host: 'a,127.0.0.1:27017,169.254.169.254' }, 'connection_failed'],
    ['twin', { options: { authSource: 'admin' } }, 'ran'],
    ['twin', { options: { authMechanism: 'SCRAM-SHA-256' } }, 'ran'],
  ])('%s: a target with %j is %s', async (_, change: Partial<Target>, expected) => {
    const opening = driver
      .open({ ...world.target, ...change }, 'read')
      .then(async (session) => session[Symbol.asyncDispose]());
    expect(await codeOf(opening)).toBe(expected);
  });

  it('do not come in by a name: what a document calls its fields stays data', async () => {
    expect(
      await force(
        'db.names.insertOne({ _id: 1, __proto__: { admin: true }, constructor: 1, 2: 1, 1: 1 })',
        'write',
      ),
    ).toBe('ran');
    await using session = await driver.open(world.target, 'read');
    const { sink } = await runIn(session, only(driver, 'db.names.find()'));
    expect(sink.columnList.map(({ name }) => name)).toEqual(['_id', '__proto__', 'constructor', '2', '1']);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });
});

/** A server that lies: about who else is in its set, and about what it sends. */
class Rogue {
  connections = 0;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly announced: readonly string[],
    private readonly answer: (command: string) => Buffer | null,
  ) {
    this.server = createServer((socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', (bytes: Buffer) => {
        this.reply(socket, bytes);
      });
    });
  }

  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private reply(socket: Socket, bytes: Buffer): void {
    const id = bytes.readInt32LE(4);
    const legacy = bytes.readInt32LE(12) === 2004;
    const text = bytes.toString('latin1');
    const command = /\b(find|ping|hello|ismaster)/i.exec(text)?.[1]?.toLowerCase() ?? '';
    const own = this.answer(command);
    if (own !== null) {
      socket.write(message(2012, id, own));
      return;
    }
    const document = Buffer.from(BSON.serialize(this.hello()));
    if (legacy) {
      const head = Buffer.alloc(20);
      head.writeInt32LE(1, 16);
      socket.write(message(1, id, Buffer.concat([head, document])));
    } else {
      socket.write(message(2013, id, Buffer.concat([Buffer.alloc(5), document])));
    }
  }

  private hello(): object {
    return {
      ok: 1,
      isWritablePrimary: true,
      ismaster: true,
      helloOk: true,
      setName: 'rs',
      hosts: this.announced,
      primary: this.announced[0],
      me: this.announced[0],
      logicalSessionTimeoutMinutes: 30,
      minWireVersion: 0,
      maxWireVersion: 21,
      maxBsonObjectSize: 16_777_216,
      maxMessageSizeBytes: 48_000_000,
      maxWriteBatchSize: 100_000,
      compression: ['zlib'],
    };
  }
}

function message(opcode: number, responseTo: number, body: Buffer): Buffer {
  const head = Buffer.alloc(16);
  head.writeInt32LE(16 + body.length, 0);
  head.writeInt32LE(responseTo, 8);
  head.writeInt32LE(opcode, 12);
  return Buffer.concat([head, body]);
}

describe('a server that lies', () => {
  const rogues: Rogue[] = [];
  const driver = new MongodbDriver();
  afterAll(async () => {
    await driver.close();
    for (const rogue of rogues) rogue.close();
  });
  const make = (...args: ConstructorParameters<typeof Rogue>): Rogue => {
    const rogue = new Rogue(...args);
    rogues.push(rogue);
    return rogue;
  };
  const target = (port: number): Target => ({
    host: '127.0.0.1',
    port,
    database: 'shop',
    username: '',
    password: '',
    tls: { mode: 'off' },
  });

  it('sends nobody elsewhere: what it announces is not visited (MG-013)', async () => {
    const elsewhere = make([], () => null);
    const announced = `127.0.0.1:${String(await elsewhere.listen())}`;
    const rogue = make([announced], () => null);
    const session = await driver.open(target(await rogue.listen()), 'read');
    expect((await runIn(session, only(driver, 'db.runCommand({ ping: 1 })'))).end.rowCount).toBe(1);
    await session[Symbol.asyncDispose]();
    expect(rogue.connections).toBeGreaterThan(0);
    expect(elsewhere.connections).toBe(0);
  });

  it('crashes nothing with a message whose size is not what it says (MG-016)', async () => {
    const body = Buffer.alloc(9 + 4);
    body.writeInt32LE(2013, 0);
    body.writeInt32LE(1_000_000_000, 4);
    body[8] = 2;
    const rogue = make([], (command) => (command === 'find' ? body : null));
    const session = await driver.open(target(await rogue.listen()), 'read');
    expect(await codeOf(runIn(session, only(driver, 'db.orders.find()'), { timeoutMs: 2000 }))).not.toBe(
      'ran',
    );
    await session[Symbol.asyncDispose]();
  });
});
