import type { SandboxNames } from '../provisioning.js';
import { ident, literal, PLATFORM_OWNER } from './provisioner-sql.js';

/**
 * Gives what `from` owns in the present database to `to`, object by object. REASSIGN OWNED reaches shared objects as
 * well and would take another database along, so it is used for the one kind that has no ALTER … OWNER, extensions,
 * and only when nothing shared can move. Sequences of a column follow their table, the schemas of a template stay with
 * the platform.
 */
export function reown(from: string, to: string): string {
  return `
    do $do$ declare command text;
    begin
      perform set_config('search_path', 'pg_catalog', true);
      for command in
        select format('alter %s %s owner to %I', replace(o.type, ' object', ''), o.identity, ${literal(to)})
          from pg_shdepend d
          cross join lateral pg_identify_object(d.classid, d.objid, 0) o
         where d.dbid = (select oid from pg_database where datname = current_database())
           and d.deptype = 'o' and d.refclassid = 'pg_authid'::regclass and d.refobjid = ${literal(from)}::regrole
           and d.classid <> all (array['pg_default_acl', 'pg_extension', 'pg_user_mapping']::regclass[])
           and not (d.classid = 'pg_namespace'::regclass and ${literal(from)} = ${literal(PLATFORM_OWNER)})
           and not exists (select from pg_depend x join pg_class c on c.oid = x.objid and c.relkind = 'S'
                            where d.classid = 'pg_class'::regclass and x.classid = d.classid and x.objid = d.objid
                              and x.refclassid = 'pg_class'::regclass and x.deptype in ('a', 'i'))
      loop
        execute command;
      end loop;
    end $do$;`;
}

/** The clone's own logins get what the source's had, and nothing in the clone remembers the source's. */
export function takeOver(source: SandboxNames, clone: SandboxNames): string {
  return `
    begin;
    ${reown(source.writeLogin, clone.writeLogin)}
    ${reownExtensions(source.writeLogin, clone.writeLogin)}
    ${copyPrivileges(source.writeLogin, clone.writeLogin)}
    ${copyPrivileges(source.readLogin, clone.readLogin)}
    ${redirectPolicies(source, clone)}
    ${refuseToLose([source.writeLogin, source.readLogin])}
    ${forget(source)}
    commit`;
}

function reownExtensions(from: string, to: string): string {
  return `
    do $do$
    begin
      if exists (select from pg_extension where extowner = ${literal(from)}::regrole) then
        if exists (select from pg_shdepend where dbid = 0 and deptype = 'o'
                      and refclassid = 'pg_authid'::regclass and refobjid = ${literal(from)}::regrole) then
          raise exception 'the login owns something beyond this database';
        end if;
        reassign owned by ${ident(from)} to ${ident(to)};
      end if;
    end $do$;`;
}

/** Privileges on relations, columns, routines, types, schemas and languages, one by one, as they stand. */
function copyPrivileges(from: string, to: string): string {
  return `
    do $do$ declare command text;
    begin
      perform set_config('search_path', 'pg_catalog', true);
      for command in
        with held (what, acl, cols) as (
          select case relkind when 'S' then 'sequence ' else 'table ' end || oid::regclass, relacl, ''
            from pg_class where relacl is not null
          union all
          select 'table ' || attrelid::regclass, attacl, format(' (%I)', attname)
            from pg_attribute where attacl is not null and not attisdropped
          union all select 'routine ' || oid::regprocedure, proacl, '' from pg_proc where proacl is not null
          union all select 'type ' || oid::regtype, typacl, '' from pg_type where typacl is not null
          union all select format('schema %I', nspname), nspacl, '' from pg_namespace where nspacl is not null
          union all select format('language %I', lanname), lanacl, '' from pg_language where lanacl is not null)
        select format('grant %s%s on %s to %I%s', a.privilege_type, cols, what, ${literal(to)},
                      case when a.is_grantable then ' with grant option' else '' end)
          from held cross join lateral aclexplode(acl) a
         where a.grantee = ${literal(from)}::regrole
      loop
        execute command;
      end loop;
    end $do$;`;
}

/** Row security names logins: what hid rows from the source's hides them from the clone's. */
function redirectPolicies(source: SandboxNames, clone: SandboxNames): string {
  const pairs = [
    [source.writeLogin, clone.writeLogin],
    [source.readLogin, clone.readLogin],
  ] as const;
  const cases = pairs
    .map(([from, to]) => `when ${literal(from)}::regrole then ${literal(ident(to))}`)
    .join(' ');
  const logins = pairs.map(([from]) => `${literal(from)}::regrole::oid`).join(', ');
  return `
    do $do$ declare command text;
    begin
      perform set_config('search_path', 'pg_catalog', true);
      for command in
        select format('alter policy %I on %s to %s', polname, polrelid::regclass,
                      (select string_agg(case r when 0 then 'public' ${cases}
                                                else quote_ident(pg_get_userbyid(r)) end, ', ')
                         from unnest(polroles) r))
          from pg_policy where polroles && array[${logins}]
      loop
        execute command;
      end loop;
    end $do$;`;
}

/** What could not be taken over would be dropped by the next step, so the clone fails instead. */
function refuseToLose(logins: readonly string[]): string {
  const roles = logins.map((login) => `${literal(login)}::regrole`).join(', ');
  return `
    do $do$ declare kind text;
    begin
      select o.type into kind
        from pg_shdepend d cross join lateral pg_identify_object(d.classid, d.objid, 0) o
       where d.dbid = (select oid from pg_database where datname = current_database())
         and d.deptype = 'o' and d.refclassid = 'pg_authid'::regclass and d.refobjid in (${roles})
         and d.classid <> all (array['pg_default_acl', 'pg_user_mapping']::regclass[])
       limit 1;
      if found then
        raise exception 'an object of the kind % cannot be taken over into a clone', kind;
      end if;
    end $do$;`;
}

/**
 * DROP OWNED clears default privileges and leftover grants in the clone, but also the source's rights to its own
 * database, which is shared; they are given back in the same transaction, so nobody ever sees them missing.
 */
function forget(source: SandboxNames): string {
  return `
    drop owned by ${ident(source.readLogin)};
    drop owned by ${ident(source.writeLogin)};
    ${databaseGrants(source)};`;
}

export function databaseGrants({ database, writeLogin, readLogin }: SandboxNames): string {
  return `
    grant connect, create, temporary on database ${ident(database)} to ${ident(writeLogin)};
    grant connect on database ${ident(database)} to ${ident(readLogin)}`;
}
