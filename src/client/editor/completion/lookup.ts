import { unpackColumns, type IndexedColumn, type SchemaIndex } from '../../../engines/schema-index.js';
import type { Word } from './words.js';
import { namedQuery, type Relation, type Scope, type Source } from './scope.js';

export interface Table {
  /** Counted over all schemas, as foreign keys count. */
  readonly number: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
}

/** A foreign key seen from one of its ends. */
export interface Link {
  readonly columns: readonly string[];
  readonly other: Table;
  readonly otherColumns: readonly string[];
  /** The other end is the one that is referred to. */
  readonly outward: boolean;
}

export type NamedColumn = Pick<IndexedColumn, 'name' | 'type' | 'primaryKey'>;

const MAX_DEPTH = 6;

/** A schema index, made ready to be asked: columns are taken apart when their table is first used. */
export class SchemaLookup {
  readonly tables: readonly Table[];
  private readonly byName = new Map<string, Table[]>();
  private readonly columns = new Map<number, IndexedColumn[]>();
  private readonly links = new Map<number, Link[]>();
  private readonly packed: readonly string[];

  constructor(readonly index: SchemaIndex) {
    const all = index.schemas.flatMap((schema) =>
      schema.tables.map((table) => ({ schema: schema.name, table })),
    );
    this.packed = all.map(({ table }) => table[2]);
    this.tables = all.map(({ schema, table: [name, kind] }, number) => ({ number, schema, name, kind }));
    for (const table of this.tables) push(this.byName, table.name.toLowerCase(), table);
    for (const [table, columns, referenced, otherColumns] of index.keys)
      this.link(table, columns, referenced, otherColumns);
  }

  /** The table that a name means; without a schema the default one comes first. */
  find(schema: string | null, name: string): Table | undefined {
    const found = this.byName.get(name.toLowerCase()) ?? [];
    if (schema === null) return found.find((table) => this.isDefault(table.schema)) ?? found[0];
    return found.find((table) => table.schema.toLowerCase() === schema.toLowerCase());
  }

  /** Its tables need no schema before their name. */
  isDefault(schema: string): boolean {
    return schema === 'public' || schema === 'main' || this.index.schemas.length === 1;
  }

  columnsOf({ number }: Table): readonly IndexedColumn[] {
    const known = this.columns.get(number);
    if (known !== undefined) return known;
    const columns = unpackColumns(this.packed[number] ?? '', this.index.types);
    this.columns.set(number, columns);
    return columns;
  }

  linksOf({ number }: Table): readonly Link[] {
    return this.links.get(number) ?? [];
  }

  /** The table that a relation of a statement stands for, if it is one. */
  tableOf({ source }: Relation, scope: Scope | null): Table | undefined {
    if (source.kind !== 'table') return undefined;
    if (source.schema === null && namedQuery(scope, source.name) !== undefined) return undefined;
    return this.find(source.schema, source.name);
  }

  /** Columns of a table, or of what a query in FROM or WITH gives. */
  relationColumns(relation: Relation, scope: Scope | null, depth = 0): readonly NamedColumn[] {
    const { source } = relation;
    if (depth > MAX_DEPTH) return [];
    if (source.kind === 'query') return this.queryColumns(source, depth);
    if (source.kind === 'function') return [];
    const named = source.schema === null ? namedQuery(scope, source.name) : undefined;
    if (named !== undefined) return this.relationColumns(named, scope, depth + 1);
    const table = this.find(source.schema, source.name);
    return table === undefined ? [] : this.columnsOf(table);
  }

  private queryColumns(
    { names, scopes }: Extract<Source, { kind: 'query' }>,
    depth: number,
  ): readonly NamedColumn[] {
    const given = names.map((name) => ({ name, type: '', primaryKey: false }));
    const [first] = scopes;
    if (given.length > 0 || first === undefined) return given;
    return first.items.flatMap((item) => this.itemColumns(item, first, depth));
  }

  private itemColumns(item: readonly Word[], scope: Scope, depth: number): readonly NamedColumn[] {
    if (item.at(-1)?.key === '*') {
      const of = item.length > 1 ? item[0]?.text.toLowerCase() : undefined;
      const relations = scope.relations.filter(({ label }) => of === undefined || label.toLowerCase() === of);
      return relations.flatMap((relation) => this.relationColumns(relation, scope, depth + 1));
    }
    const name = nameOf(item);
    return name === undefined ? [] : [{ name, type: '', primaryKey: false }];
  }

  private link(from: number, columns: readonly string[], to: number, toColumns: readonly string[]): void {
    const [table, referenced] = [this.tables[from], this.tables[to]];
    if (table === undefined || referenced === undefined) return;
    push(this.links, from, { columns, other: referenced, otherColumns: toColumns, outward: true });
    if (from !== to)
      push(this.links, to, { columns: toColumns, other: table, otherColumns: columns, outward: false });
  }
}

/** What the server will call an item of a select list: its alias, or the column or function that it is. */
function nameOf(item: readonly Word[]): string | undefined {
  const last = item.findLast(({ kind }) => kind !== 'mark');
  if (last?.kind !== 'word' && last?.kind !== 'name') return undefined;
  const before = item[item.indexOf(last) - 1];
  const plain = before === undefined || before.key === '.' || before.key === 'as' || before.key === '(';
  return plain || before.kind !== 'mark' ? last.text : undefined;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
