import type { Socket } from 'node:net';
import { QUIT } from './commands.js';
import {
  BodyReader,
  readColumn,
  readEof,
  readError,
  readOk,
  type ColumnDefinition,
  type Completion,
  type ServerError,
} from './fields.js';
import { PacketReader, type PacketHandler } from './reader.js';
import type { Rendering, TextRow } from './text-row.js';

const MAX_COLUMNS = 4096;
const GOODBYE_MS = 1000;

/** Receives the answers to one exchange. */
export interface ExchangeHandler {
  readonly maxCellBytes: number;
  /** A result begins; answers how its cells become text. */
  columns(columns: readonly ColumnDefinition[]): readonly Rendering[];
  /** A row; valid only during the call. A promise holds everything back until it settles. */
  row(row: TextRow): void | Promise<void>;
  /** A result, or a statement without one, has ended well. */
  completed(completion: Completion): void;
  failed(error: ServerError): void;
  /** Command number `count` of the exchange, from 1, is answered. */
  answered(count: number): void;
}

/** The connection is gone; what was under way may or may not have happened. */
export class ConnectionLostError extends Error {
  constructor(options?: { cause?: unknown }) {
    super('The connection to the server was lost.', options);
    this.name = 'ConnectionLostError';
  }
}

interface Exchange {
  readonly handler: ExchangeHandler;
  readonly awaited: number;
  seen: number;
  resolve(): void;
  reject(error: Error): void;
}

/** What the next packet of an answer is. */
type Phase = 'head' | 'columns' | 'columns-end' | 'rows';

/** An authenticated connection: sends commands, hands the answers to whoever is talking. One exchange at a time. */
export class Wire implements PacketHandler {
  /** Whether a transaction is open, as the server said last. */
  inTransaction = false;
  private exchange: Exchange | null = null;
  private readonly reader = new PacketReader(this);
  private lost: ConnectionLostError | null = null;
  private phase: Phase = 'head';
  private columnsLeft = 0;
  private columns: ColumnDefinition[] = [];

  constructor(
    private readonly socket: Socket,
    readonly threadId: number,
    /** Whether MariaDB sends its own names of types along. */
    private readonly extendedMetadata: boolean,
  ) {
    socket.on('data', (chunk: Buffer) => {
      this.receive(chunk);
    });
    socket.on('error', (cause) => {
      this.fail(new ConnectionLostError({ cause }));
    });
    socket.on('close', () => {
      this.fail(new ConnectionLostError());
    });
  }

  get inRows(): boolean {
    return this.phase === 'rows';
  }

  get maxCellBytes(): number {
    return this.exchange?.handler.maxCellBytes ?? 0;
  }

  get usable(): boolean {
    return this.lost === null && this.exchange === null;
  }

  row(row: TextRow): void | Promise<void> {
    return this.exchange?.handler.row(row);
  }

  packet(body: Buffer): void {
    const { exchange } = this;
    if (exchange === null) throw new Error('The server spoke without being asked.');
    if (body[0] === 0xff) {
      exchange.handler.failed(readError(body));
      this.answered(exchange);
    } else if (this.phase === 'head') this.head(exchange, body);
    else if (this.phase === 'columns') this.column(body);
    else if (this.phase === 'columns-end') this.beginRows(exchange);
    else this.completed(exchange, readEof(body));
  }

  /** Sends commands and resolves once all of them are answered. Rejects when the connection is lost. */
  async talk(commands: readonly Buffer[], handler: ExchangeHandler): Promise<void> {
    if (this.exchange !== null) throw new Error('Two exchanges at once on one connection.');
    if (this.lost !== null) throw this.lost;
    return new Promise((resolve, reject) => {
      this.exchange = { handler, awaited: commands.length, seen: 0, resolve, reject };
      this.socket.write(commands.length === 1 ? (commands[0] ?? QUIT) : Buffer.concat(commands));
    });
  }

  /** Says goodbye without waiting for an answer. */
  close(): void {
    if (this.lost === null) this.socket.end(QUIT);
    this.fail(new ConnectionLostError());
    setTimeout(() => this.socket.destroy(), GOODBYE_MS).unref();
  }

  /** Cuts the connection at once. */
  destroy(): void {
    this.fail(new ConnectionLostError());
    this.socket.destroy();
  }

  private head(exchange: Exchange, body: Buffer): void {
    // 0xfb asks for a file of ours. It was never offered, so whoever asks is no server to talk to.
    if (body[0] === 0xfb) throw new Error('The server asked for a file.');
    if (body[0] === 0x00) {
      this.completed(exchange, readOk(body));
      return;
    }
    const count = new BodyReader(body).lengthEncoded() ?? 0;
    if (count < 1 || count > MAX_COLUMNS) throw new Error('The server sent no answer.');
    this.columnsLeft = count;
    this.columns = [];
    this.phase = 'columns';
  }

  private column(body: Buffer): void {
    this.columns.push(readColumn(body, this.extendedMetadata));
    this.columnsLeft -= 1;
    if (this.columnsLeft === 0) this.phase = 'columns-end';
  }

  private beginRows({ handler }: Exchange): void {
    this.reader.row.renderings = handler.columns(this.columns);
    this.phase = 'rows';
  }

  private completed(exchange: Exchange, completion: Completion): void {
    this.inTransaction = completion.inTransaction;
    exchange.handler.completed(completion);
    if (completion.more) this.phase = 'head';
    else this.answered(exchange);
  }

  private answered(exchange: Exchange): void {
    this.phase = 'head';
    exchange.seen += 1;
    exchange.handler.answered(exchange.seen);
    if (exchange.seen < exchange.awaited) return;
    this.exchange = null;
    exchange.resolve();
  }

  private receive(chunk: Buffer): void {
    try {
      const wait = this.reader.push(chunk);
      if (wait === undefined) return;
      this.socket.pause();
      wait.then(
        () => this.socket.resume(),
        (error: unknown) => {
          this.abandon(error);
        },
      );
    } catch (error) {
      this.abandon(error);
    }
  }

  // Whoever receives rows has failed, or the stream makes no sense: the rest of the answer has no place to go.
  private abandon(error: unknown): void {
    const { exchange } = this;
    this.exchange = null;
    this.destroy();
    exchange?.reject(error instanceof Error ? error : new Error(String(error)));
  }

  private fail(error: ConnectionLostError): void {
    this.lost ??= error;
    const { exchange } = this;
    this.exchange = null;
    exchange?.reject(this.lost);
  }
}
