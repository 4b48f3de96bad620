import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { deriveKey, Keyring } from './keyring.js';

/** DER head of an Ed25519 private key (RFC 8410); the 32 bytes of the seed follow it. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface Signature {
  readonly keyId: string;
  readonly value: string;
}

/** Ed25519 (RFC 8032) signatures with keys derived from the signing keys; the public halves may be given away. */
export class Signer {
  private readonly pairs: ReadonlyMap<string, { privateKey: KeyObject; publicKey: KeyObject }>;
  private readonly newestId: string;

  constructor(signingKeys: string, purpose: string) {
    const ring = new Keyring(signingKeys);
    this.newestId = ring.newest.id;
    this.pairs = new Map(
      ring.all.map((key) => {
        const der = Buffer.concat([PKCS8_HEAD, deriveKey(key, purpose)]);
        const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
        return [key.id, { privateKey, publicKey: createPublicKey(privateKey) }];
      }),
    );
  }

  sign(message: Buffer): Signature {
    const pair = this.pairs.get(this.newestId);
    if (pair === undefined) throw new Error('There is no signing key.');
    return { keyId: this.newestId, value: sign(null, message, pair.privateKey).toString('base64') };
  }

  /** The public keys in PEM by key id, for whoever checks a signature elsewhere. */
  publicKeys(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.pairs].map(([id, { publicKey }]) => [id, publicKey.export({ format: 'pem', type: 'spki' })]),
    ) as Record<string, string>;
  }
}

/** Checks a signature with public keys alone. */
export function isSigned(
  message: Buffer,
  signature: Signature,
  publicKeys: Readonly<Record<string, string>>,
): boolean {
  const pem = publicKeys[signature.keyId];
  return pem !== undefined && verify(null, message, pem, Buffer.from(signature.value, 'base64'));
}
