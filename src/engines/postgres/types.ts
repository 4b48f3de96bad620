import type { Column, ValueKind } from '../engine.js';
import type { FieldDescription } from './wire/fields.js';

/** A type of the server. `category` is pg_type.typcategory. */
export interface ServerType {
  readonly name: string;
  readonly category: string;
}

export type TypeNames = ReadonlyMap<number, ServerType>;

/** All types but the row types of tables; new ones are asked for when they come up. */
export const ALL_TYPES = `select oid, format_type(oid, null), typcategory from pg_catalog.pg_type where typtype <> 'c'`;

export function typesByOid(oids: readonly number[]): string {
  return `select oid, format_type(oid, null), typcategory from pg_catalog.pg_type where oid in (${oids.join(', ')})`;
}

const KIND_BY_NAME: Readonly<Record<string, ValueKind>> = {
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  oid: 'integer',
  numeric: 'decimal',
  real: 'float',
  'double precision': 'float',
  boolean: 'boolean',
  json: 'json',
  jsonb: 'json',
  bytea: 'binary',
  date: 'time',
  interval: 'time',
};

/** Short names that people write, where format_type gives the standard's long ones. */
const SHORT: Readonly<Record<string, string>> = {
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
  'time with time zone': 'timetz',
  'time without time zone': 'time',
  'character varying': 'varchar',
  character: 'char',
  'bit varying': 'varbit',
};

export function columnOf({ name, typeOid, typeModifier }: FieldDescription, types: TypeNames): Column {
  const type = types.get(typeOid) ?? { name: `type ${String(typeOid)}`, category: 'X' };
  const array = type.name.endsWith('[]');
  const base = array ? type.name.slice(0, -2) : type.name;
  const short = `${SHORT[base] ?? base}${modifierOf(base, typeModifier)}`;
  return { name, type: array ? `${short}[]` : short, kind: array ? 'other' : kindOf(type) };
}

function kindOf({ name, category }: ServerType): ValueKind {
  const known = KIND_BY_NAME[name];
  if (known !== undefined) return known;
  if (/^(?:timestamp|time) /.test(name)) return 'time';
  return category === 'S' || category === 'E' ? 'text' : 'other';
}

/** Modifiers as the server packs them (numerictypmodin, varchartypmodin, …). */
function modifierOf(base: string, modifier: number): string {
  if (modifier < 0) return '';
  if (base === 'numeric') {
    const packed = modifier - 4;
    // Scale is eleven bits with a sign: negative scales round before the decimal point.
    const scale = ((packed & 0x7ff) ^ 1024) - 1024;
    return `(${String((packed >> 16) & 0xffff)},${String(scale)})`;
  }
  if (base.startsWith('character')) return `(${String(modifier - 4)})`;
  if (base.startsWith('bit') || base.startsWith('time')) return `(${String(modifier)})`;
  return '';
}
