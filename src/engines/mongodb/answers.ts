import { BSON, Int32, ObjectId } from 'mongodb';
import { EngineError, type Notice } from '../engine.js';
import type { DocumentRows } from './bson/document-rows.js';
import { batchOf, refuseWriteErrors, type Batch, type Conversation, type Reply } from './conversation.js';
import { bytesOf } from './conversation.js';
import type { Command, Operation } from './operations/operation.js';
import { isDocument, isList, type ShellValue } from './shell/values.js';

/** Documents that are asked for at a time: one answer of the server has 16 MB at most. */
const MAX_BATCH = 1000;

export interface Asking {
  readonly operation: Operation;
  readonly conversation: Conversation;
  readonly rows: DocumentRows;
  readonly maxRows: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Written {
  readonly affected: number | null;
  readonly notices: readonly Notice[];
}

const NOTHING: Written = { affected: null, notices: [] };

type Answer = (asking: Asking) => Promise<Written>;

/** How the answer to each kind of operation is read. */
export const ANSWERS: Readonly<Record<Operation['answer'], Answer>> = {
  cursor: followCursor,
  values: async ({ operation, conversation, rows, timeoutMs, signal }) => {
    const reply = await withTime(operation.command, timeoutMs, async (command) =>
      conversation.askTyped(command, signal),
    );
    const values: unknown = reply['values'];
    const key = operation.command.get('key');
    const name = typeof key === 'string' ? key : 'value';
    for (const value of Array.isArray(values) ? (values as unknown[]) : [])
      await rows.take(documentOf({ [name]: value }));
    return NOTHING;
  },
  count: async ({ operation, conversation, rows, timeoutMs, signal }) => {
    const reply = await conversation.askTyped(timed(operation.command, timeoutMs), signal);
    await rows.take(documentOf({ count: reply['n'] }));
    return NOTHING;
  },
  total: async ({ operation, conversation, rows, timeoutMs, signal }) => {
    const [found] = batchOf(await conversation.ask(timed(operation.command, timeoutMs), signal)).documents;
    // No document at all is what the server says for none.
    const { n: total = new Int32(0) } = found === undefined ? {} : typedOf(found);
    await rows.take(documentOf({ count: total }));
    return NOTHING;
  },
  document: async ({ operation, conversation, rows, signal }) => {
    const reply = await conversation.askTyped(operation.command, signal);
    await rows.take(documentOf(withoutSession(reply)));
    return NOTHING;
  },
  found: async ({ operation, conversation, rows, timeoutMs, signal }) => {
    const reply = await conversation.ask(timed(operation.command, timeoutMs), signal);
    refuseWriteErrors(reply);
    if (reply['value'] instanceof Uint8Array) await rows.take(bytesOf(reply['value']));
    const { n: affected } = BSON.deserialize(bytesOf(reply['lastErrorObject'])) as { readonly n?: number };
    return { affected: affected ?? 0, notices: [] };
  },
  written: async ({ operation, conversation, signal }) => {
    const reply = await conversation.ask(withIds(operation.command), signal);
    refuseWriteErrors(reply);
    return writtenBy(reply);
  },
  done: async ({ operation, conversation, signal }) => {
    await conversation.ask(operation.command, signal);
    return NOTHING;
  },
};

async function followCursor(asking: Asking): Promise<Written> {
  const { operation, conversation, rows, signal } = asking;
  const batchSize = Math.min(asking.maxRows + 1, MAX_BATCH);
  const first = sized(timed(operation.command, asking.timeoutMs), batchSize);
  let batch: Batch = batchOf(await conversation.ask(first, signal));
  for (;;) {
    for (const document of batch.documents) await rows.take(document);
    if (batch.id === 0n) break;
    const collection = batch.namespace.slice(batch.namespace.indexOf('.') + 1);
    const id = BSON.Long.fromBigInt(batch.id);
    if (rows.isFull) {
      const cursors: ShellValue = [id];
      // The server forgets it by itself after some minutes, too.
      await conversation
        .ask(
          new Map<string, ShellValue>([
            ['killCursors', collection],
            ['cursors', cursors],
          ]),
        )
        .catch(() => undefined);
      break;
    }
    const more = new Map<string, ShellValue>([
      ['getMore', id],
      ['collection', collection],
      ['batchSize', new Int32(batchSize)],
    ]);
    batch = batchOf(await conversation.ask(more, signal));
  }
  return NOTHING;
}

/** Only reads are ended by the server itself: a write that is ended half-way is worse than one that is late. */
function timed(command: Command, timeoutMs: number): Command {
  const [[name] = ['']] = command;
  if (name === 'listCollections' || name === 'listIndexes') return command;
  const given = command.get('maxTimeMS');
  const most =
    given instanceof Int32 && given.valueOf() > 0 ? Math.min(given.valueOf(), timeoutMs) : timeoutMs;
  return new Map([...command, ['maxTimeMS', new Int32(Math.ceil(most))]]);
}

/** Servers that only speak the protocol may not know the limit for every command: then the timer here is all. */
async function withTime<T>(
  command: Command,
  timeoutMs: number,
  ask: (command: Command) => Promise<T>,
): Promise<T> {
  try {
    return await ask(timed(command, timeoutMs));
  } catch (error) {
    const unknown = error instanceof EngineError && /unknown field "?maxTimeMS/.test(error.problem.message);
    if (!unknown) throw error;
    return ask(command);
  }
}

function sized(command: Command, batchSize: number): Command {
  const size = new Int32(batchSize);
  if (command.has('find')) return new Map([...command, ['batchSize', size]]);
  return new Map([...command, ['cursor', new Map([['batchSize', size]])]]);
}

/** Each document has an id, made where it is not given, and it comes first. */
function withIds(command: Command): Command {
  const documents = command.get('documents');
  if (!isList(documents)) return command;
  const complete = documents.map((document) =>
    isDocument(document) && !document.has('_id')
      ? new Map<string, ShellValue>([['_id', new ObjectId()], ...document])
      : document,
  );
  return new Map([...command, ['documents', complete]]);
}

/** An update counts what it changed; what matched and was so already is told beside it. */
function writtenBy(reply: Reply): Written {
  const matched = Number(reply['n'] ?? 0);
  if (reply['nModified'] === undefined) return { affected: matched, notices: [] };
  const upserted = Array.isArray(reply['upserted']) ? reply['upserted'].length : 0;
  const affected = Number(reply['nModified']) + upserted;
  if (affected === matched) return { affected, notices: [] };
  const message = `${String(matched)} matched; the others were so already.`;
  return { affected, notices: [{ severity: 'INFO', message }] };
}

const BESIDE: readonly string[] = ['$clusterTime', 'operationTime'];

/** What the driver and the cluster tell each other is nobody's result. */
function withoutSession(reply: Reply): Reply {
  return Object.fromEntries(Object.entries(reply).filter(([name]) => !BESIDE.includes(name)));
}

function typedOf(bytes: Buffer): Reply {
  return BSON.deserialize(bytes, { promoteValues: false });
}

function documentOf(value: object): Buffer {
  return Buffer.from(BSON.serialize(value));
}
