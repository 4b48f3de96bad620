import type { Column, ValueKind } from '../engine.js';
import type { ColumnDefinition } from './wire/fields.js';
import type { Rendering } from './wire/text-row.js';

/** The character set of what is no text. */
const BINARY = 63;
const UNSIGNED = 32;
const ENUM = 256;
const SET = 2048;
/** Bytes of the longest character of the connection's character set. */
const CHARACTER_BYTES = 4;

interface TypeFacts {
  readonly name: string;
  readonly kind: ValueKind;
}

/** Types whose name and kind do not depend on anything else, by their number in the protocol. */
const PLAIN: Readonly<Record<number, TypeFacts>> = {
  0x01: { name: 'tinyint', kind: 'integer' },
  0x02: { name: 'smallint', kind: 'integer' },
  0x03: { name: 'int', kind: 'integer' },
  0x04: { name: 'float', kind: 'float' },
  0x05: { name: 'double', kind: 'float' },
  0x06: { name: 'null', kind: 'other' },
  0x08: { name: 'bigint', kind: 'integer' },
  0x09: { name: 'mediumint', kind: 'integer' },
  0x0a: { name: 'date', kind: 'time' },
  0x0d: { name: 'year', kind: 'integer' },
  0x0e: { name: 'date', kind: 'time' },
  0xf2: { name: 'vector', kind: 'binary' },
  0xf5: { name: 'json', kind: 'json' },
  0xff: { name: 'geometry', kind: 'binary' },
};

const WITH_FRACTION: Readonly<Record<number, string>> = { 0x07: 'timestamp', 0x0b: 'time', 0x0c: 'datetime' };
const DECIMALS: ReadonlySet<number> = new Set([0x00, 0xf6]);
const BIT = 0x10;
const CHAR = 0xfe;
const BLOBS: ReadonlySet<number> = new Set([0xf9, 0xfa, 0xfb, 0xfc]);
/** Number of decimals that stands for "as many as it takes". */
const FLOATING = 31;

/** MariaDB's names for types that the protocol does not know; the others come as geometry. */
const EXTENDED_KINDS: Readonly<Record<string, ValueKind>> = {
  json: 'json',
  uuid: 'text',
  inet4: 'text',
  inet6: 'text',
};

export function columnOf(definition: ColumnDefinition): Column {
  const { name, kind } = typeOf(definition);
  return { name: definition.name, type: name, kind };
}

/** How the cells of a column become text. What is no text is shown in digits, since JSON and pages cannot hold it. */
export function renderingOf(definition: ColumnDefinition): Rendering {
  if (definition.type === BIT) return { bits: definition.length };
  return typeOf(definition).kind === 'binary' ? 'hex' : 'text';
}

function typeOf(definition: ColumnDefinition): TypeFacts {
  const { type, flags, extended } = definition;
  if (extended !== null) return { name: extended, kind: EXTENDED_KINDS[extended] ?? 'binary' };
  if (DECIMALS.has(type)) return { name: decimalName(definition), kind: 'decimal' };
  const fraction = WITH_FRACTION[type];
  if (fraction !== undefined) return { name: `${fraction}${fractionOf(definition)}`, kind: 'time' };
  if (type === BIT) return { name: `bit(${String(definition.length)})`, kind: 'other' };
  const plain = PLAIN[type];
  if (plain === undefined) return stringType(definition);
  const unsigned = plain.kind === 'integer' && plain.name !== 'year' && (flags & UNSIGNED) !== 0;
  return unsigned ? { ...plain, name: `${plain.name} unsigned` } : plain;
}

function decimalName({ length, decimals, flags }: ColumnDefinition): string {
  const unsigned = (flags & UNSIGNED) !== 0;
  const precision = length - (decimals > 0 ? 1 : 0) - (unsigned ? 0 : 1);
  return `decimal(${String(precision)},${String(decimals)})${unsigned ? ' unsigned' : ''}`;
}

function fractionOf({ decimals }: ColumnDefinition): string {
  return decimals > 0 && decimals < FLOATING ? `(${String(decimals)})` : '';
}

function stringType(definition: ColumnDefinition): TypeFacts {
  const { type, flags, charset, length } = definition;
  if ((flags & ENUM) !== 0) return { name: 'enum', kind: 'text' };
  if ((flags & SET) !== 0) return { name: 'set', kind: 'text' };
  const binary = charset === BINARY;
  const kind = binary ? 'binary' : 'text';
  const characters = binary ? length : Math.floor(length / CHARACTER_BYTES);
  if (BLOBS.has(type)) return { name: blobName(characters, binary), kind };
  const names = binary ? ['binary', 'varbinary'] : ['char', 'varchar'];
  return { name: `${names[type === CHAR ? 0 : 1] ?? ''}(${String(characters)})`, kind };
}

function blobName(characters: number, binary: boolean): string {
  const base = binary ? 'blob' : 'text';
  if (characters <= 0xff) return `tiny${base}`;
  if (characters <= 0xffff) return base;
  return characters <= 0xffffff ? `medium${base}` : `long${base}`;
}
