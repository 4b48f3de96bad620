import type { EngineKind, ValueKind } from '../../../../engines/engine.js';

/** How an engine writes names and values so that its own clients read back exactly what was there. */
export interface SqlDialect {
  /** Before the first row; makes what follows one transaction, so that half a file changes nothing. */
  readonly opening: string;
  readonly closing: string;
  name(name: string): string;
  text(text: string): string;
  binary(hex: string): string;
  boolean(value: boolean): string;
  /** Floats that are no numbers; null where the engine has none. */
  special(text: string): string | null;
}

/** Written so that it does not matter whether the reader takes backslashes for escapes. */
const postgres: SqlDialect = {
  opening: "SET client_encoding = 'UTF8';\nBEGIN;\n",
  closing: 'COMMIT;\n',
  name: (name) => `"${name.replaceAll('"', '""')}"`,
  text: (text) => {
    const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
    return text.includes('\\') ? `E${quoted}` : quoted;
  },
  binary: (hex) => `E'\\\\x${hex}'`,
  boolean: String,
  special: (text) => `'${text}'`,
};

/** Values with a backslash or a control character go as digits: what they mean depends on no mode of the server. */
const mysql: SqlDialect = {
  opening: 'SET NAMES utf8mb4;\nSTART TRANSACTION;\n',
  closing: 'COMMIT;\n',
  name: (name) => `\`${name.replaceAll('`', '``')}\``,
  text: (text) =>
    // eslint-disable-next-line no-control-regex -- these are the characters that need it
    /[\\\u0000-\u001f\u007f]/.test(text)
      ? `_utf8mb4 X'${Buffer.from(text).toString('hex')}'`
      : `'${text.replaceAll("'", "''")}'`,
  binary: (hex) => `X'${hex}'`,
  boolean: (value) => (value ? '1' : '0'),
  special: () => null,
};

/** SQLite knows no escapes at all; a NUL would end the text for its shell. */
const sqlite: SqlDialect = {
  opening: 'BEGIN;\n',
  closing: 'COMMIT;\n',
  name: (name) => `"${name.replaceAll('"', '""')}"`,
  text: (text) =>
    text.includes('\0')
      ? `CAST(X'${Buffer.from(text).toString('hex')}' AS TEXT)`
      : `'${text.replaceAll("'", "''")}'`,
  binary: (hex) => `X'${hex}'`,
  boolean: (value) => (value ? '1' : '0'),
  special: (text) => ({ Infinity: '9e999', '-Infinity': '-9e999' })[text] ?? null,
};

/** Null for engines that have no INSERT. */
export function dialectOf(engine: EngineKind): SqlDialect | null {
  return { postgres, mysql, sqlite, mongodb: null }[engine];
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A value as the dialect has it. */
export function literal(dialect: SqlDialect, text: string, kind: ValueKind): string {
  if (kind === 'integer' || kind === 'decimal' || kind === 'float') {
    return NUMBER.test(text) ? text : (dialect.special(text) ?? dialect.text(text));
  }
  if (kind === 'boolean') return dialect.boolean(text.startsWith('t'));
  if (kind === 'binary') return dialect.binary(text.replace(/^\\x/, ''));
  return dialect.text(text);
}
