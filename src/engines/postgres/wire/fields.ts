/** The letters of an ErrorResponse or NoticeResponse: S severity, C code, M message, D detail, H hint, P position. */
export type ServerFields = Readonly<Record<string, string>>;

export function readFields(body: Buffer): ServerFields {
  const fields: Record<string, string> = {};
  let at = 0;
  while (at < body.length && body[at] !== 0) {
    const end = body.indexOf(0, at + 1);
    if (end < 0) break;
    fields[String.fromCharCode(body[at] ?? 0)] = body.toString('utf8', at + 1, end);
    at = end + 1;
  }
  return fields;
}

export interface FieldDescription {
  readonly name: string;
  readonly typeOid: number;
  readonly typeModifier: number;
}

export function readRowDescription(body: Buffer): FieldDescription[] {
  const count = body.readInt16BE(0);
  let at = 2;
  return Array.from({ length: count }, () => {
    const end = body.indexOf(0, at);
    const name = body.toString('utf8', at, end);
    // After the name: table (4), column (2), type (4), size (2), modifier (4), format (2).
    const typeOid = body.readUInt32BE(end + 7);
    const typeModifier = body.readInt32BE(end + 13);
    at = end + 19;
    return { name, typeOid, typeModifier };
  });
}

/** Rows inserted, updated or deleted by `INSERT 0 5`, `UPDATE 3`; null for tags that count something else or nothing. */
export function affectedRows(tag: string): number | null {
  const match = /^(?:INSERT \d+|UPDATE|DELETE|MERGE|COPY) (\d+)/.exec(tag);
  return match === null ? null : Number(match[1]);
}
