/** Reads the parts of one packet's body. Throws RangeError when it is shorter than it says. */
export class BodyReader {
  at = 0;

  constructor(private readonly body: Buffer) {}

  byte(): number {
    const value = this.body.readUInt8(this.at);
    this.at += 1;
    return value;
  }

  uint(bytes: 2 | 3 | 4): number {
    const value = this.body.readUIntLE(this.at, bytes);
    this.at += bytes;
    return value;
  }

  /** An integer that says its own length; null for the NULL of rows. */
  lengthEncoded(): number | null {
    const first = this.byte();
    if (first < 0xfb) return first;
    if (first === 0xfb) return null;
    if (first === 0xfc) return this.uint(2);
    if (first === 0xfd) return this.uint(3);
    const value = Number(this.body.readBigUInt64LE(this.at));
    this.at += 8;
    return value;
  }

  text(): string {
    const length = this.lengthEncoded() ?? 0;
    const from = this.at;
    this.at += length;
    if (this.at > this.body.length) throw new RangeError('A text is longer than its packet.');
    return this.body.toString('utf8', from, this.at);
  }

  rest(): string {
    return this.body.toString('utf8', this.at);
  }

  get left(): number {
    return this.body.length - this.at;
  }
}

export interface ServerError {
  readonly number: number;
  readonly state: string;
  readonly message: string;
}

export function readError(body: Buffer): ServerError {
  const reader = new BodyReader(body);
  reader.byte();
  const number = reader.uint(2);
  const text = reader.rest();
  // Before a login there is no state.
  if (!text.startsWith('#')) return { number, state: 'HY000', message: text };
  return { number, state: text.slice(1, 6), message: text.slice(6) };
}

/** How a statement, or one of its results, ended. */
export interface Completion {
  readonly affectedRows: number;
  readonly warnings: number;
  readonly inTransaction: boolean;
  /** Another result of the same command follows. */
  readonly more: boolean;
}

const IN_TRANSACTION = 0x0001;
const MORE_RESULTS = 0x0008;

export function readOk(body: Buffer): Completion {
  const reader = new BodyReader(body);
  reader.byte();
  const affectedRows = reader.lengthEncoded() ?? 0;
  reader.lengthEncoded();
  const status = reader.uint(2);
  return completion(affectedRows, reader.uint(2), status);
}

/** The packet behind columns and behind rows. */
export function readEof(body: Buffer): Completion {
  const reader = new BodyReader(body);
  reader.byte();
  const warnings = reader.uint(2);
  return completion(0, warnings, reader.uint(2));
}

function completion(affectedRows: number, warnings: number, status: number): Completion {
  const inTransaction = (status & IN_TRANSACTION) !== 0;
  return { affectedRows, warnings, inTransaction, more: (status & MORE_RESULTS) !== 0 };
}

export interface ColumnDefinition {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly charset: number;
  /** Bytes of the longest value as text. */
  readonly length: number;
  readonly decimals: number;
  /** What MariaDB calls the type beyond the protocol: `uuid`, `inet6`, `point`, or the format `json`. */
  readonly extended: string | null;
}

export function readColumn(body: Buffer, extendedMetadata: boolean): ColumnDefinition {
  const reader = new BodyReader(body);
  for (let part = 0; part < 4; part += 1) reader.text(); // catalogue, schema, alias of the table, table
  const name = reader.text();
  reader.text(); // name in the table
  const extended = extendedMetadata ? readExtended(reader) : null;
  reader.lengthEncoded();
  const charset = reader.uint(2);
  const length = reader.uint(4);
  const type = reader.byte();
  const flags = reader.uint(2);
  return { name, type, flags, charset, length, decimals: reader.byte(), extended };
}

function readExtended(reader: BodyReader): string | null {
  const end = (reader.lengthEncoded() ?? 0) + reader.at;
  let found: string | null = null;
  while (reader.at < end) {
    reader.byte(); // 0: a type, 1: a format
    found = reader.text();
  }
  return found;
}
