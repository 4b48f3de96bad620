import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { AuditService } from '../audit/audit.service.js';
import type { MemberFacts } from '../users/users.types.js';
import { auditActor } from './audit-actor.js';
import type { Session } from './session.entity.js';
import { Tokens, type Claims } from './tokens.js';

/** Requests that were under way while the token was exchanged still carry the one before. */
export const GRACE_MS = 15_000;

export type TokenAge = 'current' | 'just replaced' | 'reused';

/** Which of a session's tokens is good: the newest. A session whose older token turns up again may have been stolen. */
@Injectable()
export class TokenRotation {
  constructor(
    private readonly tokens: Tokens,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  read(token: string): Claims | undefined {
    return this.tokens.read(token, this.clock.now());
  }

  sign(session: Pick<Session, 'id' | 'rotation' | 'expiresAt'>, member: MemberFacts): string {
    const { accountId: sub, membershipId: mid, tenantId: tid, role } = member;
    const exp = Math.floor(session.expiresAt.getTime() / 1000);
    return this.tokens.sign({ sub, mid, tid, role, sid: session.id, rot: session.rotation, exp });
  }

  ageOf({ rot }: Claims, session: Session): TokenAge {
    if (rot === session.rotation) return 'current';
    const replacedMs = this.clock.millis() - (session.rotatedAt?.getTime() ?? 0);
    return rot === session.rotation - 1 && replacedMs <= GRACE_MS ? 'just replaced' : 'reused';
  }

  async recordReuse(
    session: Session,
    member: MemberFacts,
    origin: { ip: string; requestId: string },
  ): Promise<void> {
    const person = { id: member.accountId, name: member.name, email: member.email };
    await this.audit.record(auditActor(member.tenantId, person, origin), 'auth.token_reuse', {
      outcome: 'refused',
      object: { type: 'session', id: session.id },
    });
  }
}
