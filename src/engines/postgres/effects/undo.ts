import type { ChangedRow, EffectColumn, TableEffect, UndoStep } from '../../effects.js';
import { engineError } from '../../engine-error.js';
import { identifier, literal } from './quoting.js';

type Image = readonly (string | null)[];

/**
 * The statements that take a change back, the last changed row first. Each finds its row by every value that the
 * change left in it, compared as the server's own text, so that nothing that somebody wrote since is overwritten.
 */
export function undoSteps(effect: TableEffect): UndoStep[] {
  if (!effect.complete) throw engineError('undo_incomplete', 'Not every changed row is known whole.');
  if (!effect.columns.some(({ key }) => key))
    throw engineError('undo_incomplete', `${effect.table} has no key by which a row could be found again.`);
  const table = [effect.schema, effect.table]
    .flatMap((part) => (part === null ? [] : [identifier(part)]))
    .join('.');
  return effect.rows.toReversed().map((row) => ({
    text: stepText(table, effect.columns, row),
    row: named(effect, row.after ?? row.before ?? []),
  }));
}

function stepText(table: string, columns: readonly EffectColumn[], { before, after }: ChangedRow): string {
  if (after === null) return insertion(table, columns, before ?? []);
  if (before === null) return `delete from ${table} where ${condition(columns, after)}`;
  const changed = columns.flatMap(({ name, generated, type }, index) => {
    const value = before[index] ?? null;
    return generated || value === (after[index] ?? null)
      ? []
      : [`${identifier(name)} = ${typed(value, type)}`];
  });
  // A row that was updated to what it was is left alone, and still counted.
  const [first] = columns.filter(({ generated }) => !generated);
  const sets =
    changed.length > 0 ? changed : [`${identifier(first?.name ?? '')} = ${identifier(first?.name ?? '')}`];
  return `update ${table} set ${sets.join(', ')} where ${condition(columns, after)}`;
}

function insertion(table: string, columns: readonly EffectColumn[], before: Image): string {
  const written = columns.flatMap(({ name, type, generated }, index) =>
    generated ? [] : [{ name: identifier(name), value: typed(before[index] ?? null, type) }],
  );
  const names = written.map(({ name }) => name).join(', ');
  const values = written.map(({ value }) => value).join(', ');
  return `insert into ${table} (${names}) overriding system value values (${values}) on conflict do nothing`;
}

function condition(columns: readonly EffectColumn[], image: Image): string {
  return columns
    .map(({ name, type, key }, index) => {
      const value = image[index] ?? null;
      const column = identifier(name);
      if (value === null) return `${column} is null`;
      // The key finds the row by its index. format() answers what the server sends, as json has no equality and a
      // cast of boolean or character(n) gives other text.
      const same = `pg_catalog.format('%s', ${column}) = ${literal(value)}`;
      return key ? `${column} = ${typed(value, type)} and ${same}` : same;
    })
    .join(' and ');
}

function typed(value: string | null, type: string): string {
  return value === null ? 'null' : `${literal(value)}::${type}`;
}

function named({ table, columns }: TableEffect, image: Image): string {
  const key = columns.flatMap(({ name, key: isKey }, index) =>
    isKey ? [`${name}=${image[index] ?? ''}`] : [],
  );
  return `${table} ${key.join(', ')}`;
}
