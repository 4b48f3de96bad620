/** UTF-16 offsets for a list of ascending UTF-8 byte offsets into the same text. */
export function fromByteOffsets(text: string, offsets: readonly number[]): number[] {
  const bytes = Buffer.from(text);
  if (bytes.length === text.length) return [...offsets];
  let byte = 0;
  let unit = 0;
  return offsets.map((offset) => {
    unit += bytes.toString('utf8', byte, offset).length;
    byte = offset;
    return unit;
  });
}

/** The UTF-16 offset of a code point, counted from 0. */
export function fromCodePoints(text: string, count: number): number {
  let unit = 0;
  for (let left = count; left > 0 && unit < text.length; left -= 1) {
    unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  }
  return unit;
}
