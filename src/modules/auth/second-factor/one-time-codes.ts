import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { encode } from 'uqr';

const ISSUER = 'CloudDB Manager';
const PERIOD_SECONDS = 30;
const SECRET_BYTES = 20;
/** Clocks may differ by one step in either direction. */
const WINDOW = 1;

/** Without letters and digits that look alike. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const RECOVERY_CODES = 10;
const RECOVERY_LENGTH = 16;
const RECOVERY_CODE = new RegExp(`^[${ALPHABET}]{${String(RECOVERY_LENGTH)}}$`);

export function newSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

function totp(secret: string, label: string): TOTP {
  return new TOTP({
    issuer: ISSUER,
    label,
    algorithm: 'SHA1', // what the authenticator programs that are in use understand
    digits: 6,
    period: PERIOD_SECONDS,
    secret: Secret.fromBase32(secret),
  });
}

/** The number of the step (RFC 6238) whose code was given, or null when it is none of those near `now`. */
export function stepOf(secret: string, code: string, now: Date): number | null {
  const timestamp = now.getTime();
  const delta = totp(secret, '').validate({ token: code, timestamp, window: WINDOW });
  return delta === null ? null : Math.floor(timestamp / 1000 / PERIOD_SECONDS) + delta;
}

/** What an authenticator program reads: `otpauth://totp/…` */
export function enrolmentUri(secret: string, email: string): string {
  return totp(secret, email).toString();
}

export interface QrCode {
  /** Length of a side, the quiet zone included. */
  readonly size: number;
  /** The dark squares as the path of an SVG. */
  readonly path: string;
}

export function qrCode(text: string): QrCode {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const squares = data.flatMap((row, y) =>
    row.flatMap((dark, x) => (dark ? [`M${String(x)} ${String(y)}h1v1h-1z`] : [])),
  );
  return { size, path: squares.join('') };
}

/** Ten codes of 80 bits, for when the device with the other ones is gone. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const signs = [...randomBytes(RECOVERY_LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length] ?? '');
    return signs.join('').replace(/(.{4})(?=.)/g, '$1-');
  });
}

/** By what a recovery code is looked up, however it was typed; undefined when it cannot be one. */
export function recoveryCodeHash(accountId: string, code: string): Buffer | undefined {
  const signs = code.toUpperCase().replace(/[\s-]/g, '');
  if (!RECOVERY_CODE.test(signs)) return undefined;
  return createHash('sha256').update(`${accountId}:${signs}`).digest();
}
