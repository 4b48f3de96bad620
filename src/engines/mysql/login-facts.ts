import { EngineError, type LoginFacts } from '../engine.js';

type Ask = (sql: string) => Promise<(string | null)[][]>;

/** Rights by which nothing changes. EXECUTE is none of them: code of others runs with the rights of others. */
const HARMLESS: ReadonlySet<string> = new Set([
  'USAGE',
  'SELECT',
  'SHOW VIEW',
  'SHOW DATABASES',
  'PROCESS',
  'BINLOG MONITOR',
  'SLAVE MONITOR',
  'REPLICATION CLIENT',
  'REPLICA MONITOR',
]);
const ON_OBJECT = /^GRANT (.+?) ON (?:TABLE |FUNCTION |PROCEDURE )?(.+?) TO /;
const OF_ROLES = /^GRANT (.+?) TO /;
const MAX_ROLES = 20;

/** Read with the login itself from the rights that the server says it has, the roles that it could take on included. */
export async function readLoginFacts(ask: Ask): Promise<LoginFacts> {
  const [[serverVersion = null] = []] = await ask('select version()');
  const writes = new Set<string>();
  const roles = new Set<string>();
  noteAll(await ask('show grants'), writes, roles);
  for (const role of roles) {
    if (roles.size > MAX_ROLES) writes.add('It belongs to many roles');
    else noteAll(await grantsIn(ask, role, writes), writes, roles);
  }
  return { serverVersion: serverVersion ?? '', writes: [...writes] };
}

/** What the login has once it has taken a role on; one that cannot be looked into may hold anything. */
async function grantsIn(ask: Ask, role: string, writes: Set<string>): Promise<(string | null)[][]> {
  try {
    await ask(`set role ${role}`);
    return await ask('show grants');
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    writes.add(`It belongs to the role ${role}`);
    return [];
  }
}

function noteAll(rows: readonly (string | null)[][], writes: Set<string>, roles: Set<string>): void {
  for (const [cell] of rows) {
    const line = cell ?? '';
    const [, rights = '', scope = ''] = ON_OBJECT.exec(line) ?? [];
    for (const found of scope === '' ? [] : writingRights(line, rights, scope)) writes.add(found);
    for (const role of scope === '' ? rolesIn(line) : []) roles.add(role);
  }
}

function rolesIn(line: string): string[] {
  return OF_ROLES.exec(line)?.[1]?.split(', ') ?? [];
}

function writingRights(line: string, rights: string, scope: string): string[] {
  const found = namesIn(rights).filter((right) => !HARMLESS.has(right));
  const passes = / WITH .*GRANT OPTION/.test(line) ? [`It may pass on its rights on ${scope}`] : [];
  return [...found.map((right) => `It has ${right} on ${scope}`), ...passes];
}

/** Rights without the columns they are for. */
function namesIn(rights: string): string[] {
  return rights
    .replace(/\s*\([^)]*\)/g, '')
    .split(',')
    .map((right) => right.trim().toUpperCase());
}
