import { isIP } from 'node:net';

/** A host as somebody typed it, understood: an address in its plain spelling, or a name to resolve. */
export type Host = { readonly address: string; readonly family: 4 | 6 } | { readonly name: string };

const MAX_NAME = 253;
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i;
const NUMBER = /^(?:\d+|0x[0-9a-f]*)$/i;

/**
 * Undefined for what is neither. Resolvers also take `127.1`, `0x7f.1`, `2130706433`, `①②⑦.0.0.1`, lists, ports and
 * paths; each of them is a way around a check, so only the plain spellings pass.
 */
export function parseHost(text: string): Host | undefined {
  const family = isIP(text);
  if (family === 4) return { address: text, family };
  // A zone (`fe80::1%eth0`) chooses an interface of this machine.
  if (family === 6) return text.includes('%') ? undefined : { address: text.toLowerCase(), family };
  if (text.length === 0 || text.length > MAX_NAME) return undefined;
  const labels = text.split('.');
  if (!labels.every((label) => LABEL.test(label))) return undefined;
  return NUMBER.test(labels.at(-1) ?? '') ? undefined : { name: text.toLowerCase() };
}
