import { Secret, TOTP } from 'otpauth';

/** An authenticator program that was given a key; `now` is the time of its clock. */
export function codeOf(key: string, now: Date = new Date()): string {
  const secret = Secret.fromBase32(key.replace(/\s/g, ''));
  return new TOTP({ secret, algorithm: 'SHA1', digits: 6, period: 30 }).generate({
    timestamp: now.getTime(),
  });
}

/** Six digits that are no code of the key near this time. */
export function wrongCodeOf(key: string, now: Date = new Date()): string {
  const near = [-60, -30, 0, 30, 60].map((seconds) => codeOf(key, new Date(now.getTime() + seconds * 1000)));
  const digits = ['000000', '111111', '222222', '333333', '444444', '555555'];
  return digits.find((code) => !near.includes(code)) ?? '';
}
