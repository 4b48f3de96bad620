import { format, type SqlLanguage } from 'sql-formatter';
import { lexisOf, type Lexis } from '../../../engines/lexis.js';
import { tokensOf } from '../../../engines/tokens.js';
import type { FormattedView } from './editor.types.js';

const MAX_FORMATTED = 200_000;

const LANGUAGES: Readonly<Record<string, SqlLanguage>> = {
  postgres: 'postgresql',
  mysql: 'mariadb',
  sqlite: 'sqlite',
};

/** Lays a text out anew. What cannot be read, or would become something else by it, stays as it is. */
export function formatText(sql: string, engine: string): FormattedView {
  const lexis = lexisOf(engine);
  const language = LANGUAGES[engine];
  if (lexis === null || language === undefined)
    return { sql, problem: 'Statements of this engine cannot be laid out.' };
  if (sql.length > MAX_FORMATTED) return { sql, problem: 'The text is too long to be laid out.' };
  const formatted = laidOut(sql, language);
  if (formatted === null) return { sql, problem: 'The text cannot be read, so it was left as it is.' };
  return sameTokens(sql, formatted, lexis)
    ? { sql: formatted, problem: null }
    : { sql, problem: 'Laying it out would change more than white space, so it was left as it is.' };
}

function laidOut(sql: string, language: SqlLanguage): string | null {
  try {
    return format(sql, {
      language,
      tabWidth: 2,
      expressionWidth: 80,
      linesBetweenQueries: 1,
      paramTypes: { named: [':'], numbered: ['$'] },
    });
  } catch {
    return null;
  }
}

function sameTokens(before: string, after: string, lexis: Lexis): boolean {
  return significant(before, lexis) === significant(after, lexis);
}

/** All but white space; in comments it may be other white space. */
function significant(text: string, lexis: Lexis): string {
  const parts = [...tokensOf(text, lexis)].map(({ kind, from, to }) => {
    const part = text.slice(from, to);
    return kind === 'comment' ? part.replace(/\s+/g, ' ').trim() : part;
  });
  return parts.join('\n');
}
