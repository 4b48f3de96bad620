import { copyFile, mkdir, open, readFile, stat, truncate, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

const MAX_BYTES = 8 * 1024 * 1024;
const TAIL_LINES = 12;

/** A server's log: this file and one older, so that it never fills the disk. */
export class ServerLog {
  constructor(readonly path: string) {}

  /** To be handed to the server. It appends, which is why the file can be emptied while it writes. */
  async open(): Promise<FileHandle> {
    await mkdir(dirname(this.path), { recursive: true });
    await this.rotate();
    return open(this.path, 'a', 0o600);
  }

  async rotate(): Promise<void> {
    const size = await this.size();
    if (size <= MAX_BYTES) return;
    await copyFile(this.path, `${this.path}.1`);
    await truncate(this.path);
  }

  async size(): Promise<number> {
    return stat(this.path).then(
      (found) => found.size,
      () => 0,
    );
  }

  /** The last lines written after a position, for the message about a failed start. */
  async tail(from: number): Promise<string> {
    const text = await readFile(this.path).catch(() => Buffer.alloc(0));
    return text.subarray(from).toString('utf8').trim().split('\n').slice(-TAIL_LINES).join('\n');
  }
}
