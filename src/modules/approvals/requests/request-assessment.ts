import { createHash } from 'node:crypto';
import type { Catalog, EngineDriver, Statement, Target } from '../../../engines/engine.js';
import type { EffectPreview, RequestStatement, Risk } from './requests.types.js';

/** Rows that may change without anybody calling it risky. */
const FEW_ROWS = 100;
/** Findings that make a request risky by themselves. */
const RISKY: ReadonlySet<string> = new Set([
  'update_without_where',
  'delete_without_where',
  'truncate',
  'drop',
]);

export function statementFacts(
  statements: readonly Statement[],
  review: EngineDriver['review'],
): RequestStatement[] {
  return statements.map((statement) => {
    const { text, class: statementClass, verb, tables, transactional } = statement;
    return {
      text,
      class: statementClass,
      verb,
      transactional,
      findings: review?.(statement) ?? statement.findings,
      tables: tables.map(({ schema, name }) => (schema === undefined ? name : `${schema}.${name}`)),
    };
  });
}

/** How much can go wrong. What was not previewed is never low. */
export function riskOf(statements: readonly RequestStatement[], effect: EffectPreview | null): Risk {
  const risky = statements.some(
    ({ class: kind, transactional, findings }) =>
      kind === 'ddl' || !transactional || findings.some(({ code }) => RISKY.has(code)),
  );
  if (risky) return 'high';
  if (statements.every(({ class: kind }) => kind === 'read')) return 'low';
  return effect?.refusal === null && effect.affectedRows <= FEW_ROWS ? 'low' : 'medium';
}

export function textHash(text: string): string {
  return sha256(text);
}

/** Changes when the same name leads elsewhere: another server, database or login. */
export function targetHash({ host, port, database, username }: Target): string {
  return sha256(JSON.stringify([host, port, database, username]));
}

/** Changes when a table that the statements name looks different. */
export function schemaHash(catalog: Catalog, statements: readonly RequestStatement[]): string {
  const names = new Set(statements.flatMap(({ tables }) => tables.map((name) => name.split('.').at(-1))));
  const used = catalog.schemas.flatMap(({ name: schema, tables }) =>
    tables
      .filter(({ name }) => names.has(name))
      // Estimates move by themselves and say nothing about how a table looks.
      .map((table) => ({ schema, ...table, estimatedRows: null })),
  );
  return sha256(JSON.stringify(used));
}

/** What must be the same when it runs: one number and one digest over all statements. */
export function sumOf(effects: EffectPreview['statements']): { affectedRows: number; digest: string } {
  return {
    affectedRows: effects.reduce((sum, effect) => sum + effect.affectedRows, 0),
    digest: sha256(effects.map(({ digest }) => digest).join('\n')),
  };
}

/** The first line of the text, for a request that was given no title. */
export function titleOf(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
