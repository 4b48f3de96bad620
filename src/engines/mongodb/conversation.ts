import { UUID, type BSONSerializeOptions, type ClientSession } from 'mongodb';
import { elementsOf, stringBytes, TYPE, type Element } from './bson/elements.js';
import type { MongodbConnection } from './connect.js';
import { runError, serverProblem } from './errors.js';
import type { Command } from './operations/operation.js';

/** A document of the server's answer, as bytes. */
export type Reply = Readonly<Record<string, unknown>>;

/** One session of the server on one connection: what it runs can be ended by its id from anywhere. */
export class Conversation {
  private readonly session: ClientSession;

  constructor(private readonly connection: MongodbConnection) {
    this.session = connection.client.startSession({ causalConsistency: false });
  }

  get id(): string {
    return new UUID(this.session.id?.id.buffer).toString();
  }

  /** The answer's own fields; documents in it are bytes. A connection on which a command was given up is closed. */
  async ask(command: Command, signal?: AbortSignal): Promise<Reply> {
    return this.send(command, { raw: true }, signal);
  }

  /** The answer with every value as the type that it has on the server. */
  async askTyped(command: Command, signal?: AbortSignal): Promise<Reply> {
    return this.send(command, { promoteValues: false, bsonRegExp: true }, signal);
  }

  /** It is never used for anything else: whoever knows its id must not end what comes later. */
  async end(): Promise<void> {
    const { serverSession } = this.session as unknown as {
      readonly serverSession: { isDirty: boolean } | null;
    };
    if (serverSession !== null) serverSession.isDirty = true;
    await this.session.endSession();
  }

  private async send(command: Command, options: BSONSerializeOptions, signal?: AbortSignal): Promise<Reply> {
    const { client, database } = this.connection;
    try {
      return await client.db(database).command(Object.fromEntries(command), {
        session: this.session,
        ...options,
        ...(signal && { signal }),
      });
    } catch (error) {
      if (signal?.aborted === true && error === signal.reason) throw error;
      throw runError(error);
    }
  }
}

export interface Batch {
  readonly id: bigint;
  readonly namespace: string;
  readonly documents: readonly Buffer[];
}

/** The documents in an answer that has a cursor. */
export function batchOf(reply: Reply): Batch {
  const cursor = bytesOf(reply['cursor']);
  const fields = new Map([...elementsOf(cursor)].map((element) => [element.name, element]));
  const documents = fields.get('firstBatch') ?? fields.get('nextBatch');
  return {
    id: longOf(cursor, fields.get('id')),
    namespace: textOf(cursor, fields.get('ns')),
    documents: documents === undefined ? [] : partsOf(cursor, documents),
  };
}

/** The documents of a list. */
export function partsOf(bytes: Buffer, { start }: Pick<Element, 'start'>): Buffer[] {
  return [...elementsOf(bytes, start)]
    .filter(({ type }) => type === TYPE.document)
    .map((element) => bytes.subarray(element.start, element.end));
}

export function bytesOf(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  throw new RangeError('The answer has no document where one belongs.');
}

function longOf(bytes: Buffer, element: Element | undefined): bigint {
  if (element?.type === TYPE.long) return bytes.readBigInt64LE(element.start);
  return element?.type === TYPE.int ? BigInt(bytes.readInt32LE(element.start)) : 0n;
}

export function textOf(bytes: Buffer, element: Element | undefined): string {
  return element?.type === TYPE.string ? stringBytes(bytes, element.start).toString('utf8') : '';
}

/** A write that failed is told in an answer that says ok. */
export function refuseWriteErrors(reply: Reply): void {
  for (const name of ['writeErrors', 'writeConcernError']) {
    const value = reply[name];
    const first: unknown = Array.isArray(value) ? value[0] : value;
    if (!(first instanceof Uint8Array)) continue;
    const bytes = bytesOf(first);
    const fields = new Map([...elementsOf(bytes)].map((element) => [element.name, element]));
    const code = Number(longOf(bytes, fields.get('code')));
    const codeName = textOf(bytes, fields.get('codeName'));
    const name11000 = code === 11_000 ? 'DuplicateKey' : undefined;
    throw serverProblem(code, codeName === '' ? name11000 : codeName, textOf(bytes, fields.get('errmsg')));
  }
}
