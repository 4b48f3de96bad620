const SAFE_NAME = /^[a-z][a-z0-9_]{0,62}$/;

/** Quotes a name of ours. Whatever does not look like one is a mistake and stops here. */
export function ident(name: string): string {
  if (!SAFE_NAME.test(name)) throw new Error('This is no name of a sandbox.');
  return `\`${name}\``;
}

/** A login, which may come from anywhere. */
export function account(login: string): string {
  return `${ident(login)}@'%'`;
}

/** A database in GRANT, where `_` stands for any character unless it is escaped: `t_db` would also open `t1db`. */
export function grantPattern(database: string): string {
  return ident(database).replaceAll('_', '\\_');
}

export function literal(text: string): string {
  if (text.includes('\\') || text.includes('\0')) throw new Error('This text cannot be quoted plainly.');
  return `'${text.replaceAll("'", "''")}'`;
}

/** SQL for a quoted name from a column: any name, as somebody else may have chosen it. */
export function quotedColumn(column: string): string {
  return `concat('\`', replace(${column}, '\`', '\`\`'), '\`')`;
}

/** Holds what the platform must know of its objects on the server; MySQL has no comments on logins. */
export const PLATFORM_SCHEMA = 'clouddb_platform';
export const OBJECTS = `${ident(PLATFORM_SCHEMA)}.sandbox_object`;

/** The product's own connections say this as program_name. */
export const OWN_PROGRAM = 'clouddb-manager';
