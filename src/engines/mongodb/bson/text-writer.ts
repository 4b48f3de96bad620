/** Gathers text up to a number of bytes and counts the rest. */
export class TextWriter {
  size = 0;
  private readonly parts: Buffer[] = [];
  private kept = 0;

  constructor(private readonly limit: number) {}

  text(text: string): void {
    if (this.kept < this.limit) this.bytes(Buffer.from(text));
    else this.size += Buffer.byteLength(text);
  }

  bytes(bytes: Buffer): void {
    this.size += bytes.length;
    const part = bytes.subarray(0, this.limit - this.kept);
    if (part.length === 0) return;
    this.parts.push(part);
    this.kept += part.length;
  }

  take(): Buffer {
    return this.parts.length === 1 ? (this.parts[0] ?? Buffer.alloc(0)) : Buffer.concat(this.parts);
  }
}
