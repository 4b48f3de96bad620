import { isFields, namesIn, nodesOf, tagged, textOf, type Fields } from '../analysis/tree.js';

type Node = readonly [string, Fields];

/** One statement's tree, with what most review rules ask of it. */
export class Parsed {
  readonly nodes: readonly Node[];

  constructor(
    readonly type: string,
    readonly fields: Fields,
  ) {
    this.nodes = [...nodesOf({ [type]: fields })];
  }

  /** The fields of every node of a type, wherever it stands. */
  all(type: string): Fields[] {
    return this.nodes.flatMap(([name, fields]) => (name === type ? [fields] : []));
  }

  is(...types: readonly string[]): boolean {
    return types.includes(this.type);
  }

  has(field: string): boolean {
    return this.fields[field] !== undefined;
  }

  text(field: string): string {
    return textOf(this.fields, field);
  }

  /** The commands of ALTER TABLE with this subtype. */
  commands(subtype: string): Fields[] {
    return this.all('AlterTableCmd').filter((command) => textOf(command, 'subtype') === subtype);
  }

  /** Definitions of columns: of a new table, or added to one. */
  get columns(): Fields[] {
    return this.is('CreateStmt', 'AlterTableStmt') ? this.all('ColumnDef') : [];
  }

  constraints(type: string): Fields[] {
    return this.all('Constraint').filter((constraint) => textOf(constraint, 'contype') === type);
  }
}

/** The nodes in a list: `[{ RangeVar: … }]` → `[['RangeVar', …]]`. */
export function listOf(value: unknown): Node[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    const node = tagged(item);
    return node === undefined ? [] : [node];
  });
}

export function countOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

/** The fields of a node that may be tagged with its type or not. */
export function plain(value: unknown): Fields {
  return tagged(value)?.[1] ?? (isFields(value) ? value : {});
}

/** The type of a column without its schema: `int4`, `bpchar`, `serial`. */
export function typeOf(column: Fields): string {
  return namesIn(plain(column['typeName'])['names']).at(-1) ?? '';
}

/** The text of a constant; undefined for anything that is not one. */
export function constantText(value: unknown): string | undefined {
  const [type, constant] = tagged(value) ?? [];
  const text = type === 'A_Const' ? plain(constant?.['sval'])['sval'] : undefined;
  return typeof text === 'string' ? text : undefined;
}

/** A whole number that is written as a constant; 0 is stored as an absent value. */
export function constantNumber(value: unknown): number | undefined {
  const [type, constant] = tagged(value) ?? [];
  if (type !== 'A_Const' || constant?.['ival'] === undefined) return undefined;
  const number = plain(constant['ival'])['ival'] ?? 0;
  return typeof number === 'number' ? number : undefined;
}

export function isNull(value: unknown): boolean {
  const [type, constant] = tagged(value) ?? [];
  return type === 'A_Const' && constant?.['isnull'] === true;
}

export function isColumn(value: unknown): boolean {
  return tagged(value)?.[0] === 'ColumnRef';
}

export function operatorOf(expression: Fields): string {
  return namesIn(expression['name']).at(-1) ?? '';
}

/** `true`, `1 = 1` and the like: a condition that every row meets. */
export function isAlwaysTrue(value: unknown): boolean {
  const [type, fields] = tagged(value) ?? ['', {}];
  if (type === 'A_Const') return plain(fields['boolval'])['boolval'] === true;
  if (type !== 'A_Expr' || operatorOf(fields) !== '=') return false;
  const sides = [fields['lexpr'], fields['rexpr']].map((side) => JSON.stringify(withoutPlaces(side)));
  return sides[0] === sides[1];
}

/** The same expression is the same text, wherever it stands in the statement. */
export function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) =>
      name.endsWith('location') ? [] : [[name, withoutPlaces(inner)]],
    ),
  );
}
