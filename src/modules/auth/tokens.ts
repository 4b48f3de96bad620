import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { SignedTokens } from './signed-tokens.js';

const claimsSchema = z.object({
  /** Account. */
  sub: z.uuid(),
  /** Session. */
  sid: z.uuid(),
  /** Membership, tenant and role at sign-in; the session row decides. */
  mid: z.uuid(),
  tid: z.uuid(),
  role: z.string(),
  /** How often the session's token had been exchanged when this one was made. */
  rot: z.number().int().default(0),
  exp: z.number(),
});

export type Claims = z.output<typeof claimsSchema>;

/** Session tokens. A token alone proves nothing: the session row is asked too. */
@Injectable()
export class Tokens extends SignedTokens<Claims> {
  constructor(@Inject(CONFIG) config: Pick<Config, 'signingKeys'>) {
    super(config.signingKeys, 'session', claimsSchema);
  }
}
