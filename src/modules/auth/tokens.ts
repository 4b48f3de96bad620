import { Inject, Injectable } from '@nestjs/common';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { deriveKey, Keyring } from '../../platform/sealing/keyring.js';

const ALGORITHM = 'HS256';
const AUDIENCE = 'session';

const claimsSchema = z.object({
  /** Account. */
  sub: z.uuid(),
  /** Session. */
  sid: z.uuid(),
  /** Membership, tenant and role at sign-in; the session row decides. */
  mid: z.uuid(),
  tid: z.uuid(),
  role: z.string(),
  exp: z.number(),
});

export type Claims = z.output<typeof claimsSchema>;

/** Signs session tokens (RFC 7519) and reads them back. A token alone proves nothing: the session row is asked too. */
@Injectable()
export class Tokens {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly newestId: string;

  constructor(@Inject(CONFIG) config: Pick<Config, 'signingKeys'>) {
    const ring = new Keyring(config.signingKeys);
    this.keys = new Map(ring.all.map((key) => [key.id, deriveKey(key, 'session-token')]));
    this.newestId = ring.newest.id;
  }

  sign(claims: Claims): string {
    return jwt.sign({ ...claims, aud: AUDIENCE }, this.key(this.newestId), {
      algorithm: ALGORITHM,
      keyid: this.newestId,
    });
  }

  /** The claims of a token that we signed for this purpose; undefined for anything else, expired ones included. */
  read(token: string, now: Date): Claims | undefined {
    try {
      const keyId = jwt.decode(token, { complete: true })?.header.kid ?? '';
      const payload = jwt.verify(token, this.key(keyId), {
        algorithms: [ALGORITHM],
        audience: AUDIENCE,
        clockTimestamp: Math.floor(now.getTime() / 1000),
      });
      return claimsSchema.parse(payload);
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
