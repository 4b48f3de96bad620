import { spawn, type ChildProcess as NodeProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join, sep } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { ProcessEndedError } from './errors.js';
import { frame, FrameReader, JSON_FRAME, ROWS_FRAME } from './frames.js';
import { readAnswer, type Answer, type Order } from './messages.js';

const MAX_HEAP_MB = 192;
const START_MS = 10_000;

/** The child runs as compiled: sources that are run as they are, as tests do, are in `src` beside `dist`. */
const FOLDER = import.meta.filename.endsWith('.ts')
  ? import.meta.dirname.replace(`${sep}src${sep}engines`, `${sep}dist${sep}src${sep}engines`)
  : import.meta.dirname;

export interface AnswerHandler {
  columns(columns: Extract<Answer, { say: 'columns' }>['columns']): void;
  rows(content: Buffer): Promise<void>;
}

type End = Extract<Answer, { say: 'done' | 'failed' }>;

/** One process with one file. Killing it is how a statement is stopped: nothing else reaches into a query of SQLite. */
export class SqliteProcess {
  /** Tells this process from any other that may get its number later. */
  readonly token = randomBytes(16).toString('base64url');
  private readonly process: NodeProcess;
  private readonly pieces: AsyncIterator<Buffer, undefined>;
  private readonly reader = new FrameReader();
  private readonly ended: Promise<unknown>;
  private readonly watched: Promise<unknown>;

  constructor() {
    const program = join(FOLDER, 'child', 'main.js');
    const flags = [`--max-old-space-size=${String(MAX_HEAP_MB)}`, '--disable-warning=ExperimentalWarning'];
    // The fourth stream is never written to: it ends with this process, and then the child ends itself.
    this.process = spawn(process.execPath, [...flags, program, this.token], {
      stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
      env: {},
    });
    this.ended = once(this.process, 'close').catch(() => undefined);
    this.watched = once(this.stream(3), 'data', { signal: AbortSignal.timeout(START_MS) });
    this.watched.catch(() => undefined);
    this.stream(0).on('error', () => undefined);
    this.stream(3).on('error', () => undefined);
    this.pieces = (this.process.stdout as AsyncIterable<Buffer, undefined>)[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  get alive(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Resolves when the child can be ended from within too. */
  async ready(): Promise<void> {
    await Promise.race([this.watched, this.ended]);
    if (!this.alive) throw this.end();
  }

  /** Sends an order and follows what comes back; holding a promise of `rows` holds the query back. */
  async ask(order: Order, handler: AnswerHandler): Promise<End> {
    (this.stream(0) as Writable).write(frame(JSON_FRAME, Buffer.from(JSON.stringify(order))));
    for (;;) {
      const { type, content } = await this.next();
      if (type === ROWS_FRAME) {
        await handler.rows(content);
        continue;
      }
      const answer = readAnswer(content);
      if (answer.say !== 'columns') return answer;
      handler.columns(answer.columns);
    }
  }

  kill(): void {
    this.process.kill('SIGKILL');
  }

  private async next(): Promise<{ type: number; content: Buffer }> {
    for (;;) {
      const found = this.reader.next();
      if (found !== undefined) return found;
      const piece: IteratorResult<Buffer, undefined> = await this.pieces.next();
      if (piece.done === true) {
        await this.ended;
        throw this.end();
      }
      this.reader.push(piece.value);
    }
  }

  private end(): ProcessEndedError {
    return new ProcessEndedError(this.process.signalCode);
  }

  private stream(number: 0 | 3): Readable | Writable {
    const stream = this.process.stdio[number];
    if (stream === null || stream === undefined) throw new Error('The process has no such stream.');
    return stream;
  }
}
