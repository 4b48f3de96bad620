import type { TableUse } from '../../engine.js';
import { Refusal } from '../shell/shell-error.js';
import { isDocument, isList, type ShellDocument, type ShellValue } from '../shell/values.js';
import { collectionName, reads, writes } from './operation.js';

/** They run a program on the server, wherever they stand. */
const CODE: ReadonlySet<string> = new Set(['$where', '$function', '$accumulator', '$code', '$scope']);

/** Stages that only read, and only what this database holds. */
const STAGES: ReadonlySet<string> = new Set([
  '$addFields',
  '$bucket',
  '$bucketAuto',
  '$collStats',
  '$count',
  '$densify',
  '$documents',
  '$facet',
  '$fill',
  '$geoNear',
  '$graphLookup',
  '$group',
  '$indexStats',
  '$limit',
  '$lookup',
  '$match',
  '$project',
  '$redact',
  '$replaceRoot',
  '$replaceWith',
  '$sample',
  '$search',
  '$searchMeta',
  '$set',
  '$setWindowFields',
  '$skip',
  '$sort',
  '$sortByCount',
  '$unionWith',
  '$unset',
  '$unwind',
  '$vectorSearch',
]);

const WRITING: ReadonlySet<string> = new Set(['$out', '$merge']);

/** What an update that is written as a pipeline may do. */
const UPDATE_STAGES: ReadonlySet<string> = new Set([
  '$addFields',
  '$project',
  '$replaceRoot',
  '$replaceWith',
  '$set',
  '$unset',
]);

/** Throws where any name at any depth would run a program on the server. */
export function refuseCode(value: ShellValue | undefined): void {
  if (isList(value)) {
    for (const item of value) refuseCode(item);
  } else if (isDocument(value)) {
    for (const [name, inner] of value) {
      if (CODE.has(name)) throw new Refusal(`${name} runs a program on the server.`);
      refuseCode(inner);
    }
  }
}

export interface PipelineUse {
  readonly tables: readonly TableUse[];
  /** Set when the pipeline stores what comes out of it. */
  readonly stores: boolean;
}

/** Which collections a pipeline uses beside its own. Throws for stages that are not known to be harmless. */
export function usesOf(pipeline: ShellValue | undefined): PipelineUse {
  const uses = stagesOf(pipeline).map(useOf);
  return { tables: uses.flatMap(({ tables }) => tables), stores: uses.some(({ stores }) => stores) };
}

function useOf({ name, value }: Stage): PipelineUse {
  if (WRITING.has(name)) {
    refuseStages(isDocument(value) ? value.get('whenMatched') : undefined);
    return { tables: [writes(storedIn(value))], stores: true };
  }
  if (!STAGES.has(name)) throw new Refusal(`The stage ${name} is not known to only read this database.`);
  const inner = innerUses(name, value);
  if (inner.some(({ stores }) => stores)) {
    throw new Refusal('A pipeline within another cannot store anything.');
  }
  return { tables: inner.flatMap(({ tables }) => tables), stores: false };
}

/** An update that is a pipeline may only shape its own document. */
export function refuseStages(pipeline: ShellValue | undefined): void {
  if (!isList(pipeline)) return;
  const strange = stagesOf(pipeline).find(({ name }) => !UPDATE_STAGES.has(name));
  if (strange !== undefined) throw new Refusal(`The stage ${strange.name} has no place in an update.`);
}

interface Stage {
  readonly name: string;
  readonly value: ShellValue;
}

function stagesOf(pipeline: ShellValue | undefined): Stage[] {
  if (!isList(pipeline)) throw new Refusal('A pipeline is a list of stages.');
  return pipeline.map((stage) => {
    const [[name, value] = []] = isDocument(stage) ? stage : [];
    if (!isDocument(stage) || stage.size !== 1 || name === undefined || value === undefined) {
      throw new Refusal('A stage is a document with one name.');
    }
    return { name, value };
  });
}

function innerUses(name: string, value: ShellValue): PipelineUse[] {
  if (name === '$facet') return isDocument(value) ? [...value.values()].map(usesOf) : [];
  if (name === '$unionWith' && typeof value === 'string') return [from(value)];
  if (!isDocument(value)) return [];
  const source = value.get(name === '$unionWith' ? 'coll' : 'from');
  const inner = value.get('pipeline');
  if (!['$lookup', '$graphLookup', '$unionWith'].includes(name)) return [];
  return [...(source === undefined ? [] : [from(source)]), ...(inner === undefined ? [] : [usesOf(inner)])];
}

/** Only a plain name: a document would name another database. */
function from(source: ShellValue): PipelineUse {
  if (typeof source !== 'string') throw new Refusal('Only collections of this database can be read.');
  return { tables: [reads(collectionName(source, 0))], stores: false };
}

function storedIn(value: ShellValue): string {
  const into: ShellValue | undefined = isDocument(value) ? (value.get('into') ?? value) : value;
  if (typeof into === 'string') return collectionName(into, 0);
  const name = isDocument(into) && !into.has('db') ? into.get('coll') : undefined;
  if (typeof name !== 'string') throw new Refusal('The result can only be stored in this database.');
  return collectionName(name, 0);
}

/** A document that names nothing but operators, or one that names none. */
export function hasOperators(document: ShellDocument): 'all' | 'none' | 'some' {
  const operators = [...document.keys()].filter((name) => name.startsWith('$')).length;
  if (operators === 0) return 'none';
  return operators === document.size ? 'all' : 'some';
}
