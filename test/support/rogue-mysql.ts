import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Target } from '../../src/engines/engine.js';

const NATIVE = 'mysql_native_password\0';
/** PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH and what clients take for granted. */
const CAPABILITIES = 0x0008_a201;

/** Answers a command with packets; null ends the connection. */
export type Answer = (text: string) => readonly Buffer[] | null;

export interface RogueServer extends AsyncDisposable {
  readonly target: Target;
  /** Everything that clients sent after their first answer. */
  received(): Buffer;
}

/** A program that speaks MySQL's protocol as far as a login, and then says what a test wants. */
export async function rogueMysql(answer: Answer): Promise<RogueServer> {
  const sockets = new Set<Socket>();
  const parts: Buffer[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    socket.write(packet(0, greeting()));
    let authenticated = false;
    socket.on('data', (chunk: Buffer) => {
      if (!authenticated) {
        authenticated = true;
        socket.write(packet(2, ok()));
        return;
      }
      parts.push(chunk);
      for (const text of commandsIn(chunk)) reply(socket, answer(text));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    target: { host: '127.0.0.1', port, database: 'd', username: 'u', password: 'p', tls: { mode: 'off' } },
    received: () => Buffer.concat(parts),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function reply(socket: Socket, packets: readonly Buffer[] | null): void {
  if (packets === null) socket.destroy();
  else packets.forEach((body, index) => socket.write(packet(index + 1, body)));
}

function commandsIn(chunk: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at + 4 <= chunk.length;) {
    const size = chunk.readUIntLE(at, 3);
    texts.push(chunk.toString('utf8', at + 5, at + 4 + size));
    at += 4 + size;
  }
  return texts;
}

export function packet(sequence: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, body]);
}

export function ok(): Buffer {
  return Buffer.from([0, 0, 0, 2, 0, 0, 0]);
}

const eof = (): Buffer => Buffer.from([0xfe, 0, 0, 2, 0]);
const counted = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);

/** A whole result of text columns. */
export function result(names: readonly string[], rows: readonly (readonly string[])[]): Buffer[] {
  const columns = names.map((name) =>
    Buffer.concat([
      ...['def', '', '', '', name, ''].map(counted),
      Buffer.from([0x0c, 45, 0, 255, 0, 0, 0, 0xfd, 0, 0, 0, 0, 0]),
    ]),
  );
  const cells = rows.map((row) => Buffer.concat(row.map(counted)));
  return [Buffer.from([names.length]), ...columns, eof(), ...cells, eof()];
}

function greeting(): Buffer {
  const low = Buffer.alloc(2);
  low.writeUInt16LE(CAPABILITIES & 0xffff);
  const high = Buffer.alloc(2);
  high.writeUInt16LE(CAPABILITIES >>> 16);
  const scramble = Buffer.alloc(20, 'x');
  return Buffer.concat([
    Buffer.from([10]),
    Buffer.from('8.0.0-rogue\0'),
    Buffer.from([7, 0, 0, 0]),
    scramble.subarray(0, 8),
    Buffer.from([0]),
    low,
    Buffer.from([45, 2, 0]),
    high,
    Buffer.from([21]),
    Buffer.alloc(10),
    scramble.subarray(8),
    Buffer.from([0]),
    Buffer.from(NATIVE),
  ]);
}
