/** Words that are no names anywhere, or not everywhere, unless they are quoted. */
const RESERVED = new Set(
  (
    'add all alter analyse analyze and any array as asc asymmetric authorization between binary both by case cast ' +
    'check collate column constraint create cross current_catalog current_date current_role current_time ' +
    'current_timestamp current_user database default deferrable delete desc distinct do drop else end except exists ' +
    'false fetch for foreign freeze from full grant group having if ilike in index initially inner insert intersect ' +
    'into is isnull join key lateral leading left like limit localtime localtimestamp natural not notnull null ' +
    'offset on only or order outer over overlaps placing primary procedure rank references returning right row rows ' +
    'select session_user set similar some symmetric table tablesample then to trailing trigger true union unique ' +
    'update user using values variadic verbose when where window with'
  ).split(' '),
);

/** PostgreSQL folds what is not quoted to lower case; the others compare names without regard to case. */
const PLAIN: Readonly<Record<string, RegExp>> = {
  postgres: /^[a-z_][a-z0-9_$]*$/,
  mysql: /^[a-z_$][a-z0-9_$]*$/i,
  sqlite: /^[a-z_][a-z0-9_]*$/i,
};

/** A name as it has to be written in a statement. */
export function quoted(name: string, engine: string): string {
  const plain = PLAIN[engine]?.test(name) === true && !RESERVED.has(name.toLowerCase());
  return plain ? name : inQuotes(name, engine);
}

export function inQuotes(name: string, engine: string): string {
  const quote = engine === 'mysql' ? '`' : '"';
  return quote + name.replaceAll(quote, quote + quote) + quote;
}

export function isReserved(name: string): boolean {
  return RESERVED.has(name.toLowerCase());
}
