import { hasSqlDetails, loadModule, parseSync } from 'libpg-query';
import { LRUCache } from 'lru-cache';
import type { Analysis, EngineProblem, Statement } from '../../engine.js';
import { tablesOf } from './expressions.js';
import { findingsOf, hasWhere } from './findings.js';
import { fromByteOffsets, fromCodePoints } from './positions.js';
import { isTransactional, judge, verbOf } from './statements.js';
import { tagged, type Fields } from './tree.js';

const MAX_LENGTH = 500_000;
const CACHED_LENGTH = 4_000_000;

const cache = new LRUCache<string, Analysis>({
  maxSize: CACHED_LENGTH,
  sizeCalculation: (_, text) => text.length + 100,
});

/** The grammar is WebAssembly and has to be loaded once before anything is analysed. */
export async function loadGrammar(): Promise<void> {
  await loadModule();
}

/** Splits and classifies a text with PostgreSQL's own grammar. What cannot be read is an error, never a guess. */
export function analyse(text: string): Analysis {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const analysis = analyseNow(text);
  cache.set(text, analysis);
  return analysis;
}

function analyseNow(text: string): Analysis {
  if (text.length > MAX_LENGTH) return failed('too_long', 'The text is too long to be analysed.', null);
  if (text.includes('\0')) return failed('22021', 'The text contains a NUL character.', text.indexOf('\0'));
  if (text.trim() === '') return { statements: [], error: null };
  try {
    return { statements: statementsOf(text, parseSync(text)), error: null };
  } catch (error) {
    if (!hasSqlDetails(error))
      return failed('too_complex', 'The text is too deeply nested to be analysed.', null);
    const { message, cursorPosition = 0 } = error.sqlDetails ?? { message: error.message };
    return failed('42601', message, Math.min(fromCodePoints(text, cursorPosition), text.length));
  }
}

interface RawStatement {
  readonly stmt?: unknown;
  readonly stmt_location?: number;
  readonly stmt_len?: number;
}

function statementsOf(text: string, tree: { stmts?: unknown }): Statement[] {
  const raw = (tree.stmts ?? []) as RawStatement[];
  const size = Buffer.byteLength(text);
  const edges = raw.flatMap(({ stmt_location: from = 0, stmt_len: length }) => [
    from,
    length === undefined || length === 0 ? size : from + length,
  ]);
  const offsets = fromByteOffsets(text, edges);
  return raw.map(({ stmt }, index) => {
    const [type, fields] = tagged(stmt) ?? ['', {}];
    return statementOf(text, type, fields, [offsets[2 * index] ?? 0, offsets[2 * index + 1] ?? text.length]);
  });
}

function statementOf(
  text: string,
  type: string,
  fields: Fields,
  [from, to]: readonly [number, number],
): Statement {
  const whole = text.slice(from, to);
  const start = from + leadingGap(whole);
  const end = from + whole.trimEnd().length;
  const { class: statementClass, reason } = judge(type, fields);
  return {
    text: text.slice(start, end),
    start,
    end,
    class: statementClass,
    verb: verbOf(type, fields),
    tables: tablesOf({ [type]: fields }),
    hasWhere: hasWhere(type, fields),
    findings: findingsOf(type, fields),
    reason,
    transactional: isTransactional(type, fields),
  };
}

/** White space and comments before the first word; comments may be nested. */
function leadingGap(text: string): number {
  let at = 0;
  for (;;) {
    at += /^\s*/.exec(text.slice(at))?.[0].length ?? 0;
    if (text.startsWith('--', at)) at = endOfLine(text, at);
    else if (text.startsWith('/*', at)) at = endOfComment(text, at);
    else return at;
  }
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

function endOfComment(text: string, at: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = at;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return text.length;
}

function failed(code: string, message: string, position: number | null): Analysis {
  const error: EngineProblem = { code, message, position, hint: null, detail: null };
  return { statements: [], error };
}
