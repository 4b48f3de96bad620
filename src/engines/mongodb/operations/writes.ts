import type { Finding } from '../../engine.js';
import { ShellError } from '../shell/shell-error.js';
import {
  documentOf,
  isDocument,
  isList,
  listOf,
  type Argument,
  type ShellDocument,
  type ShellValue,
} from '../shell/values.js';
import {
  atMost,
  int,
  noChain,
  operation,
  optionsOf,
  writes,
  type Call,
  type Operation,
} from './operation.js';
import { filterOf } from './reads.js';
import { hasOperators, refuseStages } from './safety.js';

type Part = readonly [string, ShellValue | undefined];

const facts = (verb: string, collection: string, filter?: ShellDocument, many = false) => ({
  class: 'dml' as const,
  verb,
  answer: 'written' as const,
  tables: [writes(collection)],
  hasWhere: filter === undefined ? null : filter.size > 0,
  findings: many && filter?.size === 0 ? [everyDocument(verb)] : [],
});

const everyDocument = (verb: string): Finding => ({
  code: verb.startsWith('delete') ? 'delete_without_where' : 'update_without_where',
  severity: 'warning',
  message: `${verb} without a condition concerns every document.`,
});

const INSERT_OPTIONS = ['ordered', 'comment'];

export function insertOne(call: Call): Operation {
  const { args, method } = checked(call, 2);
  return insertion(call, [documentOf(args[0], method.end)]);
}

export function insertMany(call: Call): Operation {
  const { args, method } = checked(call, 2);
  const documents = listOf(args[0], method.end);
  if (documents.length === 0 || !documents.every(isDocument)) {
    throw new ShellError('A list of documents is needed here.', args[0]?.start ?? method.end);
  }
  return insertion(call, documents);
}

function insertion({ collection, args, method }: Call, documents: readonly ShellValue[]): Operation {
  return operation(facts(method.name, collection), [
    ['insert', collection],
    ['documents', documents],
    ...optionsOf(args[1], INSERT_OPTIONS),
  ]);
}

const UPDATE_OPTIONS = ['upsert', 'arrayFilters', 'collation', 'hint', 'let', 'comment'];
const ON_COMMAND = ['let', 'comment'];

const update =
  (many: boolean) =>
  (call: Call): Operation => {
    const { args, method } = checked(call, 3);
    return changing(call, changeOf(args[1], method.end), many);
  };

export const updateOne = update(false);
export const updateMany = update(true);

export function replaceOne(call: Call): Operation {
  const { args, method } = checked(call, 3);
  return changing(call, replacementOf(args[1], method.end), false);
}

function changing({ collection, args, method }: Call, change: ShellValue, many: boolean): Operation {
  const filter = conditionOf(args[0], method.end);
  const { own, shared } = parted(optionsOf(args[2], UPDATE_OPTIONS));
  const one = new Map<string, ShellValue>([['q', filter], ['u', change], ['multi', many], ...own]);
  return operation(facts(method.name, collection, filter, many), [
    ['update', collection],
    ['updates', [one]],
    ...shared,
  ]);
}

const DELETE_OPTIONS = ['collation', 'hint', 'let', 'comment'];

const deletion =
  (many: boolean) =>
  (call: Call): Operation => {
    const { collection, args, method } = checked(call, 2);
    const filter = conditionOf(args[0], method.end);
    const { own, shared } = parted(optionsOf(args[1], DELETE_OPTIONS));
    const one = new Map<string, ShellValue>([['q', filter], ['limit', int(many ? 0 : 1)], ...own]);
    return operation(facts(method.name, collection, filter, many), [
      ['delete', collection],
      ['deletes', [one]],
      ...shared,
    ]);
  };

export const deleteOne = deletion(false);
export const deleteMany = deletion(true);

const FIND_AND_OPTIONS = [
  'sort',
  'projection',
  'upsert',
  'returnDocument',
  'returnNewDocument',
  'arrayFilters',
  'collation',
  'hint',
  'let',
  'comment',
  'maxTimeMS',
];

export function findOneAndUpdate(call: Call): Operation {
  const { args, method } = checked(call, 3);
  return findAnd(call, [['update', changeOf(args[1], method.end)]], args[2]);
}

export function findOneAndReplace(call: Call): Operation {
  const { args, method } = checked(call, 3);
  return findAnd(call, [['update', replacementOf(args[1], method.end)]], args[2]);
}

export function findOneAndDelete(call: Call): Operation {
  const { args } = checked(call, 2);
  return findAnd(call, [['remove', true]], args[1]);
}

function findAnd(
  { collection, args, method }: Call,
  act: readonly Part[],
  options: Argument | undefined,
): Operation {
  const filter = conditionOf(args[0], method.end);
  const { returnDocument, returnNewDocument, projection, ...rest } = Object.fromEntries(
    optionsOf(options, FIND_AND_OPTIONS),
  ) as Readonly<Record<string, ShellValue | undefined>>;
  const after = returnDocument === 'after' || returnNewDocument === true;
  return operation({ ...facts(method.name, collection, filter), answer: 'found' }, [
    ['findAndModify', collection],
    ['query', filter],
    ...act,
    ['fields', projection],
    ['new', after ? true : undefined],
    ...Object.entries(rest),
  ]);
}

function checked(call: Call, most: number): Call {
  atMost(most, call);
  noChain(call);
  return call;
}

/** A write says what it concerns, even when that is everything. */
function conditionOf(argument: Argument | undefined, at: number): ShellDocument {
  if (argument === undefined) throw new ShellError('Which documents? Write { } for all.', at);
  return filterOf(argument);
}

/** Operators, or a pipeline: a plain document would replace what is there. */
function changeOf(argument: Argument | undefined, at: number): ShellValue {
  if (isList(argument?.value)) {
    refuseStages(argument.value);
    return argument.value;
  }
  const change = documentOf(argument, at);
  if (hasOperators(change) !== 'all') {
    throw new ShellError('A change is written with operators: { $set: { … } }', argument?.start ?? at);
  }
  return change;
}

function replacementOf(argument: Argument | undefined, at: number): ShellDocument {
  const replacement = documentOf(argument, at);
  if (hasOperators(replacement) !== 'none') {
    throw new ShellError('A replacement is a plain document, without operators.', argument?.start ?? at);
  }
  return replacement;
}

/** Some options belong to the single change, some to the command around it. */
function parted(options: ShellDocument): { readonly own: Given[]; readonly shared: Given[] } {
  const all = [...options];
  return {
    own: all.filter(([name]) => !ON_COMMAND.includes(name)),
    shared: all.filter(([name]) => ON_COMMAND.includes(name)),
  };
}

type Given = [string, ShellValue];
