import type { INestApplicationContext } from '@nestjs/common';
import { SessionsService } from '../../src/modules/auth/sessions.service.js';
import { UsersService } from '../../src/modules/users/users.service.js';
import type { Actor } from '../../src/platform/access/actor.js';
import { makeActor, type ActorWishes } from './people.js';

/** A person who is signed in, with the token that says so. */
export async function makeSession(
  app: INestApplicationContext,
  wishes: ActorWishes & { readonly actor?: Actor },
): Promise<{ actor: Actor; token: string }> {
  const actor = wishes.actor ?? (await makeActor(app, wishes));
  const member = await app
    .get(UsersService, { strict: false })
    .findMember(actor.tenantId, actor.membershipId);
  if (member === undefined) throw new Error('The factory made nobody.');
  const origin = { ip: '127.0.0.1', userAgent: 'test' };
  const { token } = await app.get(SessionsService, { strict: false }).open(member, origin);
  return { actor, token };
}
