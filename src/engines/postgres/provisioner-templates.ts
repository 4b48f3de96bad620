import type { ProvisionStep, SandboxTemplate } from '../provisioning.js';
import { ident, literal, PLATFORM_OWNER } from './provisioner-sql.js';
import { SAMPLE_ROWS, SAMPLE_SCHEMA } from './provisioner-sample.js';

/** Raised whenever what a template holds changes: servers then get the new one beside the old one. */
const VERSION = 1;

export function templateDatabase(template: SandboxTemplate): string {
  return `tpl_${template}_v${String(VERSION)}`;
}

/**
 * Functions of the catalog that nobody needs in a sandbox, or only whoever may write (`forWriters`): large objects
 * change in read-only transactions, advisory locks and notifications outlive them, and the XML functions run SQL given
 * as text. Names are matched from the beginning; giving advisory locks back stays open to all, since that is how a
 * connection is cleaned.
 */
const CLOSED_FUNCTIONS = [
  'lo_',
  'loread',
  'lowrite',
  'pg_read_',
  'pg_ls_',
  'pg_stat_file',
  'pg_logical_',
  'pg_replication_',
  'pg_export_snapshot',
  'pg_import_system_collations',
  'ts_stat',
];
const WRITER_FUNCTIONS = [
  'pg_advisory_',
  'pg_try_advisory_',
  'pg_notify',
  'query_to_xml',
  'cursor_to_xml',
  'table_to_xml',
  'schema_to_xml',
  'database_to_xml',
];

function eachFunction(prefixes: readonly string[], privilege: string): string {
  const list = prefixes.map(literal).join(', ');
  return `
    do $do$ declare f regprocedure;
    begin
      for f in select oid from pg_proc
                where pronamespace = 'pg_catalog'::regnamespace and proname <> 'pg_advisory_unlock_all'
                  and exists (select from unnest(array[${list}]) p where starts_with(proname, p)) loop
        execute replace(${literal(privilege)}, '?', f::text);
      end loop;
    end $do$;`;
}

/** Closes a database to everybody but its owner, whatever the server's defaults. */
const CLOSED_DEFAULTS = `
  alter schema public owner to ${ident(PLATFORM_OWNER)};
  revoke all on schema public from public;
  revoke all on language plpgsql, sql from public;
  ${eachFunction([...CLOSED_FUNCTIONS, ...WRITER_FUNCTIONS], 'revoke execute on function ? from public')}`;

/** What a write login may do beyond its own objects. */
export function writerGrants(login: string): string {
  return `
    grant usage, create on schema public to ${ident(login)};
    grant usage on language plpgsql, sql to ${ident(login)};
    ${eachFunction(WRITER_FUNCTIONS, `grant execute on function ? to ${ident(login)}`)}`;
}

const asPlatform = (sql: string): string => `set local role ${ident(PLATFORM_OWNER)}; ${sql}; reset role`;

const CONTENT: Readonly<Record<SandboxTemplate, readonly string[]>> = {
  blank: [CLOSED_DEFAULTS],
  sample: [
    CLOSED_DEFAULTS,
    `begin; ${asPlatform(`${SAMPLE_SCHEMA}; ${SAMPLE_ROWS}`)}; commit`,
    'vacuum (freeze, analyze)',
  ],
};

/** Builds a template under another name; it stands under its own only when it is complete. */
export function templateSteps(template: SandboxTemplate): ProvisionStep[] {
  const name = templateDatabase(template);
  const draft = `${name}_draft`;
  const unless = `select from pg_database where datname = ${literal(name)}`;
  const server = (sql: string): ProvisionStep => ({ database: null, sql, unless });
  return [
    server(`drop database if exists ${ident(draft)} with (force)`),
    server(
      `create database ${ident(draft)} template template0 encoding 'UTF8' owner ${ident(PLATFORM_OWNER)}`,
    ),
    server(`revoke all on database ${ident(draft)} from public`),
    ...CONTENT[template].map((sql) => ({ database: draft, sql, unless })),
    server(`alter database ${ident(draft)} with allow_connections false is_template true`),
    server(`alter database ${ident(draft)} rename to ${ident(name)}`),
  ];
}
