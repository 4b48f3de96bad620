import { randomBytes } from 'node:crypto';
import { Sealing, SealingError } from './sealing.js';

const key = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const old = key('k1');
const newer = key('k2');
const sealing = new Sealing({ masterKeys: old });
const CONTEXT = 'database 1 password';

it.each(['', 'secret', 'ÄÖ 漢字 😀', 'x'.repeat(100_000)])('opens what it sealed (%#)', (plain) => {
  expect(sealing.open(sealing.seal(plain, CONTEXT), CONTEXT)).toBe(plain);
});

it('shows nothing of the value, and seals the same value differently each time', () => {
  const sealed = [sealing.seal('hunter2hunter2', CONTEXT), sealing.seal('hunter2hunter2', CONTEXT)];
  expect(sealed[0]).not.toBe(sealed[1]);
  for (const text of sealed) {
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain(Buffer.from('hunter2hunter2').toString('base64url').slice(0, 12));
  }
});

it('does not open for another row or column', () => {
  const sealed = sealing.seal('secret', CONTEXT);
  expect(() => sealing.open(sealed, 'database 2 password')).toThrow(SealingError);
  expect(() => sealing.open(sealed, '')).toThrow(SealingError);
});

it('does not open when any byte was changed', () => {
  const [format = '', id = '', body = ''] = sealing.seal('secret', CONTEXT).split('.');
  const bytes = Buffer.from(body, 'base64url');
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    const sealed = `${format}.${id}.${changed.toString('base64url')}`;
    expect(() => sealing.open(sealed, CONTEXT)).toThrow(SealingError);
  }
});

it.each(['', 'secret', 'v1.k1', 'v1.k1.AAAA', 'v2.k1.AAAA', 'v1.k1.AAAA.more'])('refuses %j', (text) => {
  expect(() => sealing.open(text, CONTEXT)).toThrow(SealingError);
});

it('names a key that is missing, and keeps another key of the same name out', () => {
  const sealed = sealing.seal('secret', CONTEXT);
  expect(() => new Sealing({ masterKeys: newer }).open(sealed, CONTEXT)).toThrow(SealingError);
  expect(() => new Sealing({ masterKeys: key('k1') }).open(sealed, CONTEXT)).toThrow(SealingError);
  const renamed = sealed.replace('v1.k1.', 'v1.k2.');
  expect(() => new Sealing({ masterKeys: `${newer},${old}` }).open(renamed, CONTEXT)).toThrow(SealingError);
});

it('opens with an old key after a rotation, and says what should be sealed anew', () => {
  const before = sealing.seal('secret', CONTEXT);
  const rotated = new Sealing({ masterKeys: `${newer},${old}` });
  expect(rotated.open(before, CONTEXT)).toBe('secret');
  expect(rotated.isOutdated(before)).toBe(true);
  const after = rotated.seal('secret', CONTEXT);
  expect(rotated.isOutdated(after)).toBe(false);
  expect(after).toMatch(/^v1\.k2\./);
  expect(() => sealing.open(after, CONTEXT)).toThrow(SealingError);
});

it.each([
  ['', 'does not have 32 bytes'],
  ['k1:c2hvcnQ=', 'The key k1 does not have 32 bytes'],
  [`${old},${old}`, 'Two keys have the same id'],
])('takes no keys that are none (%#)', (masterKeys, reason) => {
  expect(() => new Sealing({ masterKeys })).toThrow(reason);
});
