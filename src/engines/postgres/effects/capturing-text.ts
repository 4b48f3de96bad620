import { parseSync } from 'libpg-query';
import { isFields, namesIn, nodesOf, tagged, type Fields } from '../analysis/tree.js';
import { identifier } from './quoting.js';
import type { TargetTable } from './target-table.js';

/**
 * Which images of a row the rewritten statement returns, after what the person's own RETURNING says. `either` are two
 * of which one may be all NULL, for a row that was not there: a key is never NULL.
 */
export type Images = 'both' | 'either' | 'after' | 'before';

export interface CapturingText {
  readonly text: string;
  readonly images: Images;
}

/** A statement that changes rows, as its tree says it. */
export interface ParsedWrite {
  readonly type: 'InsertStmt' | 'UpdateStmt' | 'DeleteStmt' | 'MergeStmt';
  readonly fields: Fields;
  readonly relation: Fields;
  readonly returns: boolean;
}

const WRITES: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);
const OLD = 'cdbm_old';
const NEW = 'cdbm_new';
const OLD_AND_NEW = 180_000;

/** Reads a statement that changes rows of one table; a sentence that says why its effect cannot be seen, else. */
export function parseWrite(text: string): ParsedWrite | string {
  const [type, fields] = onlyStatement(text);
  if (!WRITES.has(type))
    return 'Only INSERT, UPDATE, DELETE and MERGE have an effect that can be shown row by row.';
  const relation = fields['relation'];
  if (!isFields(relation)) return 'The statement names no table.';
  const ctes = [...nodesOf(fields)].filter(([name]) => name === 'CommonTableExpr');
  if (ctes.some(([, cte]) => WRITES.has(tagged(cte['ctequery'])?.[0] ?? '')))
    return 'It also changes rows inside WITH, which can be seen only as numbers: use a statement of its own for each.';
  return { type: type as ParsedWrite['type'], fields, relation, returns: 'returningClause' in fields };
}

/**
 * The statement with RETURNING, so that it tells the rows it changed. The person's own text stands in it as it was
 * approved; the grammar then proves that nothing but RETURNING was added.
 */
export function capturingText(text: string, write: ParsedWrite, target: TargetTable): CapturingText | string {
  const captured =
    target.version >= OLD_AND_NEW ? withBoth(text, write, target) : withOne(text, write, target);
  if (typeof captured === 'string') return captured;
  return proves(write, captured.text) ? captured : 'The statement could not be extended to tell its effect.';
}

/** PostgreSQL 18: RETURNING knows both images. */
function withBoth(text: string, write: ParsedWrite, target: TargetTable): CapturingText | string {
  const sides = write.returns ? { before: 'old', after: 'new' } : { before: OLD, after: NEW };
  const images = imagesIn(write);
  if (images === 'either' && !target.columns.some(({ key }) => key))
    return 'The table has no key that tells whether a row was there before.';
  const used =
    images === 'before' ? [sides.before] : images === 'after' ? [sides.after] : Object.values(sides);
  const list = used.flatMap((side) => imagesOf(side, target)).join(', ');
  const clause = write.returns ? `, ${list}` : `returning with (old as ${OLD}, new as ${NEW}) ${list}`;
  return { text: `${text}\n${clause}`, images };
}

function imagesIn({ type, fields }: ParsedWrite): Images {
  if (type === 'DeleteStmt') return 'before';
  if (type === 'UpdateStmt') return 'both';
  return type === 'MergeStmt' || hasUpdate(fields) ? 'either' : 'after';
}

/** Older servers tell one image; the other of an UPDATE is read by key from the snapshot before it. */
function withOne(text: string, write: ParsedWrite, target: TargetTable): CapturingText | string {
  const name = nameOf(write.relation);
  const images = imagesOf(identifier(name), target).join(', ');
  const clause = write.returns ? `, ${images}` : `returning ${images}`;
  switch (write.type) {
    case 'MergeStmt':
      return 'This server cannot tell the effect of MERGE; PostgreSQL 18 can.';
    case 'InsertStmt':
      return hasUpdate(write.fields)
        ? 'This server cannot tell which rows ON CONFLICT DO UPDATE changed; PostgreSQL 18 can.'
        : { text: `${text}\n${clause}`, images: 'after' };
    case 'DeleteStmt':
      return { text: `${text}\n${clause}`, images: 'before' };
    case 'UpdateStmt':
      return updateByKey(text, write, target);
  }
}

function updateByKey(text: string, write: ParsedWrite, target: TargetTable): CapturingText | string {
  const keys = target.columns.filter(({ key }) => key);
  if (keys.length === 0) return 'The table has no key by which its rows could be compared before and after.';
  const set = new Set(setColumns(write.fields));
  if (keys.some(({ name }) => set.has(name)))
    return 'It changes the key by which rows are compared before and after.';
  if (write.returns)
    return 'This server cannot tell the effect of an UPDATE with RETURNING; PostgreSQL 18 can.';
  if (target.isolation !== 'repeatable read') return 'It has to run in a transaction that sees one moment.';
  const table = `${identifier(target.schema)}.${identifier(target.name)}`;
  const names = target.columns.map(({ name }) => identifier(name));
  const returned = imagesOf(identifier(nameOf(write.relation)), target).join(', ');
  const joined = keys
    .map(({ name }) => `${OLD}.${identifier(name)} = ${NEW}.${identifier(name)}`)
    .join(' and ');
  const images = [OLD, NEW].flatMap((side) => names.map((name) => `${side}.${name}`));
  return {
    text: `with ${NEW} as (${text}\nreturning ${returned})
select ${images.join(', ')} from ${table} as ${OLD} join ${NEW} on ${joined}`,
    images: 'both',
  };
}

function imagesOf(side: string, target: TargetTable): string[] {
  return target.columns.map(({ name }) => `${side}.${identifier(name)}`);
}

function nameOf(relation: Fields): string {
  const alias = relation['alias'];
  const name = isFields(alias) ? alias['aliasname'] : relation['relname'];
  return typeof name === 'string' ? name : '';
}

function hasUpdate(fields: Fields): boolean {
  const conflict = fields['onConflictClause'];
  return isFields(conflict) && conflict['action'] !== 'ONCONFLICT_NOTHING';
}

function setColumns(fields: Fields): string[] {
  const targets = Array.isArray(fields['targetList']) ? (fields['targetList'] as unknown[]) : [];
  return targets.flatMap((item) => {
    const name = tagged(item)?.[1]['name'];
    return typeof name === 'string' ? [name] : namesIn([item]);
  });
}

/** The rewritten text is one statement whose write is the original one but for RETURNING. */
function proves(write: ParsedWrite, text: string): boolean {
  const [type, fields] = onlyStatement(text);
  const inner = type === 'SelectStmt' ? wrapped(fields) : ([type, fields] as const);
  return inner[0] === write.type && meaning(inner[1]) === meaning(write.fields);
}

function wrapped(fields: Fields): readonly [string, Fields] {
  const clause = fields['withClause'];
  const ctes = isFields(clause) && Array.isArray(clause['ctes']) ? (clause['ctes'] as unknown[]) : [];
  const cte = tagged(ctes[0])?.[1];
  return ctes.length === 1 ? (tagged(cte?.['ctequery']) ?? ['', {}]) : ['', {}];
}

/** A tree without the places in the text, and without what it returns. */
function meaning(fields: Fields): string {
  const kept = Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'returningClause'));
  return JSON.stringify(kept, (name, value: unknown) =>
    /(?:^|_)(?:location|start|end|len)$/.test(name) ? undefined : value,
  );
}

function onlyStatement(text: string): readonly [string, Fields] {
  const { stmts = [] } = parseSync(text) as { stmts?: readonly { stmt?: unknown }[] };
  return stmts.length === 1 ? (tagged(stmts[0]?.stmt) ?? ['', {}]) : ['', {}];
}
