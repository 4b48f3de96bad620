import type { Link, ParsedStatement } from '../shell/parser.js';
import { Refusal, ShellError } from '../shell/shell-error.js';
import { textOf, type Argument, type ShellValue } from '../shell/values.js';
import { atMost, collectionName, operation, type Call, type Operation } from './operation.js';
import {
  aggregate,
  count,
  countDocuments,
  distinct,
  estimatedDocumentCount,
  find,
  findOne,
  getIndexes,
  stats,
} from './reads.js';
import { runCommand } from './run-command.js';
import { refuseCode } from './safety.js';
import {
  createCollection,
  createIndex,
  createIndexes,
  createView,
  drop,
  dropIndex,
  dropIndexes,
  type DatabaseCall,
} from './schema.js';
import {
  deleteMany,
  deleteOne,
  findOneAndDelete,
  findOneAndReplace,
  findOneAndUpdate,
  insertMany,
  insertOne,
  replaceOne,
  updateMany,
  updateOne,
} from './writes.js';

const METHODS: ReadonlyMap<string, (call: Call) => Operation> = new Map([
  ['find', find],
  ['findOne', findOne],
  ['aggregate', aggregate],
  ['count', count],
  ['countDocuments', countDocuments],
  ['estimatedDocumentCount', estimatedDocumentCount],
  ['distinct', distinct],
  ['getIndexes', getIndexes],
  ['stats', stats],
  ['insertOne', insertOne],
  ['insertMany', insertMany],
  ['updateOne', updateOne],
  ['updateMany', updateMany],
  ['replaceOne', replaceOne],
  ['deleteOne', deleteOne],
  ['deleteMany', deleteMany],
  ['findOneAndUpdate', findOneAndUpdate],
  ['findOneAndReplace', findOneAndReplace],
  ['findOneAndDelete', findOneAndDelete],
  ['createIndex', createIndex],
  ['createIndexes', createIndexes],
  ['dropIndex', dropIndex],
  ['dropIndexes', dropIndexes],
  ['drop', drop],
]);

const listing = (verb: string): Operation =>
  operation({ class: 'read', verb, answer: 'cursor' }, [
    ['listCollections', true],
    ['nameOnly', true],
  ]);

const about = (verb: string, command: string) => (): Operation =>
  operation({ class: 'read', verb, answer: 'document' }, [[command, true]]);

const DATABASE_METHODS: ReadonlyMap<string, (call: DatabaseCall) => Operation> = new Map<
  string,
  (call: DatabaseCall) => Operation
>([
  ['runCommand', ({ args, method }) => runCommand(args[0], method.end)],
  ['createCollection', createCollection],
  ['createView', createView],
  ['getCollectionNames', () => listing('getCollectionNames')],
  [
    'getCollectionInfos',
    () =>
      operation({ class: 'read', verb: 'getCollectionInfos', answer: 'cursor' }, [['listCollections', true]]),
  ],
  ['stats', about('stats', 'dbStats')],
  ['version', about('version', 'buildInfo')],
  ['hello', about('hello', 'hello')],
]);

/** What people are used to and what is not run here, with what to write instead. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ['insert', 'Write insertOne or insertMany.'],
  ['update', 'Write updateOne or updateMany.'],
  ['remove', 'Write deleteOne or deleteMany.'],
  ['save', 'Write replaceOne with upsert.'],
  ['ensureIndex', 'Write createIndex.'],
  ['findAndModify', 'Write findOneAndUpdate, findOneAndReplace or findOneAndDelete.'],
  ['mapReduce', 'mapReduce runs a program on the server: write aggregate.'],
  ['group', 'group runs a program on the server: write aggregate.'],
  ['eval', 'eval runs a program on the server.'],
  ['dropDatabase', 'A database is removed in its settings.'],
  ['adminCommand', 'The server is kept by those who run it.'],
  ['getSiblingDB', 'Only this database can be reached.'],
  ['renameCollection', 'Collections are renamed by those who run the server.'],
  ['watch', 'Changes cannot be followed here.'],
  ['bulkWrite', 'Write the single changes as statements of their own.'],
]);

/** What a statement asks for. Throws Refusal for what is never done, ShellError for what makes no sense. */
export function compile(parsed: ParsedStatement): Operation {
  for (const { value } of parsed.links.flatMap(({ args }) => args ?? [])) refuseCode(value);
  if (parsed.shows !== null) return shown(parsed.shows);
  const { collection, calls } = targetOf(parsed);
  const explained = calls.find(({ name }) => name === 'explain');
  const [method, ...chain] = calls.filter((link) => link !== explained);
  if (method === undefined) throw new ShellError('What is to be done with it?', parsed.end);
  const inner = collection === null ? onDatabase(method, chain) : onCollection(collection, method, chain);
  return explained === undefined ? inner : explaining(inner, explained.args ?? []);
}

function shown(what: string): Operation {
  if (what === 'collections' || what === 'tables') return listing('show collections');
  throw new Refusal('Only collections can be shown here.');
}

interface Target {
  readonly collection: string | null;
  readonly calls: readonly Link[];
}

/** The names up to the first call are the collection's; getCollection takes any name. */
function targetOf({ links, end }: ParsedStatement): Target {
  const called = links.findIndex(({ args }) => args !== null);
  const first = links[0];
  if (called < 0 || first === undefined) throw new ShellError('What is to be done with it?', end);
  if (called > 0) {
    const name = links.slice(0, called).map((link) => link.name);
    return { collection: collectionName(name.join('.'), first.start), calls: finished(links.slice(called)) };
  }
  if (first.name === 'getCollection') {
    const name = collectionName(textOf(first.args?.[0], first.end), first.start);
    return { collection: name, calls: finished(links.slice(1)) };
  }
  if (!DATABASE_METHODS.has(first.name)) throw unknown(first.name);
  return { collection: null, calls: finished(links) };
}

function finished(calls: readonly Link[]): readonly Link[] {
  const open = calls.find(({ args }) => args === null);
  if (open !== undefined) throw new ShellError(`${open.name} is not called.`, open.start);
  return calls;
}

function onCollection(collection: string, method: Link, chain: readonly Link[]): Operation {
  const compileMethod = METHODS.get(method.name);
  if (compileMethod === undefined) throw unknown(method.name);
  return compileMethod({ collection, method, args: method.args ?? [], chain });
}

function onDatabase(method: Link, chain: readonly Link[]): Operation {
  const compileMethod = DATABASE_METHODS.get(method.name);
  const [more] = chain;
  if (compileMethod === undefined) throw unknown(method.name);
  if (more !== undefined) throw new Refusal(`${more.name} cannot be called on the result of ${method.name}.`);
  return compileMethod({ method, args: method.args ?? [] });
}

const unknown = (name: string): Refusal =>
  new Refusal(INSTEAD.get(name) ?? `${name} is not one of the methods that are run here.`);

const VERBOSITIES: readonly ShellValue[] = ['queryPlanner', 'executionStats', 'allPlansExecution'];
const EXPLAINABLE: readonly string[] = [
  'find',
  'aggregate',
  'count',
  'distinct',
  'update',
  'delete',
  'findAndModify',
];

/** The server plans, and with more than the first verbosity also runs; it changes nothing in either case. */
function explaining(inner: Operation, args: readonly Argument[]): Operation {
  atMost(1, { args, method: { name: 'explain', args, start: 0, end: 0 } });
  const verbosity = args[0]?.value ?? 'queryPlanner';
  if (!VERBOSITIES.includes(verbosity)) throw new ShellError('This is no verbosity.', args[0]?.start ?? 0);
  return explainOperation(inner, verbosity);
}

export function explainOperation(inner: Operation, verbosity: ShellValue): Operation {
  const [[name] = ['']] = inner.command;
  if (!EXPLAINABLE.includes(name)) throw new Refusal('Statements of this kind have no plan.');
  const reason = inner.class === 'read' ? null : 'The plan of a write needs the rights of a write.';
  return operation({ ...inner, verb: 'explain', answer: 'document', findings: [], reason }, [
    ['explain', inner.command],
    ['verbosity', verbosity],
  ]);
}
