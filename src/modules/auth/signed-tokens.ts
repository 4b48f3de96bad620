import jwt from 'jsonwebtoken';
import type { z } from 'zod';
import { deriveKey, Keyring } from '../../platform/sealing/keyring.js';

const ALGORITHM = 'HS256';

/** Claims signed for one purpose (RFC 7519), with a key and an audience of its own: no token does another one's work. */
export class SignedTokens<C extends object> {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly newestId: string;

  constructor(
    signingKeys: string,
    private readonly audience: string,
    private readonly schema: z.ZodType<C>,
  ) {
    const ring = new Keyring(signingKeys);
    this.keys = new Map(ring.all.map((key) => [key.id, deriveKey(key, `${audience}-token`)]));
    this.newestId = ring.newest.id;
  }

  sign(claims: C): string {
    return jwt.sign({ ...claims, aud: this.audience }, this.key(this.newestId), {
      algorithm: ALGORITHM,
      keyid: this.newestId,
    });
  }

  /** The claims of a token that we signed for this purpose; undefined for anything else, expired ones included. */
  read(token: string, now: Date): C | undefined {
    try {
      const keyId = jwt.decode(token, { complete: true })?.header.kid ?? '';
      const payload = jwt.verify(token, this.key(keyId), {
        algorithms: [ALGORITHM],
        audience: this.audience,
        clockTimestamp: Math.floor(now.getTime() / 1000),
      });
      return this.schema.parse(payload);
    } catch {
      // Whatever is wrong with it, it is no token of ours, and strangers learn no more than that.
      return undefined;
    }
  }

  private key(id: string): Buffer {
    const key = this.keys.get(id);
    if (key === undefined) throw new Error(`There is no signing key ${id}.`);
    return key;
  }
}
