import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

const ITERATIONS = 4096;

/**
 * The verifier that PostgreSQL keeps for a password (RFC 5802, SCRAM-SHA-256). Sent instead of the password, which so
 * never stands in a statement, a log or pg_stat_statements. For passwords of plain ASCII, as ours are.
 */
export function scramVerifier(
  password: string,
  salt: Buffer = randomBytes(16),
  iterations = ITERATIONS,
): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${String(iterations)}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

/** Whether a stored verifier belongs to the password. */
export function isVerifierOf(verifier: string | null, password: string): boolean {
  const match = /^SCRAM-SHA-256\$(\d+):([A-Za-z0-9+/=]+)\$/.exec(verifier ?? '');
  if (match === null || verifier === null) return false;
  const [, iterations = '', salt = ''] = match;
  const expected = Buffer.from(scramVerifier(password, Buffer.from(salt, 'base64'), Number(iterations)));
  const given = Buffer.from(verifier);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
