/**
 * JSON for a jsonb parameter. PostgreSQL has no NUL in text and would refuse the whole value, so NUL characters become
 * U+FFFD: nothing is lost because somebody put one in.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes('\\u0000') ? JSON.stringify(value, withoutNul) : text;
}

function withoutNul(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value;
}
