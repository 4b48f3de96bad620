import type { StatementClass, TableUse } from '../../engine.js';
import { Refusal, ShellError } from '../shell/shell-error.js';
import {
  documentOf,
  isDocument,
  isList,
  type Argument,
  type ShellDocument,
  type ShellValue,
} from '../shell/values.js';
import { collectionName, operation, reads, writes, type AnswerKind, type Operation } from './operation.js';
import { aggregateOperation } from './reads.js';
import { refuseStages, usesOf } from './safety.js';
import { COLLECTION_OPTIONS } from './schema.js';

interface Known {
  readonly class: StatementClass;
  readonly answer: AnswerKind;
  /** The first value names a collection. */
  readonly collection: boolean;
  readonly names: readonly string[];
}

const EVERYWHERE = ['comment', 'maxTimeMS'];

const known = (
  statementClass: StatementClass,
  answer: AnswerKind,
  collection: boolean,
  ...names: readonly string[]
): Known => ({ class: statementClass, answer, collection, names: [...names, ...EVERYWHERE] });

/** What a command may be, and what it may contain. Whatever is not here concerns the server or people on it. */
const COMMANDS: ReadonlyMap<string, Known> = new Map<string, Known>([
  ['ping', known('read', 'document', false)],
  ['hello', known('read', 'document', false)],
  ['buildInfo', known('read', 'document', false)],
  ['connectionStatus', known('read', 'document', false, 'showPrivileges')],
  ['dbStats', known('read', 'document', false, 'scale', 'freeStorage')],
  [
    'listCollections',
    known('read', 'cursor', false, 'filter', 'nameOnly', 'authorizedCollections', 'cursor'),
  ],
  ['collStats', known('read', 'document', true, 'scale')],
  ['listIndexes', known('read', 'cursor', true, 'cursor')],
  ['count', known('read', 'count', true, 'query', 'limit', 'skip', 'hint', 'collation')],
  ['distinct', known('read', 'values', true, 'key', 'query', 'collation', 'hint')],
  [
    'find',
    known(
      'read',
      'cursor',
      true,
      'filter',
      'projection',
      'sort',
      'skip',
      'limit',
      'hint',
      'collation',
      'min',
      'max',
      'let',
      'allowDiskUse',
      'singleBatch',
      'returnKey',
      'showRecordId',
    ),
  ],
  [
    'aggregate',
    known('read', 'cursor', true, 'pipeline', 'cursor', 'allowDiskUse', 'collation', 'hint', 'let'),
  ],
  ['insert', known('dml', 'written', true, 'documents', 'ordered')],
  ['update', known('dml', 'written', true, 'updates', 'ordered', 'let')],
  ['delete', known('dml', 'written', true, 'deletes', 'ordered', 'let')],
  [
    'findAndModify',
    known(
      'dml',
      'found',
      true,
      'query',
      'sort',
      'update',
      'remove',
      'new',
      'fields',
      'upsert',
      'arrayFilters',
      'collation',
      'hint',
      'let',
    ),
  ],
  ['create', known('ddl', 'done', true, ...COLLECTION_OPTIONS)],
  ['createIndexes', known('ddl', 'done', true, 'indexes')],
  ['dropIndexes', known('ddl', 'done', true, 'index')],
  ['drop', known('ddl', 'done', true)],
]);

export function runCommand(argument: Argument | undefined, at: number): Operation {
  const command =
    typeof argument?.value === 'string' ? new Map([[argument.value, true]]) : documentOf(argument, at);
  return commandOperation(command, argument?.start ?? at);
}

export function commandOperation(command: ShellDocument, start: number): Operation {
  const [[verb, about] = []] = command;
  if (verb === undefined || about === undefined) throw new ShellError('Which command?', start);
  const rule = COMMANDS.get(verb);
  if (rule === undefined) throw new Refusal(`The command ${verb} is not one of those that are run here.`);
  const unknown = [...command.keys()].slice(1).find((name) => !rule.names.includes(name));
  if (unknown !== undefined) throw new Refusal(`${verb} does not take ${unknown} here.`);
  if (verb === 'aggregate') return aggregation(nameOf(about, start), command);
  refuseInner(verb, command);
  const tables = rule.collection ? [useOf(rule, nameOf(about, start))] : [];
  return operation({ class: rule.class, verb, answer: rule.answer, tables }, [...command]);
}

const useOf = ({ class: statementClass }: Known, name: string): TableUse =>
  statementClass === 'read' ? reads(name) : writes(name);

function nameOf(about: ShellValue, start: number): string {
  if (typeof about !== 'string') throw new Refusal('A command is about one collection of this database.');
  return collectionName(about, start);
}

function aggregation(collection: string, command: ShellDocument): Operation {
  const pipeline = command.get('pipeline');
  if (!isList(pipeline)) throw new Refusal('A pipeline is a list of stages.');
  const rest = [...command].filter(([name]) => !['aggregate', 'pipeline', 'cursor'].includes(name));
  return aggregateOperation(collection, pipeline, rest);
}

/** Updates may be pipelines themselves, and a view has one. */
function refuseInner(verb: string, command: ShellDocument): void {
  if (verb === 'findAndModify') refuseStages(command.get('update'));
  const updates = verb === 'update' ? command.get('updates') : undefined;
  for (const update of isList(updates) ? updates : []) {
    refuseStages(isDocument(update) ? update.get('u') : undefined);
  }
  if (command.has('pipeline')) usesOf(command.get('pipeline'));
}
