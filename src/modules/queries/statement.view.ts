import type { Cell } from '../../platform/http/view-helpers.js';
import { excerptOf, type Excerpt } from './excerpt.js';

export interface ColumnView {
  readonly name: string;
  /** The server's name of the type: `numeric(12,2)`. */
  readonly type: string;
  /** How the cell is to be read; numbers stand at the right. */
  readonly kind: string;
}

/** What went wrong in a statement. */
export interface StatementError {
  /** SQLSTATE, or one of ours: `time_limit`, `cancelled`, `connection_lost`. */
  readonly code: string;
  readonly message: string;
  /** UTF-16 offset in the statement from 0; null when the server named none. */
  readonly position: number | null;
  /** The same place in the text that was sent; null where that is not known any more. */
  readonly at: number | null;
  /** `Did you mean customer_id?` or the server's own hint. */
  readonly hint: string | null;
  /** In plain words what this kind of error means; null where the message says it already. */
  readonly explanation: string | null;
  /** The line with the position, to be marked; null without a position. */
  readonly excerpt: Excerpt | null;
}

/** What is known of a result whose rows are kept. */
export interface KeptView {
  readonly href: string;
  /** Rows that were read; the ones shown are the first of them. */
  readonly read: number;
  /** There are no further ones. */
  readonly complete: boolean;
  /** Its statement can run again on its own: it reads, and nothing before it set anything for the session. */
  readonly repeatable: boolean;
  /** SHA-256 over columns and shown rows. */
  readonly hash: string;
}

/** One statement's outcome, as the API has it. */
export interface StatementResult {
  readonly statement: string;
  readonly class: 'read' | 'dml' | 'ddl' | 'control' | 'admin';
  readonly columns: readonly ColumnView[];
  /** Arrays of cells. Any iterable, so that a page can be rendered from rows that are decoded on the way. */
  readonly rows: Iterable<readonly Cell[]>;
  readonly rowCount: number;
  readonly affectedRows: number | null;
  readonly truncated: boolean;
  readonly stoppedBy: 'rows' | 'bytes' | 'time' | null;
  readonly durationMs: number;
  readonly notices: readonly { readonly severity: string; readonly message: string }[];
  /** Cells whose text was longer than the limit. */
  readonly cut: readonly { readonly row: number; readonly column: number; readonly size: number }[];
  /** Null where the rows are not kept. */
  readonly kept: KeptView | null;
  readonly error: StatementError | null;
}

/** An engine's error with the words and the excerpt that pages show. */
export function statementError(
  statement: string,
  problem: Pick<StatementError, 'code' | 'message' | 'position' | 'hint'>,
  start: number | null = null,
): StatementError {
  const { code, message, position, hint } = problem;
  return {
    code,
    message,
    position,
    at: position === null || start === null ? null : start + position,
    hint,
    explanation: EXPLANATIONS[code] ?? null,
    excerpt: position === null ? null : excerptOf(statement, position),
  };
}

const EXPLANATIONS: Readonly<Record<string, string>> = {
  '22012': 'A value was divided by zero. NULLIF(x, 0) turns a zero divisor into NULL.',
  '23502': 'A column that must have a value got none.',
  '23503': 'The row refers to one that does not exist, or others still refer to it.',
  '23505': 'There already is a row with this key.',
  '23514': 'The row breaks a rule of the table.',
  '25006': 'This login may only read.',
  '40001': 'Another transaction changed the same rows. Running it again usually works.',
  '40P01': 'Two transactions waited for each other and the server ended this one. Run it again.',
  '42501': 'The login of this database may not do this.',
  '42601': 'The server cannot read the statement from the marked place on.',
  '42703': 'There is no such column in the tables of this statement.',
  '42P01': 'There is no such table or view in this database.',
  '42883': 'There is no such function for these types of arguments.',
  '53300': 'All connections of this database are in use.',
  '57014': 'It was cancelled before it ended.',
  cancelled: 'It was cancelled on the server before it ended.',
  connection_lost:
    'The connection to the server broke. What the statement did is not certain: look before you repeat it.',
  time_limit: 'It took longer than the time limit and was cancelled on the server.',
};
