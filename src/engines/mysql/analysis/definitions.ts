import { refused, stricter, verdict, type Verdict } from '../../verdict.js';
import { judgeAnywhere } from './expressions.js';
import { isSymbol, objectOf, wordAt, type Tokens } from './tokens.js';

/** Objects of a database; anything else belongs to the server. */
const OWN: ReadonlySet<string> = new Set([
  'table',
  'tables',
  'view',
  'index',
  'procedure',
  'function',
  'trigger',
  'event',
  'sequence',
]);

/** Storage of the server itself. Others reach files, other servers or plugins. */
const STORAGE: ReadonlySet<string> = new Set([
  'innodb',
  'myisam',
  'aria',
  'memory',
  'heap',
  'archive',
  'csv',
]);

/** Options of tables that name a place outside of the database, by the word before the `=` or the string. */
const OUTSIDE: ReadonlySet<string> = new Set([
  'connection',
  'directory',
  'file_name',
  'tablespace',
  'soname',
  'wrapper',
  'union',
]);

/** What may stand behind a column's name. */
const AFTER_COLUMN: ReadonlySet<string> = new Set(
  `
    bit tinyint smallint mediumint int integer bigint decimal dec numeric fixed float double real bool boolean serial
    date time datetime timestamp year char character varchar nchar nvarchar national binary varbinary tinyblob blob
    mediumblob longblob tinytext text mediumtext longtext enum set json geometry point linestring polygon uuid inet4
    inet6 vector as from where and or in is not like between order group having limit asc desc then when else end
    first after to default null
  `
    .trim()
    .split(/\s+/),
);

/** CREATE, ALTER, DROP and RENAME. */
export function judgeDefinition(tokens: Tokens): Verdict {
  const found = objectOf(tokens);
  if (found === null || !OWN.has(found.object)) {
    return refused('Databases, logins and what belongs to the server are made and changed by the platform.');
  }
  let result = stricter(verdict('ddl'), judgeAnywhere(tokens));
  for (let at = 1; at < tokens.length; at += 1) result = stricter(result, judgeOption(tokens, at));
  return result;
}

function judgeOption(tokens: Tokens, at: number): Verdict {
  const word = wordAt(tokens, at);
  if (word === 'definer' && isSymbol(tokens[at + 1], '=')) return judgeDefiner(tokens, at + 2);
  if (word === 'engine') return judgeEngine(tokens, at);
  return OUTSIDE.has(word) ? judgeOutside(tokens, at, word) : verdict('ddl');
}

function judgeOutside(tokens: Tokens, at: number, word: string): Verdict {
  if (word === 'tablespace' && ['discard', 'import'].includes(wordAt(tokens, at - 1))) {
    return refused('Tablespaces are files of the server.');
  }
  const next = tokens[at + 1];
  const given = isSymbol(next, '=') || next?.kind === 'string' || word === 'soname';
  return given
    ? refused(`The option ${word.toUpperCase()} reaches outside of the database.`)
    : verdict('ddl');
}

function judgeDefiner(tokens: Tokens, at: number): Verdict {
  return wordAt(tokens, at) === 'current_user'
    ? verdict('ddl')
    : refused('DEFINER names a login: leave it out, and it is yours.');
}

/** A column may be called `engine` too; then a type, a keyword or nothing follows it. */
function judgeEngine(tokens: Tokens, at: number): Verdict {
  const given = isSymbol(tokens[at + 1], '=');
  const value = tokens[given ? at + 2 : at + 1];
  if (value === undefined || (!given && value.kind === 'symbol')) return verdict('ddl');
  const name = value.text.toLowerCase();
  if (STORAGE.has(name) || (!given && AFTER_COLUMN.has(name))) return verdict('ddl');
  return refused('This storage engine is not available here.');
}
