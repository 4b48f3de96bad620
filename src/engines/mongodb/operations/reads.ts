import type { Finding } from '../../engine.js';
import type { Link } from '../shell/parser.js';
import { Refusal, ShellError } from '../shell/shell-error.js';
import {
  countOf,
  documentOf,
  isDocument,
  isList,
  listOf,
  textOf,
  type Argument,
  type ShellDocument,
  type ShellValue,
} from '../shell/values.js';
import {
  atMost,
  int,
  isShown,
  noChain,
  operation,
  optionsOf,
  reads,
  type Call,
  type Operation,
} from './operation.js';
import { usesOf } from './safety.js';

type Parts = Map<string, ShellValue>;

const EMPTY: ShellDocument = new Map();
const FIND_OPTIONS = [
  'sort',
  'skip',
  'limit',
  'hint',
  'collation',
  'allowDiskUse',
  'comment',
  'maxTimeMS',
  'projection',
];

const stored =
  (name: string) =>
  (parts: Parts, link: Link): void => {
    const [argument] = link.args ?? [];
    if (argument === undefined) throw new ShellError(`${link.name} needs a value.`, link.end);
    parts.set(name, argument.value);
  };

const counted =
  (name: string) =>
  (parts: Parts, link: Link): void => {
    const [argument] = link.args ?? [];
    if (argument === undefined) throw new ShellError(`${link.name} needs a number.`, link.end);
    parts.set(name, int(countOf(argument)));
  };

/** What can be called on the result of find; how many documents come at a time is decided by the limits. */
const MODIFIERS: ReadonlyMap<string, (parts: Parts, link: Link) => void> = new Map([
  ['sort', stored('sort')],
  ['limit', counted('limit')],
  ['skip', counted('skip')],
  ['projection', stored('projection')],
  ['project', stored('projection')],
  ['hint', stored('hint')],
  ['collation', stored('collation')],
  ['min', stored('min')],
  ['max', stored('max')],
  ['comment', stored('comment')],
  ['allowDiskUse', (parts: Parts) => void parts.set('allowDiskUse', true)],
  ['maxTimeMS', counted('maxTimeMS')],
  ['batchSize', () => undefined],
]);

export function find(call: Call): Operation {
  atMost(3, call);
  const filter = filterOf(call.args[0]);
  const parts: Parts = new Map(optionsOf(call.args[2], FIND_OPTIONS));
  if (call.args[1] !== undefined) parts.set('projection', documentOf(call.args[1], call.method.end));
  const counts = call.chain.find(({ name }) => name === 'count' || name === 'size');
  for (const link of call.chain) {
    if (link === counts || isShown(link)) continue;
    const modify = MODIFIERS.get(link.name);
    if (modify === undefined) throw new Refusal(`${link.name} cannot be called on a result here.`);
    modify(parts, link);
  }
  return counts === undefined ? findOperation(call, filter, parts) : countOperation(call, filter, parts);
}

function findOperation({ collection }: Call, filter: ShellDocument, parts: Parts): Operation {
  const facts = { class: 'read', verb: 'find', answer: 'cursor', tables: [reads(collection)] } as const;
  return operation({ ...facts, hasWhere: filter.size > 0 }, [
    ['find', collection],
    ['filter', filter],
    ...parts,
  ]);
}

function countOperation({ collection }: Call, filter: ShellDocument, parts: Parts): Operation {
  const facts = { class: 'read', verb: 'count', answer: 'count', tables: [reads(collection)] } as const;
  const kept = ['skip', 'limit', 'hint', 'collation'].map((name) => [name, parts.get(name)] as const);
  return operation({ ...facts, hasWhere: filter.size > 0 }, [
    ['count', collection],
    ['query', filter],
    ...kept,
  ]);
}

export function findOne(call: Call): Operation {
  noChain(call);
  const { command, ...facts } = find({ ...call, chain: [] });
  return operation({ ...facts, verb: 'findOne' }, [...command, ['limit', int(1)], ['singleBatch', true]]);
}

const AGGREGATE_OPTIONS = ['allowDiskUse', 'collation', 'hint', 'let', 'comment', 'maxTimeMS'];

export function aggregate(call: Call): Operation {
  noChain(call);
  const [first, second] = call.args;
  const listed = first === undefined || isList(first.value);
  if (listed) atMost(2, call);
  const pipeline: readonly ShellValue[] = listed
    ? first === undefined
      ? []
      : listOf(first, call.method.end)
    : call.args.map(({ value }) => value);
  const options = listed ? optionsOf(second, AGGREGATE_OPTIONS) : EMPTY;
  return aggregateOperation(call.collection, pipeline, [...options]);
}

export function aggregateOperation(
  collection: string,
  pipeline: readonly ShellValue[],
  options: readonly (readonly [string, ShellValue])[],
): Operation {
  const { tables, stores } = usesOf(pipeline);
  const findings: Finding[] = stores
    ? [
        {
          code: 'stores_result',
          severity: 'warning',
          message: 'What comes out replaces or changes documents of a collection.',
        },
      ]
    : [];
  const [first] = pipeline;
  return operation(
    {
      class: stores ? 'dml' : 'read',
      verb: 'aggregate',
      answer: 'cursor',
      tables: [reads(collection), ...tables],
      hasWhere: isDocument(first) && first.has('$match'),
      findings,
      reason: stores ? 'It stores what comes out.' : null,
    },
    [['aggregate', collection], ['pipeline', pipeline], ['cursor', EMPTY], ...options],
  );
}

const COUNT_OPTIONS = ['skip', 'limit', 'hint', 'collation', 'comment', 'maxTimeMS'];

/** Counts what matches, not what the collection's own record says: that may be off after a crash. */
export function countDocuments(call: Call): Operation {
  atMost(2, call);
  noChain(call);
  const filter = filterOf(call.args[0]);
  const options = optionsOf(call.args[1], COUNT_OPTIONS);
  const stages = ['skip', 'limit'].flatMap((name) => {
    const value = options.get(name);
    return value === undefined ? [] : [new Map([[`$${name}`, value]])];
  });
  const pipeline = [new Map([['$match', filter]]), ...stages, new Map([['$count', 'n']])];
  const rest = [...options].filter(([name]) => name !== 'skip' && name !== 'limit');
  const { command, ...facts } = aggregateOperation(call.collection, pipeline, rest);
  return operation({ ...facts, verb: 'countDocuments', answer: 'total', hasWhere: filter.size > 0 }, [
    ...command,
  ]);
}

export function count(call: Call): Operation {
  atMost(2, call);
  noChain(call);
  return countOperation(call, filterOf(call.args[0]), new Map(optionsOf(call.args[1], COUNT_OPTIONS)));
}

export function estimatedDocumentCount(call: Call): Operation {
  atMost(0, call);
  noChain(call);
  const facts = { class: 'read', verb: 'estimatedDocumentCount', answer: 'count' } as const;
  return operation({ ...facts, tables: [reads(call.collection)] }, [['count', call.collection]]);
}

export function distinct(call: Call): Operation {
  atMost(3, call);
  noChain(call);
  const { collection, args, method } = call;
  const filter = filterOf(args[1]);
  const facts = { class: 'read', verb: 'distinct', answer: 'values', tables: [reads(collection)] } as const;
  return operation({ ...facts, hasWhere: filter.size > 0 }, [
    ['distinct', collection],
    ['key', textOf(args[0], method.end)],
    ['query', filter],
    ...optionsOf(args[2], ['collation', 'hint', 'comment', 'maxTimeMS']),
  ]);
}

export function getIndexes(call: Call): Operation {
  atMost(0, call);
  noChain(call);
  const facts = { class: 'read', verb: 'getIndexes', answer: 'cursor' } as const;
  return operation({ ...facts, tables: [reads(call.collection)] }, [['listIndexes', call.collection]]);
}

export function stats(call: Call): Operation {
  atMost(0, call);
  noChain(call);
  const facts = { class: 'read', verb: 'stats', answer: 'document' } as const;
  return operation({ ...facts, tables: [reads(call.collection)] }, [['collStats', call.collection]]);
}

/** A condition; none is everything. */
export function filterOf(argument: Argument | undefined): ShellDocument {
  return argument === undefined ? EMPTY : documentOf(argument, argument.start);
}
