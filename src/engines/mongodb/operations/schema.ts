import type { Finding } from '../../engine.js';
import type { Link } from '../shell/parser.js';
import { ShellError } from '../shell/shell-error.js';
import {
  documentOf,
  isDocument,
  listOf,
  numberOf,
  textOf,
  type Argument,
  type ShellDocument,
  type ShellValue,
} from '../shell/values.js';
import {
  atMost,
  collectionName,
  noChain,
  operation,
  optionsOf,
  reads,
  writes,
  type Call,
  type Operation,
} from './operation.js';
import { usesOf } from './safety.js';

const INDEX_OPTIONS = [
  'name',
  'unique',
  'sparse',
  'hidden',
  'background',
  'expireAfterSeconds',
  'partialFilterExpression',
  'collation',
  'weights',
  'default_language',
  'language_override',
  'wildcardProjection',
  'bits',
  'min',
  'max',
];

export const COLLECTION_OPTIONS = [
  'capped',
  'size',
  'max',
  'validator',
  'validationLevel',
  'validationAction',
  'collation',
  'timeseries',
  'expireAfterSeconds',
  'clusteredIndex',
  'comment',
];

const DROP: Finding = { code: 'drop', severity: 'warning', message: 'What is dropped cannot be taken back.' };

const facts = (verb: string, collection: string, findings: readonly Finding[] = []) => ({
  class: 'ddl' as const,
  verb,
  answer: 'done' as const,
  tables: [writes(collection)],
  findings,
});

export function createIndex(call: Call): Operation {
  atMost(2, call);
  noChain(call);
  return indexing(call, [documentOf(call.args[0], call.method.end)]);
}

export function createIndexes(call: Call): Operation {
  atMost(2, call);
  noChain(call);
  const keys = listOf(call.args[0], call.method.end).map((value) =>
    documentOf({ value, start: call.args[0]?.start ?? 0 }, call.method.end),
  );
  return indexing(call, keys);
}

function indexing({ collection, args, method }: Call, keys: readonly ShellDocument[]): Operation {
  const options = optionsOf(args[1], INDEX_OPTIONS);
  const indexes = keys.map(
    (key) => new Map<string, ShellValue>([['key', key], ['name', indexName(key)], ...options]),
  );
  return operation(facts(method.name, collection), [
    ['createIndexes', collection],
    ['indexes', indexes],
  ]);
}

/** As the shell names them: `customer_1_placed_-1`. */
function indexName(key: ShellDocument): string {
  return [...key]
    .flatMap(([name, value]) => [name, typeof value === 'string' ? value : String(numberOf(value))])
    .join('_');
}

export function dropIndex(call: Call): Operation {
  atMost(1, call);
  noChain(call);
  const [index] = call.args;
  if (
    index === undefined ||
    index.value === '*' ||
    !(isDocument(index.value) || typeof index.value === 'string')
  ) {
    throw new ShellError('Which index? Write its name or its keys.', index?.start ?? call.method.end);
  }
  return operation(facts('dropIndex', call.collection, [DROP]), [
    ['dropIndexes', call.collection],
    ['index', index.value],
  ]);
}

export function dropIndexes(call: Call): Operation {
  atMost(1, call);
  noChain(call);
  const index = call.args[0]?.value ?? '*';
  return operation(facts('dropIndexes', call.collection, [DROP]), [
    ['dropIndexes', call.collection],
    ['index', index],
  ]);
}

export function drop(call: Call): Operation {
  atMost(0, call);
  noChain(call);
  return operation(facts('drop', call.collection, [DROP]), [['drop', call.collection]]);
}

/** A method of the database itself. */
export interface DatabaseCall {
  readonly method: Link;
  readonly args: readonly Argument[];
}

export function createCollection(call: DatabaseCall): Operation {
  atMost(2, call);
  const name = collectionName(textOf(call.args[0], call.method.end), call.args[0]?.start ?? 0);
  return operation(facts('createCollection', name), [
    ['create', name],
    ...optionsOf(call.args[1], COLLECTION_OPTIONS),
  ]);
}

export function createView(call: DatabaseCall): Operation {
  atMost(4, call);
  const { args, method } = call;
  const name = collectionName(textOf(args[0], method.end), args[0]?.start ?? 0);
  const source = collectionName(textOf(args[1], method.end), args[1]?.start ?? 0);
  const pipeline = listOf(args[2], method.end);
  const { tables, stores } = usesOf(pipeline);
  if (stores) throw new ShellError('A view cannot store anything.', args[2]?.start ?? 0);
  const made = facts('createView', name);
  return operation({ ...made, tables: [...made.tables, reads(source), ...tables] }, [
    ['create', name],
    ['viewOn', source],
    ['pipeline', pipeline],
    ...optionsOf(args[3], ['collation']),
  ]);
}
