import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;
const TOKEN = /^[\w-]{43}$/;

export interface LinkToken {
  /** 256 random bits, safe in an address. It is given away once and kept nowhere. */
  readonly token: string;
  /** What is stored in its place. */
  readonly hash: Buffer;
}

/** A token for a link or a key, whose possession alone proves something. */
export function newLinkToken(): LinkToken {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  return { token, hash: hashOf(token) };
}

/** By what a token that somebody shows is looked up; undefined when it cannot be one of ours. */
export function linkTokenHash(token: string): Buffer | undefined {
  return TOKEN.test(token) ? hashOf(token) : undefined;
}

// The tokens are as random as a key, so a plain hash cannot be searched through; passwords need more.
function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
