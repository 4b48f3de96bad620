import { LRUCache } from 'lru-cache';
import type { Analysis, EngineProblem, Statement } from '../engine.js';
import { compile } from './operations/compile.js';
import type { Operation } from './operations/operation.js';
import { parseShell, type ParsedStatement } from './shell/parser.js';
import { Refusal, ShellError } from './shell/shell-error.js';

const MAX_LENGTH = 500_000;
const CACHED_LENGTH = 4_000_000;

const cache = new LRUCache<string, Analysis>({
  maxSize: CACHED_LENGTH,
  sizeCalculation: (_, text) => text.length + 100,
});

/** Reads statements as the shell's people write them. What cannot be read is an error, never a guess. */
export function analyse(text: string): Analysis {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const analysis = analyseNow(text);
  cache.set(text, analysis);
  return analysis;
}

/** What one statement asks for; made anew each time, because new ids are made in it. */
export function operationOf(text: string): Operation {
  const [parsed, ...more] = parseShell(text);
  if (parsed === undefined || more.length > 0) throw new ShellError('This is not one statement.', 0);
  return compile(parsed);
}

function analyseNow(text: string): Analysis {
  if (text.length > MAX_LENGTH) return failed('too_long', 'The text is too long to be analysed.', null);
  try {
    return { statements: parseShell(text).map((parsed) => statementOf(text, parsed)), error: null };
  } catch (error) {
    if (error instanceof ShellError) return failed('syntax_error', error.message, error.position);
    throw error;
  }
}

const REFUSED = { class: 'admin', tables: [], hasWhere: null, findings: [] } as const;

function statementOf(text: string, parsed: ParsedStatement): Statement {
  const { start, end } = parsed;
  const place = { text: text.slice(start, end), start, end, transactional: false };
  try {
    const { class: statementClass, verb, tables, hasWhere, findings, reason } = compile(parsed);
    return { ...place, class: statementClass, verb, tables, hasWhere, findings, reason };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const verb = parsed.links.findLast(({ args }) => args !== null)?.name ?? 'show';
    return { ...place, ...REFUSED, verb, reason: error.message };
  }
}

function failed(code: string, message: string, position: number | null): Analysis {
  const error: EngineProblem = { code, message, position, hint: null, detail: null };
  return { statements: [], error };
}
