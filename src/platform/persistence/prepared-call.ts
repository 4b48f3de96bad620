import type pg from 'pg';

/** A statement that is parsed and planned once for each connection. */
export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
}

/** A row as the server's text. */
export type TextRow = readonly (string | null)[];

/**
 * One call of a prepared statement: a single write with everything in it, and no description asked for. The driver's
 * own query makes four messages of it, reads the columns anew each time and a JavaScript value from each cell.
 */
export class PreparedCall implements pg.Submittable {
  private readonly rows: TextRow[] = [];

  constructor(
    private readonly messages: Buffer,
    private readonly settle: (error: Error | null, rows: readonly TextRow[]) => void,
  ) {}

  submit({ stream }: pg.Connection): void {
    (stream as NodeJS.WritableStream).write(this.messages);
  }

  handleDataRow({ fields }: { fields: TextRow }): void {
    this.rows.push(fields);
  }

  handleParseComplete(): void {
    // Nothing waits for it.
  }

  handleCommandComplete(): void {
    // What it did shows in its rows.
  }

  handleReadyForQuery(): void {
    this.settle(null, this.rows);
  }

  /** After an error of the server, or when the connection is lost, the driver calls nothing else. */
  handleError(error: Error): void {
    this.settle(error, []);
  }
}

/** The messages of a call, with the statement itself when the connection does not have it yet. */
export function callMessages(
  { name, text }: PreparedStatement,
  values: readonly string[],
  withParse: boolean,
): Buffer {
  const key = Buffer.from(`${name}\0`);
  // After an error the server may have it or not: closing what does not exist is no error.
  const close = message('C', [Buffer.from('S'), key]);
  const parse = message('P', [key, Buffer.from(`${text}\0`), Buffer.alloc(2)]);
  return Buffer.concat([
    ...(withParse ? [close, parse] : []),
    message('B', bindBody(key, values)),
    EXECUTE_AND_SYNC,
  ]);
}

function bindBody(key: Buffer, values: readonly string[]): Buffer[] {
  const head = Buffer.alloc(4);
  head.writeInt16BE(values.length, 2);
  const parameters = values.flatMap((value) => {
    const bytes = Buffer.from(value);
    return [int32(bytes.length), bytes];
  });
  return [Buffer.alloc(1), key, head, ...parameters, Buffer.alloc(2)];
}

function message(type: string, body: readonly Buffer[]): Buffer {
  const size = body.reduce((sum, part) => sum + part.length, 4);
  return Buffer.concat([Buffer.from(type), int32(size), ...body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** All rows of the unnamed portal, then the end of the exchange. */
const EXECUTE_AND_SYNC = Buffer.concat([message('E', [Buffer.alloc(5)]), message('S', [])]);
