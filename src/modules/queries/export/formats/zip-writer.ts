import { once } from 'node:events';
import { crc32, createDeflateRaw, type DeflateRaw } from 'node:zlib';

const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
/** Sizes follow the content, and names are UTF-8. */
const FLAGS = 0x0808;
const DEFLATED = 8;
/** 1980-01-01: the same content is the same file. */
const DATE = 0x0021;
/** What fits into the 32 bits that a size has. */
export const ZIP_LIMIT = 0xffff_ffff;

interface Entry {
  readonly name: Buffer;
  readonly offset: number;
  crc: number;
  size: number;
  packed: number;
}

/** Writes a ZIP archive front to back, without going back and without holding more than what is on its way. */
export class ZipWriter {
  private readonly entries: Entry[] = [];
  private output: Buffer[] = [];
  private offset = 0;
  private open: { entry: Entry; deflate: DeflateRaw } | null = null;

  /** Begins a file; the one before is finished. */
  async begin(name: string): Promise<void> {
    await this.close();
    const entry = { name: Buffer.from(name), offset: this.offset, crc: 0, size: 0, packed: 0 };
    const header = Buffer.alloc(30);
    header.writeUInt32LE(LOCAL, 0);
    this.fixedFields(header, 4);
    header.writeUInt16LE(entry.name.length, 26);
    this.emit(header, entry.name);
    const deflate = createDeflateRaw({ level: 4 });
    deflate.on('data', (chunk: Buffer) => {
      entry.packed += chunk.length;
      this.emit(chunk);
    });
    this.entries.push(entry);
    this.open = { entry, deflate };
  }

  async write(content: Buffer): Promise<void> {
    if (this.open === null) throw new Error('No file has been begun.');
    const { entry, deflate } = this.open;
    entry.crc = crc32(content, entry.crc);
    entry.size += content.length;
    if (!deflate.write(content)) await once(deflate, 'drain');
  }

  async finish(): Promise<void> {
    await this.close();
    const start = this.offset;
    for (const entry of this.entries) this.emit(this.centralHeader(entry), entry.name);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(END, 0);
    end.writeUInt16LE(this.entries.length, 8);
    end.writeUInt16LE(this.entries.length, 10);
    end.writeUInt32LE(this.offset - start, 12);
    end.writeUInt32LE(start, 16);
    this.emit(end);
  }

  /** Bytes of the archive since the last time. */
  take(): Buffer {
    const taken = Buffer.concat(this.output);
    this.output = [];
    return taken;
  }

  private async close(): Promise<void> {
    if (this.open === null) return;
    const { entry, deflate } = this.open;
    this.open = null;
    const ended = once(deflate, 'end');
    deflate.end();
    await ended;
    const descriptor = Buffer.alloc(16);
    descriptor.writeUInt32LE(DESCRIPTOR, 0);
    this.sizes(descriptor, 4, entry);
    this.emit(descriptor);
  }

  private centralHeader(entry: Entry): Buffer {
    const header = Buffer.alloc(46);
    header.writeUInt32LE(CENTRAL, 0);
    header.writeUInt16LE(VERSION, 4);
    this.fixedFields(header, 6);
    this.sizes(header, 16, entry);
    header.writeUInt16LE(entry.name.length, 28);
    header.writeUInt32LE(entry.offset, 42);
    return header;
  }

  private fixedFields(header: Buffer, at: number): void {
    header.writeUInt16LE(VERSION, at);
    header.writeUInt16LE(FLAGS, at + 2);
    header.writeUInt16LE(DEFLATED, at + 4);
    header.writeUInt16LE(DATE, at + 8);
  }

  private sizes(header: Buffer, at: number, { crc, packed, size }: Entry): void {
    header.writeUInt32LE(crc, at);
    header.writeUInt32LE(packed, at + 4);
    header.writeUInt32LE(size, at + 8);
  }

  private emit(...chunks: Buffer[]): void {
    for (const chunk of chunks) {
      this.output.push(chunk);
      this.offset += chunk.length;
    }
    if (this.offset > ZIP_LIMIT) throw new Error('The archive has grown beyond 4 GB.');
  }
}
