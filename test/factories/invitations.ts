import type { INestApplicationContext } from '@nestjs/common';
import type { Invitation } from '../../src/modules/users/invitations/invitation.entity.js';
import { InvitationsRepository } from '../../src/modules/users/invitations/invitations.repository.js';
import { emailKey } from '../../src/modules/users/users.types.js';
import { newId } from '../../src/platform/persistence/ids.js';
import type { Row } from '../../src/platform/persistence/row.js';
import { newLinkToken } from '../../src/platform/sealing/link-token.js';
import { makeTenant } from './people.js';

const DAY_MS = 86_400_000;

/** An open invitation, into a tenant of its own unless one is given, with the token of its link. */
export async function makeInvitation(
  app: INestApplicationContext,
  wishes: Partial<Row<Invitation>> = {},
): Promise<{ invitation: Row<Invitation>; token: string }> {
  const { token, hash } = newLinkToken();
  const email = wishes.email ?? `${newId()}@example.com`;
  const invitation: Row<Invitation> = {
    id: newId(),
    tenantId: wishes.tenantId ?? (await makeTenant(app)).id,
    emailKey: emailKey(email),
    role: 'developer',
    podId: null,
    message: '',
    tokenHash: hash,
    invitedBy: null,
    createdAt: new Date(),
    expiresAt: new Date(Date.now() + 7 * DAY_MS),
    acceptedAt: null,
    acceptedBy: null,
    revokedAt: null,
    ...wishes,
    email,
  };
  await app.get(InvitationsRepository, { strict: false }).insert(invitation);
  return { invitation, token };
}
