const OPENING: ReadonlySet<string> = new Set(['{', '[']);
const CLOSING: ReadonlySet<string> = new Set(['}', ']']);
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

/**
 * JSON on several lines. It goes by the text, so that numbers keep their digits and keys that occur twice stay; null
 * when it is no JSON.
 */
export function prettyJson(text: string): string | null {
  if (!isJson(text)) return null;
  let out = '';
  let depth = 0;
  let previous = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (CLOSING.has(token)) depth -= 1;
    if (needsLine(previous, token)) out += `\n${'  '.repeat(depth)}`;
    out += token === ':' ? ': ' : token;
    if (OPENING.has(token)) depth += 1;
    previous = token;
  }
  return out;
}

/** Between brackets and what they hold, and after a comma; an empty pair stays together. */
function needsLine(previous: string, token: string): boolean {
  if (OPENING.has(previous)) return !CLOSING.has(token);
  return previous === ',' || CLOSING.has(token);
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
