import type { EngineProblem, Notice, ResultSink, RunLimits, StopReason } from '../engine.js';
import { problemOf } from './errors.js';
import { columnOf, renderingOf } from './types.js';
import type { ColumnDefinition, Completion, ServerError } from './wire/fields.js';
import type { Rendering, TextRow } from './wire/text-row.js';
import type { ExchangeHandler } from './wire/wire.js';

export interface RunTalk {
  readonly statement: string;
  readonly limits: RunLimits;
  readonly sink: ResultSink;
  /** Number of the command that is the person's statement; what comes before is ours. */
  readonly ownCommand: number;
  /** Asked once when a limit is reached in mid-result: the rest of the rows must stop coming. */
  readonly stop: (reason: StopReason) => void;
}

/** Follows the answers to one statement: columns, rows within the limits, and how it ended. */
export class RunExchange implements ExchangeHandler {
  readonly maxCellBytes: number;
  rowCount = 0;
  /** Rows of the first result, also those that were not handed over. */
  seenRows = 0;
  results = 0;
  affectedRows = 0;
  warnings = 0;
  stoppedBy: StopReason | null = null;
  /** Rows came after the statement was to end: the server took its interruption for an answer. */
  overran = false;
  /** The server's error in the person's statement. */
  problem: EngineProblem | null = null;
  /** An error in what we sent before it. */
  ownProblem: EngineProblem | null = null;
  private bytes = 0;
  private answers = 0;
  private abandoned = false;
  private stopping = false;
  private readonly deadline: number;

  constructor(private readonly talk: RunTalk) {
    this.maxCellBytes = talk.limits.maxCellBytes;
    this.deadline = performance.now() + talk.limits.timeoutMs;
  }

  answered(count: number): void {
    this.answers = count;
  }

  columns(definitions: readonly ColumnDefinition[]): readonly Rendering[] {
    if (this.inStatement) {
      this.results += 1;
      if (this.results === 1) {
        this.talk.sink.columns(definitions.map(columnOf), () => {
          this.stopWith('rows');
        });
      }
    }
    return definitions.map(renderingOf);
  }

  row(row: TextRow): void | Promise<void> {
    if (this.results !== 1 || !this.inStatement) return;
    this.seenRows += 1;
    if (this.stoppedBy !== null) {
      // One row more than wanted is what the server was asked for; another one means that it does not stop by itself.
      if (!this.stopping && this.seenRows === this.rowCount + 2) this.askToStop(this.stoppedBy);
      return;
    }
    if (this.isOver()) return;
    const { limits, sink } = this.talk;
    if (this.rowCount >= limits.maxRows) {
      this.stoppedBy = 'rows';
      return;
    }
    this.bytes += row.weight;
    if (this.bytes > limits.maxBytes) {
      this.stopWith('bytes');
      return;
    }
    this.rowCount += 1;
    return sink.row(row);
  }

  completed({ affectedRows, warnings }: Completion): void {
    if (!this.inStatement) return;
    this.affectedRows = affectedRows;
    this.warnings = warnings;
  }

  failed(error: ServerError): void {
    if (this.inStatement) this.problem ??= problemOf(error, this.talk.statement);
    else this.ownProblem ??= problemOf(error, '');
  }

  /** A limit was reached in mid-result, or the timer of this side ran out: rows that still come are dropped. */
  stopWith(reason: StopReason): void {
    if (this.stoppedBy !== null) return;
    this.stoppedBy = reason;
    this.askToStop(reason);
  }

  private askToStop(reason: StopReason): void {
    this.stopping = true;
    this.talk.stop(reason);
  }

  /** It was cancelled: rows that still come are dropped. */
  abandon(): void {
    this.abandoned = true;
  }

  /** Whether the time of the statement has run out, whatever the server made of it. */
  get isLate(): boolean {
    return performance.now() >= this.deadline;
  }

  private isOver(): boolean {
    if (!this.abandoned && !this.isLate) return false;
    this.overran = true;
    if (!this.abandoned) this.stopWith('time');
    return true;
  }

  private get inStatement(): boolean {
    return this.answers === this.talk.ownCommand - 1;
  }
}

/** Gathers the rows of questions of our own as text; several commands give one list. */
export class CollectExchange implements ExchangeHandler {
  readonly maxCellBytes = 16 * 1_048_576;
  readonly rows: (string | null)[][] = [];
  problem: EngineProblem | null = null;

  columns(definitions: readonly ColumnDefinition[]): readonly Rendering[] {
    return definitions.map(renderingOf);
  }

  row(row: TextRow): void {
    this.rows.push(
      Array.from({ length: row.length }, (_, index) => {
        const bytes = row.bytes(index);
        return bytes === null
          ? null
          : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
      }),
    );
  }

  completed(): void {
    // The rows are all that is asked for.
  }

  failed(error: ServerError): void {
    this.problem ??= problemOf(error, '');
  }

  answered(): void {
    // The end of the exchange is awaited as a whole.
  }
}

/** The warnings of a statement from the rows of SHOW WARNINGS. */
export function noticesFrom(rows: readonly (string | null)[][]): Notice[] {
  return rows.map(([severity, code, message]) => ({
    severity: (severity ?? 'Note').toUpperCase(),
    message: `${message ?? ''} (${code ?? ''})`.slice(0, 2000),
  }));
}
