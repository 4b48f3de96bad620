import { readSync, writeSync } from 'node:fs';
import { frame, HEADER_BYTES, JSON_FRAME } from '../frames.js';
import type { Answer, Order } from '../messages.js';

const INPUT = 0;
const OUTPUT = 1;

/** The next order; null when the parent has gone. It waits without an event loop: there is nothing else to do. */
export function nextOrder(): Order | null {
  const header = readExactly(HEADER_BYTES);
  const content = header && readExactly(header.readUInt32LE(0));
  return content && (JSON.parse(content.toString('utf8')) as Order);
}

function readExactly(bytes: number): Buffer | null {
  const buffer = Buffer.allocUnsafe(bytes);
  for (let at = 0; at < bytes;) {
    const read = readSync(INPUT, buffer, at, bytes - at, null);
    if (read === 0) return null;
    at += read;
  }
  return buffer;
}

/** Waits while the parent does not read on: that is what holds the query back. */
export function send(type: number, content: Uint8Array): void {
  const whole = frame(type, content);
  for (let at = 0; at < whole.length;) at += writeSync(OUTPUT, whole, at);
}

export function say(answer: Answer): void {
  send(JSON_FRAME, Buffer.from(JSON.stringify(answer)));
}
