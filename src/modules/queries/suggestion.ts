import type { Catalog, EngineProblem, Statement } from '../../engines/engine.js';

const UNDEFINED_COLUMN = '42703';
const UNDEFINED_TABLE = '42P01';

/** `Did you mean customer_id?`, from the schema; null when nothing there is close enough. */
export function didYouMean(problem: EngineProblem, statement: Statement, catalog: Catalog): string | null {
  const wanted = /"([^"]+)"|column ([^\s"]+) does/.exec(problem.message);
  const name = (wanted?.[1] ?? wanted?.[2] ?? '').split('.').at(-1) ?? '';
  if (name === '') return null;
  const candidates = candidatesFor(problem.code, statement, catalog);
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter((match) => match.distance <= Math.max(1, Math.floor(name.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return best === undefined || best.candidate === name ? null : `Did you mean ${best.candidate}?`;
}

function candidatesFor(code: string, statement: Statement, catalog: Catalog): string[] {
  const tables = catalog.schemas.flatMap((schema) => schema.tables);
  if (code === UNDEFINED_TABLE) return tables.map((table) => table.name);
  if (code !== UNDEFINED_COLUMN) return [];
  const used = new Set(statement.tables.map((table) => table.name));
  return tables
    .filter((table) => used.has(table.name))
    .flatMap((table) => table.columns.map((column) => column.name));
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function distance(left: string, right: string): number {
  let before: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const replaced = at(last, j - 1) + (left[i - 1] === right[j - 1] ? 0 : 1);
      const swapped =
        left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1] ? at(before, j - 2) + 1 : Infinity;
      row[j] = Math.min(at(last, j) + 1, at(row, j - 1) + 1, replaced, swapped);
    }
    before = last;
    last = row;
  }
  return at(last, right.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
