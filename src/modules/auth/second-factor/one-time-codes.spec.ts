import { newId } from '../../../platform/persistence/ids.js';
import {
  enrolmentUri,
  newRecoveryCodes,
  newSecret,
  qrCode,
  recoveryCodeHash,
  stepOf,
} from './one-time-codes.js';

/** The key of RFC 6238, appendix B, for SHA-1. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

it.each([
  [59, '287082', 1],
  [1_111_111_109, '081804', 37_037_036],
  [1_234_567_890, '005924', 41_152_263],
  [20_000_000_000, '353130', 666_666_666],
])('knows the code of the RFC at %i seconds', (seconds, code, step) => {
  expect(stepOf(RFC_SECRET, code, new Date(seconds * 1000))).toBe(step);
});

it('takes the code of the step before and after, and no other', () => {
  const at = (seconds: number): number | null => stepOf(RFC_SECRET, '287082', new Date(seconds * 1000));
  expect([at(30), at(89), at(0)]).toEqual([1, 1, 1]);
  expect([at(90), at(3600)]).toEqual([null, null]);
});

it('tells an authenticator program whose secret it is', () => {
  const secret = newSecret();
  const uri = new URL(enrolmentUri(secret, 'mara@acme.example'));
  expect(uri.protocol).toBe('otpauth:');
  expect(decodeURIComponent(uri.pathname)).toContain('CloudDB Manager:mara@acme.example');
  expect(uri.searchParams.get('secret')).toBe(secret);
  expect(Buffer.from(secret).length).toBe(32);
});

it('draws a code with a quiet zone', () => {
  const { size, path } = qrCode(enrolmentUri(newSecret(), 'mara@acme.example'));
  expect(size).toBeGreaterThan(30);
  expect(path).toMatch(/^(?:M\d+ \d+h1v1h-1z)+$/);
  expect(path).not.toMatch(/M[0-3] /);
});

it('makes recovery codes that nobody guesses, and finds them however they were typed', () => {
  const account = newId();
  const codes = newRecoveryCodes();
  expect(codes).toHaveLength(10);
  expect(new Set(codes).size).toBe(10);
  const [code = ''] = codes;
  expect(code).toMatch(/^(?:[A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}$/);
  const hash = recoveryCodeHash(account, code);
  expect(recoveryCodeHash(account, code.toLowerCase().replaceAll('-', ' '))).toEqual(hash);
  expect(recoveryCodeHash(newId(), code)).not.toEqual(hash);
  for (const wrong of ['', '123456', `${code}A`, code.replace(/^./, '0')])
    expect(recoveryCodeHash(account, wrong)).toBeUndefined();
});
