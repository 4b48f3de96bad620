import type { Column, EngineProblem, Notice, ResultSink, RunLimits, StopReason } from '../engine.js';
import { engineError } from '../engine-error.js';
import { problemOf } from './errors.js';
import { columnOf, type TypeNames } from './types.js';
import type { DataRow } from './wire/data-row.js';
import { affectedRows, readFields, readRowDescription } from './wire/fields.js';
import type { ExchangeHandler } from './wire/wire.js';

const MAX_NOTICES = 100;

export interface RunTalk {
  readonly statement: string;
  readonly limits: RunLimits;
  readonly sink: ResultSink;
  /** Commands of ours that come before the person's statement. */
  readonly commandsBefore: number;
  /** Commands of ours come after it, too: an error in one of them is not the statement's. */
  readonly followed: boolean;
  readonly types: TypeNames;
  /** Called when a row type came up that is not known; resolves when it is. */
  readonly learn: (oids: readonly number[]) => Promise<void>;
  /** Asked once when a limit is reached in mid-result: the rest of the rows must stop coming. */
  readonly stop: (reason: StopReason) => void;
}

/** Follows the answers to one statement: columns, rows within the limits, notices, and how it ended. */
export class RunExchange implements ExchangeHandler {
  readonly maxCellBytes: number;
  readonly notices: Notice[] = [];
  rowCount = 0;
  affected: number | null = null;
  stoppedBy: StopReason | null = null;
  /** The server's error in the person's statement. */
  problem: EngineProblem | null = null;
  /** An error in what we sent before or after it. */
  ownProblem: EngineProblem | null = null;
  /** Reading was ended in mid-result, for another reason than time: an error that this causes is none. */
  cutShort = false;
  private bytes = 0;
  private commandsDone = 0;
  private over = false;

  constructor(private readonly talk: RunTalk) {
    this.maxCellBytes = talk.limits.maxCellBytes;
  }

  ready(): void {
    // What matters is where one command ends and the next begins.
  }

  row(row: DataRow): void | Promise<void> {
    if (!this.inStatement || this.stoppedBy !== null) return;
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

  message(type: string, body: Buffer): void | Promise<void> {
    if (type === 'E') this.failed(body);
    else if (type === 'N') this.notice(body);
    else if (!this.inStatement) this.commandsDone += type === 'C' ? 1 : 0;
    else if (type === 'T') return this.described(body);
    else this.inStatementMessage(type, body);
  }

  /** A limit was reached in mid-result: rows that still come are dropped. */
  stopWith(reason: StopReason): void {
    if (this.stoppedBy !== null) return;
    this.stoppedBy = reason;
    this.cutShort = reason !== 'time';
    this.talk.stop(reason);
  }

  private get inStatement(): boolean {
    return this.commandsDone === this.talk.commandsBefore && !this.over;
  }

  private inStatementMessage(type: string, body: Buffer): void {
    if (type === 'G' || type === 'W')
      throw engineError('copy_refused', 'COPY needs a stream and is refused.');
    if (type === 'C') this.affected = affectedRows(body.toString('latin1', 0, body.length - 1));
    // Complete, suspended at the row limit, or empty.
    this.over = type === 'C' || type === 's' || type === 'I';
  }

  private described(body: Buffer): void | Promise<void> {
    const fields = readRowDescription(body);
    const { types, sink, learn } = this.talk;
    const announce = (): void => {
      const columns: Column[] = fields.map((field) => columnOf(field, types));
      sink.columns(columns, () => {
        this.stopWith('rows');
      });
    };
    const unknown = fields.map((field) => field.typeOid).filter((oid) => !types.has(oid));
    if (unknown.length === 0) announce();
    else return learn(unknown).then(announce);
  }

  private failed(body: Buffer): void {
    const problem = problemOf(readFields(body), this.talk.statement);
    const ours = this.commandsDone < this.talk.commandsBefore || (this.over && this.talk.followed);
    if (ours) this.ownProblem ??= problem;
    else this.problem ??= problem;
  }

  private notice(body: Buffer): void {
    if (this.notices.length >= MAX_NOTICES) return;
    const { V: severity = 'NOTICE', M: message = '' } = readFields(body);
    this.notices.push({ severity, message: message.slice(0, 2000) });
  }
}

/** Gathers the rows of a question of our own as text. */
export class CollectExchange implements ExchangeHandler {
  readonly maxCellBytes = 16 * 1_048_576;
  readonly rows: (string | null)[][] = [];
  problem: EngineProblem | null = null;

  ready(): void {
    // A question has one answer; its end is the end of the exchange.
  }

  row(row: DataRow): void {
    this.rows.push(
      Array.from({ length: row.length }, (_, index) => {
        const bytes = row.bytes(index);
        return bytes === null
          ? null
          : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
      }),
    );
  }

  message(type: string, body: Buffer): void {
    if (type === 'E') this.problem ??= problemOf(readFields(body), '');
  }
}
