import type { EffectColumn } from '../../effects.js';
import { textOf, type Fields } from '../analysis/tree.js';
import { identifier, literal } from './quoting.js';

export type Ask = (sql: string) => Promise<(string | null)[][]>;

/** The table that a statement changes, and what its server can tell about changed rows. */
export interface TargetTable {
  readonly schema: string;
  readonly name: string;
  /** `pg_class.relkind` */
  readonly kind: string;
  readonly hasRules: boolean;
  readonly columns: readonly EffectColumn[];
  /** A key column takes its value from a sequence. */
  readonly numbered: boolean;
  /** 180004 for 18.4 */
  readonly version: number;
  readonly isolation: string;
}

const FACTS = (table: string): string => `
  with target as (select ${table}::pg_catalog.regclass::pg_catalog.oid as oid),
  chosen as (
    select (i.indkey::int2[])[0:i.indnkeyatts - 1] as numbers from pg_catalog.pg_index i, target t
     where i.indrelid = t.oid and i.indisunique and i.indimmediate and i.indisvalid
       and i.indpred is null and i.indexprs is null
       and not exists (select from pg_catalog.pg_attribute a
                        where a.attrelid = i.indrelid and a.attnum = any(i.indkey) and not a.attnotnull)
     order by i.indisprimary desc, i.indnkeyatts, i.indexrelid limit 1)
  select n.nspname, c.relname, c.relkind,
         exists (select from pg_catalog.pg_rewrite r where r.ev_class = c.oid and r.ev_type <> '1'),
         a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
         coalesce(a.attnum = any((select numbers from chosen)::int2[]), false), a.attgenerated <> '',
         a.attidentity <> '' or coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid) ~ 'nextval', false),
         pg_catalog.current_setting('server_version_num'), pg_catalog.current_setting('transaction_isolation')
    from target t join pg_catalog.pg_class c on c.oid = t.oid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_catalog.pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   order by a.attnum`;

/** Throws what the server says when there is no such table. */
export async function readTarget(ask: Ask, relation: Fields): Promise<TargetTable | undefined> {
  const name = [textOf(relation, 'schemaname'), textOf(relation, 'relname')].filter((part) => part !== '');
  const rows = await ask(FACTS(literal(name.map(identifier).join('.'))));
  const [first] = rows;
  if (first === undefined) return undefined;
  return {
    schema: first[0] ?? '',
    name: first[1] ?? '',
    kind: first[2] ?? '',
    hasRules: first[3] === 't',
    columns: rows.map((row) => ({
      name: row[4] ?? '',
      type: row[5] ?? '',
      key: row[6] === 't',
      generated: row[7] === 't',
    })),
    numbered: rows.some((row) => row[8] === 't'),
    version: Number(first[9]),
    isolation: first[10] ?? '',
  };
}
