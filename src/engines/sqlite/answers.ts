import type { ResultSink } from '../engine.js';
import { readRows } from './cells.js';
import type { AnswerHandler } from './child-process.js';
import type { Answer } from './messages.js';

type Columns = Extract<Answer, { say: 'columns' }>['columns'];

/** Hands the rows of a person's statement on, one at a time, until the sink has enough. */
export class RowHandler implements AnswerHandler {
  count = 0;
  stopped = false;
  private width = 0;

  /** `stop` is called once, when the sink has enough: what still comes is dropped. */
  constructor(
    private readonly sink: ResultSink,
    private readonly stop: () => void,
  ) {}

  columns(columns: Columns): void {
    this.width = columns.length;
    this.sink.columns(columns, () => {
      if (!this.stopped) this.stop();
      this.stopped = true;
    });
  }

  async rows(content: Buffer): Promise<void> {
    for (const row of readRows(content, this.width)) {
      if (this.stopped) return;
      this.count += 1;
      const held = this.sink.row(row);
      if (held !== undefined) await held;
    }
  }
}

/** Gathers the rows of a question of our own as text. */
export class CollectHandler implements AnswerHandler {
  readonly cells: (string | null)[][] = [];
  private width = 0;

  columns(columns: Columns): void {
    this.width = columns.length;
  }

  async rows(content: Buffer): Promise<void> {
    for (const row of readRows(content, this.width)) {
      const texts = Array.from({ length: row.length }, (_, index) => row.bytes(index));
      this.cells.push(texts.map((bytes) => (bytes === null ? null : Buffer.from(bytes).toString('utf8'))));
    }
    return Promise.resolve();
  }
}
