import { refused, stricter, verdict, type Verdict } from '../../verdict.js';
import { judgeAnywhere } from './expressions.js';
import { hasWords, isNameLike, isSymbol, outermost, wordAt, type Tokens } from './tokens.js';

/** Settings that shape how a session reads and writes rows, and nothing else. */
const SETTABLE: ReadonlySet<string> = new Set([
  'time_zone',
  'lc_time_names',
  'foreign_key_checks',
  'unique_checks',
  'group_concat_max_len',
  'lock_wait_timeout',
  'innodb_lock_wait_timeout',
  'sql_safe_updates',
  'cte_max_recursion_depth',
  'max_recursive_iterations',
]);

/** SET: variables of a person's own and the settings above; the rest is kept by the platform. */
export function judgeSet(tokens: Tokens): Verdict {
  if (isIsolationLevel(tokens)) return verdict('control');
  if (wordAt(tokens, 1) === 'names') return judgeNames(tokens);
  let result = judgeAnywhere(tokens);
  for (const part of assignments(tokens)) result = stricter(result, judgeAssignment(part));
  return stricter(verdict('control'), result);
}

/** SET [SESSION] TRANSACTION ISOLATION LEVEL …, and nothing about READ ONLY. */
function isIsolationLevel(tokens: Tokens): boolean {
  const at = ['session', 'local'].includes(wordAt(tokens, 1)) ? 2 : 1;
  const level = ['read', 'uncommitted', 'committed', 'repeatable', 'serializable'];
  return (
    hasWords(tokens, at, 'transaction', 'isolation', 'level') &&
    tokens.slice(at + 3).length <= 2 &&
    tokens.slice(at + 3).every((token) => level.includes(token.word))
  );
}

function judgeNames(tokens: Tokens): Verdict {
  return wordAt(tokens, 2) === 'utf8mb4' && tokens.length === 3
    ? verdict('control')
    : refused('The connection speaks utf8mb4; other character sets are refused.');
}

/** The parts between the commas outside of brackets. */
function assignments(tokens: Tokens): Tokens[] {
  const commas = [...outermost(tokens)].filter((at) => isSymbol(tokens[at], ','));
  const edges = [0, ...commas, tokens.length];
  return edges.slice(1).map((edge, index) => tokens.slice((edges[index] ?? 0) + 1, edge));
}

function judgeAssignment(part: Tokens): Verdict {
  const { name, own, rest } = nameOf(part);
  const assigns = isSymbol(part[rest], '=') || isSymbol(part[rest], ':=');
  if (!assigns) return refused('This form of SET is refused: the setting is kept by the platform.');
  if (own || SETTABLE.has(name)) return verdict('control');
  return refused(`The setting ${name === '' ? 'named here' : name} is kept by the platform.`);
}

/** `@x`, `x`, `session x`, `@@x`, `@@session.x`; anything else has no name. */
function nameOf(part: Tokens): { name: string; own: boolean; rest: number } {
  if (isSymbol(part[0], '@') && isNameLike(part[1])) {
    const token = part[1];
    return { name: token.text, own: true, rest: afterDots(part, 2) };
  }
  let at = isSymbol(part[0], '@') && isSymbol(part[1], '@') ? 2 : 0;
  if (['session', 'local'].includes(wordAt(part, at))) {
    at += 1;
    if (isSymbol(part[at], '.')) at += 1;
  }
  return { name: wordAt(part, at), own: false, rest: at + 1 };
}

/** The name of a variable of one's own may hold dots. */
function afterDots(part: Tokens, from: number): number {
  let at = from;
  while (isSymbol(part[at], '.') && isNameLike(part[at + 1])) at += 2;
  return at;
}
