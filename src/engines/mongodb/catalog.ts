import { createHash } from 'node:crypto';
import { Int32 } from 'mongodb';
import type { Catalog, CatalogColumn, CatalogIndex, CatalogTable } from '../engine.js';
import { EngineError } from '../engine.js';
import { typeName } from './bson/cells.js';
import { elementsOf, TYPE, type Element } from './bson/elements.js';
import { writeValue } from './bson/extended-json.js';
import { TextWriter } from './bson/text-writer.js';
import { batchOf, textOf, type Reply } from './conversation.js';
import type { Command } from './operations/operation.js';
import type { ShellValue } from './shell/values.js';

type Ask = (command: Command) => Promise<Reply>;

/** What is looked at: so many collections, so many of their oldest and of their newest documents, and so deep. */
const MAX_SAMPLED = 200;
const SAMPLE = new Int32(50);
const SAMPLE_MS = new Int32(2000);
const MAX_NAMES = 10_000;
const MAX_FIELDS = 200;
const MAX_DEPTH = 3;
const AT_A_TIME = 4;

const command = (...parts: readonly (readonly [string, ShellValue])[]): Command => new Map(parts);

interface Listed {
  readonly name: string;
  readonly view: boolean;
}

/** Collections with the fields that a few of their documents have: nothing else says what is in them. */
export async function readCatalog(ask: Ask): Promise<Catalog> {
  const listed = await collectionsOf(ask);
  const tables: CatalogTable[] = [];
  for (let at = 0; at < listed.length; at += AT_A_TIME) {
    const group = listed.slice(at, at + AT_A_TIME);
    tables.push(
      ...(await Promise.all(group.map(async (one, index) => describe(ask, one, at + index < MAX_SAMPLED)))),
    );
  }
  return { version: versionOf(tables), schemas: [{ name: '', tables, routines: [] }] };
}

async function collectionsOf(ask: Ask): Promise<Listed[]> {
  const list = command(['listCollections', true], ['cursor', new Map([['batchSize', new Int32(MAX_NAMES)]])]);
  return batchOf(await ask(list))
    .documents.map((bytes) => {
      const fields = new Map([...elementsOf(bytes)].map((element) => [element.name, element]));
      return { name: textOf(bytes, fields.get('name')), view: textOf(bytes, fields.get('type')) === 'view' };
    })
    .filter(({ name }) => !name.startsWith('system.'))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

async function describe(ask: Ask, { name, view }: Listed, sampled: boolean): Promise<CatalogTable> {
  const documents = sampled ? await sampleOf(ask, name) : [];
  const indexes = view || !sampled ? [] : await quietly(async () => indexesOf(ask, name), []);
  const rows =
    view || !sampled
      ? null
      : await quietly(async () => Number((await ask(command(['count', name])))['n']), null);
  return {
    name,
    kind: view ? 'view' : 'table',
    estimatedRows: rows,
    columns: fieldsOf(documents),
    foreignKeys: [],
    indexes,
    triggers: [],
  };
}

/** One answer of the server, which has 16 MB at most, from either end. */
async function sampleOf(ask: Ask, name: string): Promise<Buffer[]> {
  const find = async (...more: readonly (readonly [string, ShellValue])[]): Promise<readonly Buffer[]> =>
    quietly(
      async () =>
        batchOf(
          await ask(
            command(
              ['find', name],
              ['limit', SAMPLE],
              ['batchSize', SAMPLE],
              ['singleBatch', true],
              ['maxTimeMS', SAMPLE_MS],
              ...more,
            ),
          ),
        ).documents,
      [],
    );
  return [...(await find()), ...(await find(['sort', new Map([['_id', new Int32(-1)]])]))];
}

async function indexesOf(ask: Ask, name: string): Promise<CatalogIndex[]> {
  return batchOf(await ask(command(['listIndexes', name]))).documents.map((bytes) => {
    const fields = new Map([...elementsOf(bytes)].map((element) => [element.name, element]));
    const own = textOf(bytes, fields.get('name'));
    const unique = fields.get('unique');
    const primary = own === '_id_';
    return {
      name: own,
      unique: primary || (unique !== undefined && bytes[unique.start] === 1),
      primary,
      definition: jsonOf(bytes, fields.get('key')),
    };
  });
}

function jsonOf(bytes: Buffer, element: Element | undefined): string {
  const writer = new TextWriter(2000);
  if (element !== undefined) writeValue(bytes, element, writer, 'readable');
  return writer.take().toString('utf8');
}

/** What one collection does not tell, a view whose source has gone for one, keeps nothing else back. */
async function quietly<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EngineError && error.problem.code !== 'connection_lost') return otherwise;
    throw error;
  }
}

/** Fields by their path, with the types that they were seen to have; one that some lack may be missing. */
function fieldsOf(documents: readonly Buffer[]): CatalogColumn[] {
  const seen = new Map<string, { types: Set<string>; count: number }>();
  const look = (bytes: Buffer, at: number, prefix: string, depth: number): void => {
    for (const { type, name, start } of elementsOf(bytes, at)) {
      const path = prefix + name;
      const known = seen.get(path) ?? { types: new Set<string>(), count: 0 };
      if (!seen.has(path) && seen.size >= MAX_FIELDS) continue;
      seen.set(path, known);
      known.types.add(typeName(type));
      known.count += 1;
      if (type === TYPE.document && depth < MAX_DEPTH) look(bytes, start, `${path}.`, depth + 1);
    }
  };
  for (const bytes of documents) look(bytes, 0, '', 1);
  return [...seen].map(([name, { types, count }]) => ({
    name,
    type: [...types].sort().join(' | '),
    nullable: count < documents.length || types.has('null'),
    default: null,
    primaryKey: name === '_id',
  }));
}

/** The same fields have the same version; how many documents there are moves all the time and does not count. */
function versionOf(tables: readonly CatalogTable[]): string {
  const text = JSON.stringify(tables, (key, value: unknown) => (key === 'estimatedRows' ? undefined : value));
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
