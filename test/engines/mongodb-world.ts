import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { MongoClient, type Document } from 'mongodb';
import type { Target } from '../../src/engines/engine.js';
import type { TestServer } from '../support/servers.js';

/** A comment on a command that the proxy understands: the answer to it is held back. */
export const HOLD = 'hold-the-answer';

export function targetOf(url: string, database: string): Target {
  const { hostname, port, username, password } = new URL(url);
  return {
    host: hostname,
    port: Number(port),
    database,
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    tls: { mode: 'off' },
  };
}

/** Stands between a driver and a server: holds answers back, and cuts connections in the middle. */
export class Proxy {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async to(target: Target): Promise<Proxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new Proxy(server, (server.address() as AddressInfo).port);
    server.on('connection', (near: Socket) => {
      proxy.join(near, connect(target.port, target.host));
    });
    return proxy;
  }

  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(near: Socket, far: Socket): void {
    let held = false;
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    near.on('data', (bytes: Buffer) => {
      held ||= bytes.includes(HOLD);
      far.write(bytes);
    });
    far.on('data', (bytes: Buffer) => {
      if (!held) near.write(bytes);
    });
  }
}

const worlds: MongodbWorld[] = [];

/** A database of its own, filled by the driver package itself. */
export class MongodbWorld {
  readonly database = `contract_${Math.random().toString(36).slice(2)}`;
  private constructor(
    private readonly client: MongoClient,
    private readonly direct: Target,
    readonly proxy: Proxy,
  ) {}

  static async make({ url }: TestServer): Promise<MongodbWorld> {
    const client = new MongoClient(url);
    await client.connect();
    const direct = targetOf(url, '');
    const world = new MongodbWorld(client, direct, await Proxy.to(direct));
    worlds.push(world);
    return world;
  }

  /** Where a driver goes: past the proxy. */
  get target(): Target {
    return { ...this.direct, port: this.proxy.port, database: this.database };
  }

  async fill(collection: string, documents: readonly Document[]): Promise<void> {
    await this.client.db(this.database).collection(collection).insertMany(documents);
  }

  /** So many documents with `a` from 1. */
  async count(collection: string, documents: number): Promise<void> {
    for (let from = 1; from <= documents; from += 20_000) {
      const size = Math.min(20_000, documents - from + 1);
      await this.fill(
        collection,
        Array.from({ length: size }, (_, at) => ({ _id: from + at, a: from + at })),
      );
    }
  }

  async command(command: Document): Promise<Document> {
    return this.client.db(this.database).command(command);
  }

  async end(): Promise<void> {
    await this.client.db(this.database).dropDatabase();
    await this.client.close();
    await this.proxy.close();
  }
}

export async function endWorlds(): Promise<void> {
  for (const world of worlds.splice(0)) await world.end();
}
