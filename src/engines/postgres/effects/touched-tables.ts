import type { TableEffect, TouchedTable } from '../../effects.js';
import type { Ask } from './target-table.js';

/** Counts of this session by table; a partition counts as the table it is part of. */
const COUNTS = `
  select n.nspname, c.relname, sum(s.n_tup_ins), sum(s.n_tup_upd), sum(s.n_tup_del)
    from pg_catalog.pg_stat_xact_user_tables s
    join pg_catalog.pg_class c on c.oid = coalesce(pg_catalog.pg_partition_root(s.relid), s.relid)
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where s.n_tup_ins + s.n_tup_upd + s.n_tup_del > 0 group by 1, 2 order by 1, 2`;

type Counts = ReadonlyMap<string, TouchedTable>;

export async function touchedSoFar(ask: Ask): Promise<Counts> {
  const rows = await ask(COUNTS);
  return new Map(
    rows.map(([schema, name, inserted, updated, deleted]) => {
      const table = `${schema ?? ''}.${name ?? ''}`;
      return [
        table,
        { table, inserted: Number(inserted), updated: Number(updated), deleted: Number(deleted) },
      ];
    }),
  );
}

/** What was changed between two looks besides the rows of the statement itself: by triggers and cascades. */
export function touchedBetween(before: Counts, after: Counts, own: TableEffect): TouchedTable[] {
  return [...after.values()]
    .map((now) => rest(now, before.get(now.table), own))
    .filter(({ inserted, updated, deleted }) => inserted + updated + deleted > 0);
}

function rest(now: TouchedTable, then: TouchedTable | undefined, own: TableEffect): TouchedTable {
  const isOwn = now.table === `${own.schema ?? ''}.${own.table}`;
  const [inserted, updated, deleted] = (['inserted', 'updated', 'deleted'] as const).map(
    (what) => now[what] - (then?.[what] ?? 0) - (isOwn ? own[what] : 0),
  ) as [number, number, number];
  // A row that moves to another partition counts as one deleted and one inserted.
  const moved = Math.max(0, Math.min(inserted, deleted, -updated));
  return { table: now.table, inserted: inserted - moved, updated: updated + moved, deleted: deleted - moved };
}
