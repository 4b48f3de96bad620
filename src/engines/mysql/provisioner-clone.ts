import type { ProvisionStep, SandboxNames } from '../provisioning.js';
import { account, ident, literal, quotedColumn } from './provisioner-sql.js';

const BASE = `table_type in ('BASE TABLE', 'SYSTEM VERSIONED', 'SEQUENCE')`;

/**
 * Copies what is in one database into another, empty one: tables with their rows, then keys between them, routines,
 * views and triggers, which come last so that copying sets none of them off. What belongs to the source's write login
 * belongs to the copy's afterwards. All on one connection, whose checks are off meanwhile.
 */
export function copyContent(source: SandboxNames, copy: SandboxNames): ProvisionStep[] {
  const names = {
    from: ident(source.database),
    into: ident(copy.database),
    schema: literal(source.database),
  };
  const definer = literal(account(copy.writeLogin));
  const step = (sql: string, expands?: ProvisionStep['expands']): ProvisionStep => ({
    database: copy.database,
    sql,
    ...(expands === undefined ? {} : { expands }),
  });
  return [
    step('set session foreign_key_checks = 0, unique_checks = 0'),
    step(tables(names), 'in order'),
    step(rows(names), 'in order'),
    step(foreignKeys(names), 'in order'),
    step(routines(names, definer), 'in order'),
    step(views(names, definer), 'in any order'),
    step(triggers(names, definer), 'in order'),
    step('set session foreign_key_checks = 1, unique_checks = 1, sql_mode = @clouddb_sql_mode'),
  ];
}

interface Names {
  readonly from: string;
  readonly into: string;
  /** The source's name as a string. */
  readonly schema: string;
}

/** In texts of the source its own name is written out in places; names are ours, so nothing else looks like one. */
function renamed(column: string, { from, into }: Names): string {
  return `replace(${column}, ${literal(`${from}.`)}, ${literal(`${into}.`)})`;
}

function tables({ from, into, schema }: Names): string {
  const name = quotedColumn('table_name');
  return `select concat('create table ${into}.', ${name}, ' like ${from}.', ${name})
            from information_schema.tables where table_schema = ${schema} and ${BASE} order by table_name`;
}

/** Generated columns make their values anew. */
function rows({ from, into, schema }: Names): string {
  const table = quotedColumn('t.table_name');
  const columns = `group_concat(${quotedColumn('c.column_name')} order by c.ordinal_position separator ', ')`;
  return `select concat('insert into ${into}.', ${table}, ' (', ${columns}, ') select ', ${columns}, ' from ${from}.', ${table})
            from information_schema.tables t join information_schema.columns c
              on c.table_schema = t.table_schema and c.table_name = t.table_name
           where t.table_schema = ${schema} and t.${BASE}
             and coalesce(c.generation_expression, '') = ''
           group by t.table_name order by t.table_name`;
}

function foreignKeys({ into, schema }: Names): string {
  const list = (column: string): string =>
    `group_concat(${quotedColumn(`k.${column}`)} order by k.ordinal_position separator ', ')`;
  // Without a rule the server refuses, by whichever name it calls that.
  const rule = (act: string): string =>
    `if(r.${act}_rule in ('RESTRICT', 'NO ACTION'), '', concat(' on ${act} ', r.${act}_rule))`;
  return `select concat('alter table ${into}.', ${quotedColumn('k.table_name')}, ' add constraint ', ${quotedColumn('k.constraint_name')},
                        ' foreign key (', ${list('column_name')}, ') references ${into}.', ${quotedColumn('k.referenced_table_name')},
                        ' (', ${list('referenced_column_name')}, ')', ${rule('delete')}, ${rule('update')})
            from information_schema.key_column_usage k join information_schema.referential_constraints r
              on r.constraint_schema = k.constraint_schema and r.constraint_name = k.constraint_name
                 and r.table_name = k.table_name
           where k.table_schema = ${schema} and k.referenced_table_schema = ${schema}
           group by k.table_name, k.constraint_name, k.referenced_table_name, r.delete_rule, r.update_rule
           order by k.table_name, k.constraint_name`;
}

/** Each of them was made under a sql_mode that it keeps. */
function withModes(made: string, source: string, order: string): string {
  return `select command from (
            select ${order} as place, 1 as part, concat('set session sql_mode = ''', sql_mode, '''') as command ${source}
            union all
            select ${order}, 2, ${made} ${source}) o
          order by place, part`;
}

function routines(names: Names, definer: string): string {
  const typed = (table: string): string =>
    `concat(${table}.dtd_identifier, if(${table}.character_set_name is null, '', concat(' charset ', ${table}.character_set_name)))`;
  const parameters = `(select group_concat(concat(if(r.routine_type = 'PROCEDURE', concat(p.parameter_mode, ' '), ''),
                                                  ${quotedColumn('p.parameter_name')}, ' ', ${typed('p')})
                                           order by p.ordinal_position separator ', ')
                         from information_schema.parameters p
                        where p.specific_schema = r.routine_schema and p.specific_name = r.specific_name
                          and p.routine_type = r.routine_type and p.ordinal_position > 0)`;
  const made = `concat('create definer = ', ${definer}, ' ', r.routine_type, ' ${names.into}.', ${quotedColumn('r.routine_name')},
                       '(', coalesce(${parameters}, ''), ')',
                       if(r.routine_type = 'FUNCTION', concat(' returns ', ${typed('r')}), ''),
                       if(r.is_deterministic = 'YES', ' deterministic ', ' not deterministic '), r.sql_data_access,
                       ' sql security ', r.security_type, ' comment ', quote(r.routine_comment), ' ',
                       ${renamed('r.routine_definition', names)})`;
  const source = `from information_schema.routines r where r.routine_schema = ${names.schema}
                   and r.routine_type in ('PROCEDURE', 'FUNCTION')`;
  return withModes(made, source, "concat(r.routine_type, ' ', r.routine_name)");
}

function views(names: Names, definer: string): string {
  return `select concat('create definer = ', ${definer}, ' sql security ', security_type, ' view ${names.into}.',
                        ${quotedColumn('table_name')}, ' as ', ${renamed('view_definition', names)},
                        if(check_option = 'NONE', '', concat(' with ', check_option, ' check option')))
            from information_schema.views where table_schema = ${names.schema} order by table_name`;
}

function triggers(names: Names, definer: string): string {
  const made = `concat('create definer = ', ${definer}, ' trigger ${names.into}.', ${quotedColumn('trigger_name')}, ' ',
                       action_timing, ' ', event_manipulation, ' on ${names.into}.', ${quotedColumn('event_object_table')},
                       ' for each row ', ${renamed('action_statement', names)})`;
  const source = `from information_schema.triggers where trigger_schema = ${names.schema}`;
  const order = `concat_ws(' ', event_object_table, action_timing, event_manipulation, lpad(action_order, 9, '0'))`;
  return withModes(made, source, order);
}
