import { analyse, operationOf } from './analyse.js';

const one = (text: string) => {
  const { statements, error } = analyse(text);
  expect(error).toBeNull();
  expect(statements).toHaveLength(1);
  return statements[0];
};

describe('classes', () => {
  it.each([
    ['db.orders.find()', 'read', 'find'],
    [
      'db.orders.find({ a: 1 }, { b: 1 }).sort({ a: -1 }).skip(1).limit(2).hint("x").toArray()',
      'read',
      'find',
    ],
    ['db.orders.find({ $where2: 1 })', 'read', 'find'],
    ['db.orders.findOne({ _id: 1 })', 'read', 'findOne'],
    ['db.orders.find({ a: 1 }).count()', 'read', 'count'],
    [
      'db.orders.aggregate([{ $match: {} }, { $group: { _id: "$a", n: { $sum: 1 } } }], { allowDiskUse: true })',
      'read',
      'aggregate',
    ],
    ['db.orders.aggregate({ $match: {} }, { $limit: 1 })', 'read', 'aggregate'],
    ['db.orders.aggregate()', 'read', 'aggregate'],
    [
      'db.orders.aggregate([{ $lookup: { from: "users", pipeline: [{ $match: {} }], as: "u" } }])',
      'read',
      'aggregate',
    ],
    ['db.orders.countDocuments({})', 'read', 'countDocuments'],
    ['db.orders.estimatedDocumentCount()', 'read', 'estimatedDocumentCount'],
    ['db.orders.distinct("a", { b: 1 })', 'read', 'distinct'],
    ['db.orders.getIndexes()', 'read', 'getIndexes'],
    ['db.orders.explain("executionStats").find({})', 'read', 'explain'],
    ['db.orders.find({}).explain()', 'read', 'explain'],
    ['db.runCommand({ ping: 1 })', 'read', 'ping'],
    ['db.runCommand("ping")', 'read', 'ping'],
    ['db.runCommand({ find: "orders", filter: { a: 1 } })', 'read', 'find'],
    ['db.getCollectionNames()', 'read', 'getCollectionNames'],
    ['show collections', 'read', 'show collections'],
    ['db.orders.insertOne({ a: 1 })', 'dml', 'insertOne'],
    ['db.orders.insertMany([{ a: 1 }, { a: 2 }], { ordered: false })', 'dml', 'insertMany'],
    ['db.orders.updateOne({ a: 1 }, { $set: { b: 1 } }, { upsert: true })', 'dml', 'updateOne'],
    ['db.orders.updateMany({ a: 1 }, [{ $set: { b: "$a" } }])', 'dml', 'updateMany'],
    ['db.orders.replaceOne({ a: 1 }, { b: 1 })', 'dml', 'replaceOne'],
    ['db.orders.deleteOne({ a: 1 })', 'dml', 'deleteOne'],
    [
      'db.orders.findOneAndUpdate({ a: 1 }, { $inc: { a: 1 } }, { returnDocument: "after" })',
      'dml',
      'findOneAndUpdate',
    ],
    ['db.orders.findOneAndDelete({ a: 1 })', 'dml', 'findOneAndDelete'],
    ['db.orders.aggregate([{ $out: "copy" }])', 'dml', 'aggregate'],
    [
      'db.orders.aggregate([{ $merge: { into: "copy", whenMatched: [{ $set: { a: 1 } }] } }])',
      'dml',
      'aggregate',
    ],
    ['db.runCommand({ aggregate: "orders", pipeline: [{ $out: "copy" }], cursor: {} })', 'dml', 'aggregate'],
    ['db.orders.explain().deleteMany({})', 'dml', 'explain'],
    ['db.runCommand({ delete: "orders", deletes: [{ q: {}, limit: 0 }] })', 'dml', 'delete'],
    ['db.orders.createIndex({ a: 1 }, { unique: true })', 'ddl', 'createIndex'],
    ['db.orders.dropIndex("a_1")', 'ddl', 'dropIndex'],
    ['db.orders.drop()', 'ddl', 'drop'],
    ['db.createCollection("new", { capped: true, size: 1000 })', 'ddl', 'createCollection'],
    ['db.createView("v", "orders", [{ $match: { a: 1 } }])', 'ddl', 'createView'],
  ])('%s is %s', (text, expected, verb) => {
    expect(one(text)).toMatchObject({ class: expected, verb });
  });

  it.each([
    'db.orders.find({ $where: "sleep(1000)" })',
    'db.orders.find({ $or: [{ a: 1 }, { $where: "1" }] })',
    'db.orders.find({ $expr: { $function: { body: "x", args: [], lang: "js" } } })',
    'db.orders.find({}, { a: { $function: { body: "x", args: [], lang: "js" } } })',
    'db.orders.aggregate([{ $addFields: { x: { $function: { body: "x", args: [], lang: "js" } } } }])',
    'db.orders.aggregate([{ $group: { _id: 1, x: { $accumulator: {} } } }])',
    'db.orders.aggregate([{ $lookup: { from: "u", as: "u", pipeline: [{ $match: { $expr: { $function: {} } } }] } }])',
    'db.orders.aggregate([{ $facet: { a: [{ $match: { $where: "1" } }] } }])',
    'db.orders.aggregate([{ $facet: { a: [{ $out: "x" }] } }])',
    'db.orders.aggregate([{ $unionWith: { coll: "u", pipeline: [{ $merge: "x" }] } }])',
    'db.orders.aggregate([{ $unionWith: { coll: "system.users" } }])',
    'db.orders.aggregate([{ $unionWith: "system.js" }])',
    'db.orders.aggregate([{ $lookup: { from: { db: "admin", coll: "system.users" }, as: "x" } }])',
    'db.orders.aggregate([{ $out: { db: "admin", coll: "x" } }])',
    'db.orders.aggregate([{ $merge: { into: { db: "admin", coll: "x" } } }])',
    'db.orders.aggregate([{ $merge: { into: "x", whenMatched: [{ $lookup: {} }] } }])',
    'db.orders.aggregate([{ $currentOp: {} }])',
    'db.orders.aggregate([{ $listSessions: {} }])',
    'db.orders.aggregate([{ $changeStream: {} }])',
    'db.orders.aggregate([{ $unheardOf: {} }])',
    'db.orders.aggregate([{ $match: {}, $out: "x" }])',
    'db.orders.aggregate(["$out"])',
    'db.orders.updateMany({}, [{ $lookup: {} }])',
    'db.orders.updateOne({ $where: "1" }, { $set: { a: 1 } })',
    'db.orders.insertOne({ a: { $where: 1 } })',
    'db.orders.mapReduce("m", "r", { out: "x" })',
    'db.orders.find().forEach(1)',
    'db.orders.find().map(1)',
    'db.orders.remove({})',
    'db.system.users.find()',
    'db.getCollection("system.js").find()',
    'db.getSiblingDB("admin").users.find()',
    'db.adminCommand({ shutdown: 1 })',
    'db.dropDatabase()',
    'db.constructor("x")',
    'db.orders.constructor("x")',
    'db.orders.__proto__({})',
    'db.runCommand({ shutdown: 1 })',
    'db.runCommand({ eval: "1" })',
    'db.runCommand({ mapReduce: "orders", map: "x", reduce: "y", out: "z" })',
    'db.runCommand({ createUser: "x", pwd: "y", roles: ["root"] })',
    'db.runCommand({ setParameter: 1 })',
    'db.runCommand({ find: "orders", $db: "admin" })',
    'db.runCommand({ find: "orders", lsid: {} })',
    'db.runCommand({ find: "system.users" })',
    'db.runCommand({ aggregate: 1, pipeline: [{ $currentOp: {} }], cursor: {} })',
    'db.runCommand({ update: "orders", updates: [{ q: {}, u: [{ $lookup: {} }] }] })',
    'db.runCommand({ explain: { find: "orders" } })',
    'db.runCommand({ constructor: 1 })',
    'db.orders.explain().insertOne({ a: 1 })',
    'db.createView("v", "orders", [{ $match: { $expr: { $function: {} } } }])',
    'show dbs',
    'show users',
  ])('%s is refused', (text) => {
    expect(one(text)).toMatchObject({ class: 'admin', reason: expect.stringMatching(/\.$/) as string });
  });

  it.each([
    ['db.orders', 9],
    ['db', 2],
    ['db.orders.find(5)', 15],
    ['db.orders.find({}, {}, {}, {})', 27],
    ['db.orders.find().limit(-1)', 23],
    ['db.orders.find({}, {}, { strange: 1 })', 23],
    ['db.orders.updateOne({ a: 1 }, { b: 1 })', 30],
    ['db.orders.updateOne({ a: 1 }, { $set: { a: 1 }, b: 1 })', 30],
    ['db.orders.replaceOne({ a: 1 }, { $set: { b: 1 } })', 31],
    ['db.orders.deleteMany()', 22],
    ['db.orders.insertMany([1])', 21],
    ['db.orders.dropIndex("*")', 20],
    ['db["a$b"].find()', 3],
    ['db.orders.insertOne({ a: 1 }, { writeConcern: { w: 0 } })', 30],
    ['db.orders.find({ a: { $code: "x" } })', 20],
  ])('%s makes no sense', (text, position) => {
    expect(analyse(text)).toMatchObject({ statements: [], error: { code: 'syntax_error', position } });
  });

  it('refuses a text that is too long', () => {
    expect(analyse(`db.a.find({ a: "${'x'.repeat(600_000)}" })`).error?.code).toBe('too_long');
  });
});

describe('facts', () => {
  it.each([
    ['db.a.b.find({})', ['read a.b'], false, []],
    ['db.getCollection("a b").find({ a: 1 })', ['read a b'], true, []],
    [
      'db.a.aggregate([{ $match: { x: 1 } }, { $lookup: { from: "b", as: "b" } }, { $unionWith: "c" }, { $facet: { f: [{ $graphLookup: { from: "d" } }] } }, { $out: "e" }])',
      ['read a', 'read b', 'read c', 'read d', 'write e'],
      true,
      ['stores_result'],
    ],
    ['db.a.deleteMany({})', ['write a'], false, ['delete_without_where']],
    ['db.a.updateMany({}, { $set: { a: 1 } })', ['write a'], false, ['update_without_where']],
    ['db.a.updateOne({}, { $set: { a: 1 } })', ['write a'], false, []],
    ['db.a.drop()', ['write a'], null, ['drop']],
    ['db.createView("v", "a", [])', ['write v', 'read a'], null, []],
  ])('of %s', (text, tables, where, codes) => {
    const statement = one(text);
    expect(statement?.tables.map(({ use, name }) => `${use} ${name}`)).toEqual(tables);
    expect(statement?.hasWhere).toBe(where);
    expect(statement?.findings.map(({ code }) => code)).toEqual(codes);
  });

  it('are told per statement, with their places', () => {
    const text = 'db.a.find();\n  db.b.drop()';
    expect(analyse(text).statements.map(({ start, end, text: own }) => [start, end, own])).toEqual([
      [0, 11, 'db.a.find()'],
      [15, 26, 'db.b.drop()'],
    ]);
  });
});

it('makes the command of the protocol, with nothing in it that was not written', () => {
  const command = (text: string): string =>
    JSON.stringify([...operationOf(text).command], (_, value: unknown) =>
      value instanceof Map ? (Object.fromEntries(value) as unknown) : value,
    );
  expect(command('db.a.find({ x: "y" }, { _id: 0 }).sort({ x: 1 }).limit(5).batchSize(3)')).toBe(
    '[["find","a"],["filter",{"x":"y"}],["projection",{"_id":0}],["sort",{"x":1}],["limit",5]]',
  );
  expect(command('db.a.updateMany({ x: 1 }, { $set: { y: 2 } }, { upsert: true, comment: "c" })')).toBe(
    '[["update","a"],["updates",[{"q":{"x":1},"u":{"$set":{"y":2}},"multi":true,"upsert":true}]],["comment","c"]]',
  );
  expect(command('db.a.countDocuments({ x: 1 }, { limit: 5 })')).toBe(
    '[["aggregate","a"],["pipeline",[{"$match":{"x":1}},{"$limit":5},{"$count":"n"}]],["cursor",{}]]',
  );
  expect(command('db.a.createIndex({ x: 1, y: -1 }, { unique: true })')).toBe(
    '[["createIndexes","a"],["indexes",[{"key":{"x":1,"y":-1},"name":"x_1_y_-1","unique":true}]]]',
  );
  expect(command('db.a.find({ x: 1 }).explain("executionStats")')).toBe(
    '[["explain",{"find":"a","filter":{"x":1}}],["verbosity","executionStats"]]',
  );
});
