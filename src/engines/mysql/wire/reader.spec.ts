import { PacketReader, type PacketHandler } from './reader.js';
import type { Rendering, TextRow } from './text-row.js';

function packet(body: Buffer, sequence = 0): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, body]);
}

/** A cell as the text protocol has it. */
function cell(bytes: Buffer | null): Buffer {
  if (bytes === null) return Buffer.from([0xfb]);
  const size = bytes.length;
  if (size < 0xfb) return Buffer.concat([Buffer.from([size]), bytes]);
  const head = Buffer.alloc(size < 0x10000 ? 3 : 4);
  head[0] = size < 0x10000 ? 0xfc : 0xfd;
  head.writeUIntLE(size, 1, head.length - 1);
  return Buffer.concat([head, bytes]);
}

/** A row as packets, each of them full but the last, with a limit that a test can reach. */
function read(chunks: readonly Buffer[], maxCellBytes: number, renderings: readonly Rendering[]): unknown[] {
  const found: unknown[] = [];
  const handler: PacketHandler = {
    inRows: true,
    maxCellBytes,
    row: (row: TextRow) => {
      found.push(
        Array.from({ length: row.length }, (_, index) => [
          row.bytes(index) === null ? null : Buffer.from(row.bytes(index) ?? []).toString(),
          row.size(index),
        ]),
      );
    },
    packet: (body) => void found.push(body.toString('hex')),
  };
  const reader = new PacketReader(handler);
  reader.row.renderings = renderings;
  for (const chunk of chunks) void reader.push(chunk);
  return found;
}

const END = Buffer.from([0xfe, 0, 0, 2, 0]);

describe('the reader of packets', () => {
  const row = Buffer.concat([
    cell(Buffer.from('one')),
    cell(null),
    cell(Buffer.alloc(300, 'x')),
    cell(Buffer.alloc(0)),
  ]);
  const stream = Buffer.concat([packet(row), packet(row), packet(END)]);
  const texts: Rendering[] = ['text', 'text', 'text', 'text'];
  const expected = [
    ['one', 3],
    [null, 0],
    ['x'.repeat(10), 300],
    ['', 0],
  ];

  it('reads the same wherever the stream is cut', () => {
    for (let at = 1; at < stream.length; at += 1) {
      const found = read([stream.subarray(0, at), stream.subarray(at)], 10, texts);
      expect(found).toEqual([expected, expected, END.toString('hex')]);
    }
    const single = Array.from(stream, (_, at) => stream.subarray(at, at + 1));
    expect(read(single, 10, texts)).toEqual([expected, expected, END.toString('hex')]);
  });

  it('keeps no more of a large cell than is wanted, over packets and chunks', () => {
    const large = Buffer.alloc(0x1000010, 'y');
    const head = Buffer.from([0xfe, ...Buffer.alloc(8)]);
    head.writeBigUInt64LE(BigInt(large.length), 1);
    const body = Buffer.concat([cell(Buffer.from('a')), head, large, cell(Buffer.from('z'))]);
    const full = 0xffffff;
    const packets = Buffer.concat([
      packet(body.subarray(0, full)),
      packet(body.subarray(full), 1),
      packet(END),
    ]);
    const chunks: Buffer[] = [];
    for (let at = 0; at < packets.length; at += 65_536) chunks.push(packets.subarray(at, at + 65_536));
    const found = read(chunks, 4, ['text', 'text', 'text']);
    expect(found).toEqual([
      [
        ['a', 1],
        ['yyyy', large.length],
        ['z', 1],
      ],
      END.toString('hex'),
    ]);
  });

  it('shows bits and bytes in digits, and counts those', () => {
    const bytes = Buffer.concat([cell(Buffer.from([0x02, 0x01])), cell(Buffer.from([0x00, 0xff, 0x10]))]);
    const found = read([packet(bytes)], 6, [{ bits: 10 }, 'hex']);
    expect(found).toEqual([
      [
        ['100000', 10],
        ['0x00ff', 8],
      ],
    ]);
  });

  it('refuses a row that does not have the cells that were announced', () => {
    expect(() => read([packet(cell(Buffer.from('a')))], 10, ['text', 'text'])).toThrow('broken row');
  });
});
