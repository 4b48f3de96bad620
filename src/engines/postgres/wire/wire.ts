import type { Socket } from 'node:net';
import type { DataRow } from './data-row.js';
import { TERMINATE } from './messages.js';
import { MessageReader, type MessageHandler } from './reader.js';

/** `I` idle, `T` in a transaction, `E` in a failed one. */
export type TransactionStatus = 'I' | 'T' | 'E';

/** Receives the answers to one exchange. */
export interface ExchangeHandler extends MessageHandler {
  /** ReadyForQuery number `count` of the exchange, from 1. */
  ready(status: TransactionStatus, count: number): void;
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

/** An authenticated connection: sends messages, hands the answers to whoever is talking. One exchange at a time. */
export class Wire implements MessageHandler {
  private exchange: Exchange | null = null;
  private readonly reader = new MessageReader(this);
  private lost: ConnectionLostError | null = null;
  status: TransactionStatus = 'I';

  constructor(
    private readonly socket: Socket,
    readonly pid: number,
    readonly secret: number,
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

  get maxCellBytes(): number {
    return this.exchange?.handler.maxCellBytes ?? 0;
  }

  row(row: DataRow): void | Promise<void> {
    return this.exchange?.handler.row(row);
  }

  message(type: string, body: Buffer): void | Promise<void> {
    const { exchange } = this;
    if (type !== 'Z') return exchange?.handler.message(type, body);
    const status = String.fromCharCode(body[0] ?? 0) as TransactionStatus;
    this.status = status;
    if (exchange === null) return;
    exchange.seen += 1;
    exchange.handler.ready(status, exchange.seen);
    if (exchange.seen < exchange.awaited) return;
    this.exchange = null;
    exchange.resolve();
  }

  get usable(): boolean {
    return this.lost === null && this.exchange === null;
  }

  /** Sends messages and resolves once the server has been ready `awaited` times. Rejects when the connection is lost. */
  async talk(messages: readonly Buffer[], awaited: number, handler: ExchangeHandler): Promise<void> {
    if (this.exchange !== null) throw new Error('Two exchanges at once on one connection.');
    if (this.lost !== null) throw this.lost;
    return new Promise((resolve, reject) => {
      this.exchange = { handler, awaited, seen: 0, resolve, reject };
      this.socket.write(messages.length === 1 ? (messages[0] ?? TERMINATE) : Buffer.concat(messages));
    });
  }

  /** Says goodbye without waiting for an answer. */
  close(): void {
    if (this.lost === null) this.socket.end(TERMINATE);
    this.fail(new ConnectionLostError());
    setTimeout(() => this.socket.destroy(), 1000).unref();
  }

  /** Cuts the connection at once. */
  destroy(): void {
    this.fail(new ConnectionLostError());
    this.socket.destroy();
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

  // Whoever receives rows has failed: the rest of the answer has no place to go.
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
