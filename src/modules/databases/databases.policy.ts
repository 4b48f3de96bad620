import type { Actor } from '../../platform/access/actor.js';
import { atLeast } from '../../platform/access/roles.js';
import { refuseUnless, type Verdict } from '../../platform/errors/app-error.js';
import type { AnyDatabase, DatabaseGrant, DatabaseRecord, DatabaseState } from './databases.types.js';

export type Act =
  'open' | 'start' | 'stop' | 'rotate' | 'reset' | 'clone' | 'configure' | 'delete' | 'restore' | 'retry';

/** How far an actor's rights on a database go; `none` means that it does not exist for them. */
export type Reach = 'none' | 'read' | 'write' | 'manage';

const ORDER: readonly Reach[] = ['none', 'read', 'write', 'manage'];

/** Everything for a tenant_admin; else what they own, what belongs to their pods, what is granted. */
export function reachOf(actor: Actor, database: AnyDatabase, grants: readonly DatabaseGrant[]): Reach {
  if (database.tenantId !== actor.tenantId) return 'none';
  if (actor.role === 'tenant_admin' || database.ownerId === actor.membershipId) return 'manage';
  const inPod = database.podId !== null && actor.podIds.includes(database.podId);
  const granted: Reach[] = grants
    .filter((grant) => grant.databaseId === database.id && concerns(grant, actor))
    .map((grant) => grant.level);
  return strongest([...granted, inPod ? 'write' : 'none']);
}

function strongest(reaches: readonly Reach[]): Reach {
  return ORDER.findLast((reach) => reaches.includes(reach)) ?? 'none';
}

function concerns(grant: DatabaseGrant, actor: Actor): boolean {
  return (
    grant.membershipId === actor.membershipId || (grant.podId !== null && actor.podIds.includes(grant.podId))
  );
}

/** Viewers only read, whatever was granted to them. */
export function mayWrite(actor: Actor, reach: Reach): boolean {
  return atLeast(actor.role, 'developer') && (reach === 'write' || reach === 'manage');
}

const FROM: Readonly<Record<Act, readonly DatabaseState[]>> = {
  open: ['running', 'stopped', 'starting'],
  start: ['stopped'],
  stop: ['running'],
  rotate: ['running', 'stopped'],
  reset: ['running', 'stopped'],
  clone: ['running', 'stopped'],
  configure: ['running', 'stopped', 'failed'],
  delete: ['running', 'stopped', 'failed'],
  restore: ['deleted'],
  retry: ['failed'],
};

/** May the actor do this to the database now, and if not, why. */
export function mayDo(act: Act, actor: Actor, database: DatabaseRecord, reach: Reach): Verdict {
  if (act !== 'open' && (!atLeast(actor.role, 'developer') || reach !== 'manage')) {
    return {
      code: 'not_allowed',
      reason: 'This database belongs to somebody else: ask its owner or an administrator.',
    };
  }
  if (!FROM[act].includes(database.status)) {
    const reason = `A database that is ${database.status} cannot be ${PARTICIPLES[act]} now.`;
    return { code: 'wrong_state', reason };
  }
  if (database.protected && (act === 'delete' || act === 'reset')) {
    return {
      code: 'protected',
      reason: 'This database is protected: take the protection away in its settings first.',
    };
  }
  return 'yes';
}

/** Missing rights are 403; a state in which it cannot be done, or a protection, is 409. */
export function refuse(verdict: Verdict): void {
  refuseUnless(verdict, verdict !== 'yes' && verdict.code === 'not_allowed' ? 'forbidden' : 'conflict');
}

const PARTICIPLES: Readonly<Record<Act, string>> = {
  open: 'opened',
  start: 'started',
  stop: 'stopped',
  rotate: 'given new passwords',
  reset: 'reset',
  clone: 'cloned',
  configure: 'configured',
  delete: 'deleted',
  restore: 'restored',
  retry: 'tried again',
};
