import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

const ITERATIONS = 4096;
const SALT_BYTES = 16;
const VERIFIER = /^SCRAM-SHA-256\$(\d{1,7}):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)$/;

/**
 * What PostgreSQL stores for a password (RFC 5803). Sent in place of the password, it keeps the password out of the
 * server's log and activity views. Passwords are plain ASCII, which SASLprep leaves as it is.
 */
export function scramVerifier(password: string): string {
  return verifierOf(password, randomBytes(SALT_BYTES), ITERATIONS);
}

/** True when a stored verifier belongs to the password. */
export function matchesVerifier(password: string, verifier: string): boolean {
  const [, iterations, salt] = VERIFIER.exec(verifier) ?? [];
  if (iterations === undefined || salt === undefined) return false;
  const expected = Buffer.from(verifierOf(password, Buffer.from(salt, 'base64'), Number(iterations)));
  const given = Buffer.from(verifier);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function verifierOf(password: string, salt: Buffer, iterations: number): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const stored = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64');
  const server = hmac(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${String(iterations)}:${salt.toString('base64')}$${stored}:${server}`;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
