const SAFE_NAME = /^[a-z][a-z0-9_]{0,62}$/;

/** Quotes a name of ours. Whatever does not look like one is a mistake and stops here. */
export function ident(name: string): string {
  if (!SAFE_NAME.test(name)) throw new Error('This is no name of a sandbox.');
  return `"${name}"`;
}

export function literal(text: string): string {
  if (text.includes('\\') || text.includes('\0')) throw new Error('This text cannot be quoted plainly.');
  return `'${text.replaceAll("'", "''")}'`;
}

/** Owns every sandbox and its schemas; nobody can sign in as it. */
export const PLATFORM_OWNER = 'clouddb_platform';

/** The product's own connections say this as application_name; what follows it may vary. */
export const OWN_APPLICATION = 'clouddb-manager';
