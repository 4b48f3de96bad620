import type { Socket } from 'node:net';
import pg from 'pg';
import { callMessages, PreparedCall, type PreparedStatement, type TextRow } from './prepared-call.js';

const CONNECT_TIMEOUT_MS = 5000;
/** Whatever takes longer has met a server that does not answer. */
const ANSWER_TIMEOUT_MS = 30_000;

/**
 * Plans are made once and kept, perhaps while a table is still empty: without this they would read it from end to end
 * for ever after.
 */
const BY_KEY_ONLY = `set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_hashjoin = off;
  set enable_mergejoin = off`;

interface Open {
  readonly client: pg.Client;
  readonly prepared: Set<string>;
}

/**
 * A connection on which statements are parsed and planned once, and their parameters go out in one write. Calls are
 * answered in order. When the connection is lost, calls under way fail and the next one opens another.
 */
export class DirectConnection {
  private opened: Promise<Open> | null = null;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly url: string) {}

  /** Runs a statement that finds its rows by their keys, each call a transaction; answers its rows as text. */
  async run(statement: PreparedStatement, values: readonly string[]): Promise<readonly TextRow[]> {
    const turn = this.last.then(async () => this.call(statement, values));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  /** Ends the connection when it has answered. */
  async close(): Promise<void> {
    await this.last;
    const opened = await this.opened?.catch(() => null);
    await opened?.client.end().catch(() => undefined);
  }

  private async call(statement: PreparedStatement, values: readonly string[]): Promise<readonly TextRow[]> {
    const { client, prepared } = await (this.opened ?? this.connect());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        streamOf(client).destroy(new Error('The management database does not answer.'));
      }, ANSWER_TIMEOUT_MS);
      const messages = callMessages(statement, values, !prepared.has(statement.name));
      prepared.add(statement.name);
      const call = new PreparedCall(messages, (error, rows) => {
        clearTimeout(timer);
        if (error === null) {
          resolve(rows);
          return;
        }
        prepared.delete(statement.name);
        reject(error);
      });
      client.query(call);
    });
  }

  private async connect(): Promise<Open> {
    const opening = open(this.url, () => {
      if (this.opened === opening) this.opened = null;
    });
    this.opened = opening;
    return opening;
  }
}

async function open(url: string, onLost: () => void): Promise<Open> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'clouddb-manager journal',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  });
  client.on('error', onLost).on('end', onLost);
  try {
    await client.connect();
    await client.query(BY_KEY_ONLY);
  } catch (error) {
    onLost();
    client.end().catch(() => undefined);
    throw error;
  }
  return { client, prepared: new Set() };
}

/** What pg's client has beyond its types. */
function streamOf(client: pg.Client): Socket {
  return (client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream;
}
