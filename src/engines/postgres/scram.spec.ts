import { matchesVerifier, scramVerifier } from './scram.js';

describe('SCRAM verifiers', () => {
  it('belong to their password and to no other', () => {
    const verifier = scramVerifier('correct horse');
    expect(verifier).toMatch(
      /^SCRAM-SHA-256\$4096:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$/,
    );
    expect(matchesVerifier('correct horse', verifier)).toBe(true);
    expect(matchesVerifier('wrong horse', verifier)).toBe(false);
  });

  it('differ each time, since the salt does', () => {
    expect(scramVerifier('same')).not.toBe(scramVerifier('same'));
  });

  it.each(['', 'md5d41d8cd98f00b204e9800998ecf8427e', 'SCRAM-SHA-256$4096:broken', 'plain text'])(
    'takes %p for the verifier of nothing',
    (stored) => {
      expect(matchesVerifier(stored, stored)).toBe(false);
    },
  );
});
