import type { Analysis, EngineDriver, Statement } from '../../../engines/engine.js';
import { lexisOf } from '../../../engines/lexis.js';
import { replaceParameters } from '../../../engines/parameters.js';
import { statementSpans, type Span } from '../../../engines/statement-spans.js';
import { judge, type RunFacts } from '../runs.policy.js';
import type { CheckedStatement, CheckView, MarkedProblem } from './editor.types.js';

/** The grammar takes a millisecond a kilobyte, and everybody waits for it. */
const MAX_CHECKED = 100_000;
const MAX_APART = 50;

type Analyse = Pick<EngineDriver, 'analyse' | 'kind'>;

/**
 * What the engine's grammar says about a text. A grammar gives up at the first error of a text; so that the statements
 * around it are known too, they are then looked at one by one.
 */
export function checkText(driver: Analyse, sql: string, facts: RunFacts): CheckView {
  if (sql.length > MAX_CHECKED) return { statements: [], problems: [], checked: false };
  const parts = partsOf(driver, sql);
  return {
    statements: parts.flatMap(({ analysis, place }) =>
      analysis.statements.map((statement) => checked(statement, place, facts)),
    ),
    problems: parts.flatMap(problemsOf),
    checked: true,
  };
}

interface Part {
  readonly analysis: Analysis;
  /** From a place in what was analysed to the place in the whole text. */
  readonly place: (offset: number) => number;
  /** The whole text up to the end of this part. */
  readonly upToEnd: string;
}

function partsOf(driver: Analyse, sql: string): Part[] {
  const whole = analysePart(driver, sql, { from: 0, to: sql.length });
  const lexis = lexisOf(driver.kind);
  if (whole.analysis.error === null || lexis === null) return [whole];
  const spans = statementSpans(sql, lexis);
  if (spans.length < 2 || spans.length > MAX_APART) return [whole];
  const parts = spans.map((span) => analysePart(driver, sql, span));
  // An error that is none in any part is one of the whole: it must not get lost.
  return parts.some(({ analysis }) => analysis.error !== null) ? parts : [whole];
}

function analysePart(driver: Analyse, sql: string, { from, to }: Span): Part {
  const text = sql.slice(from, to);
  const lexis = lexisOf(driver.kind);
  const { text: readable, toOriginal } =
    lexis === null
      ? { text, toOriginal: (at: number) => at }
      : replaceParameters(text, lexis, () => (driver.kind === 'postgres' ? '$1' : `''`));
  const place = (at: number): number => from + toOriginal(at);
  return { analysis: driver.analyse(readable), place, upToEnd: sql.slice(0, to) };
}

function checked(statement: Statement, place: Part['place'], facts: RunFacts): CheckedStatement {
  const verdict = judge([statement], facts);
  return {
    from: place(statement.start),
    to: place(statement.end),
    class: statement.class,
    verb: statement.verb,
    may: verdict.outcome === 'run',
    reason: verdict.outcome === 'run' ? statement.reason : verdict.reason,
  };
}

function problemsOf({ analysis: { error, statements }, place, upToEnd }: Part): MarkedProblem[] {
  const findings = statements.flatMap((statement) =>
    statement.findings.map((finding) => ({
      ...spanOfWord(upToEnd, place(statement.start)),
      ...finding,
    })),
  );
  if (error === null) return findings;
  const { code, message } = error;
  const from = Math.min(place(error.position ?? 0), upToEnd.length);
  return [...findings, { ...spanOfWord(upToEnd, from), severity: 'error', code, message }];
}

/** The word that begins at a place, or the last character before it where the text ends. */
function spanOfWord(sql: string, from: number): Span {
  const word = /^(?:[\p{L}\p{N}_$]+|\S)/u.exec(sql.slice(from, from + 200))?.[0] ?? '';
  if (word !== '') return { from, to: from + word.length };
  const end = sql.slice(0, from).trimEnd().length;
  return { from: Math.max(0, end - 1), to: Math.max(end, Math.min(1, sql.length)) };
}
