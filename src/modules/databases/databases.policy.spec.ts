import type { Actor } from '../../platform/access/actor.js';
import { permissionsOf } from '../../platform/access/permissions.js';
import type { Role } from '../../platform/access/roles.js';
import { mayDo, mayWrite, reachOf, refuse, type Act, type Reach } from './databases.policy.js';
import { DATABASE_STATES, type DatabaseGrant, type DatabaseRecord } from './databases.types.js';

const actor = (role: Role, changes: Partial<Actor> = {}): Actor => ({
  accountId: 'account',
  membershipId: 'me',
  tenantId: 'tenant',
  tenantName: 'Tenant',
  role,
  platformRole: null,
  sessionId: 'session',
  email: 'ada@example.com',
  name: 'Ada',
  podIds: ['my-pod'],
  permissions: permissionsOf(role, null),
  ip: '127.0.0.1',
  requestId: 'request',
  ...changes,
});

const record = (changes: Partial<DatabaseRecord> = {}): DatabaseRecord => ({
  origin: 'provisioned',
  id: 'database',
  tenantId: 'tenant',
  ownerId: 'somebody',
  podId: null,
  name: 'shop',
  engine: 'postgres',
  template: 'blank',
  sourceId: null,
  serverId: 'server',
  characterSet: null,
  textCollation: null,
  physicalName: 'db_x',
  writeLogin: 'db_x_rw',
  readLogin: 'db_x_ro',
  sealedWritePassword: '',
  sealedReadPassword: '',
  connectionLimit: 20,
  status: 'running',
  statusReason: null,
  statusSince: new Date(0),
  autoStopMinutes: 60,
  protected: false,
  lastUsedAt: null,
  storageBytes: null,
  storageMeasuredAt: null,
  deletedAt: null,
  purgeAt: null,
  createdAt: new Date(0),
  ...changes,
});

const grant = (changes: Partial<DatabaseGrant>): DatabaseGrant => ({
  id: 'grant',
  databaseId: 'database',
  membershipId: null,
  podId: null,
  level: 'read',
  ...changes,
});

describe('how far an actor reaches', () => {
  it.each<[string, Actor, DatabaseRecord, DatabaseGrant[], Reach]>([
    ['a tenant admin, everything', actor('tenant_admin'), record(), [], 'manage'],
    ['the owner, their own', actor('developer'), record({ ownerId: 'me' }), [], 'manage'],
    ['a colleague, nothing', actor('manager'), record(), [], 'none'],
    ['a member of its pod', actor('developer'), record({ podId: 'my-pod' }), [], 'write'],
    ['a member of another pod', actor('developer'), record({ podId: 'other' }), [], 'none'],
    [
      'who was granted it',
      actor('developer'),
      record(),
      [grant({ membershipId: 'me', level: 'write' })],
      'write',
    ],
    [
      'whose pod was granted it',
      actor('developer'),
      record(),
      [grant({ podId: 'my-pod', level: 'read' })],
      'read',
    ],
    [
      'the strongest of several grants',
      actor('developer'),
      record({ podId: 'my-pod' }),
      [grant({ membershipId: 'me', level: 'read' }), grant({ podId: 'my-pod', level: 'manage' })],
      'manage',
    ],
    [
      'a grant on another database',
      actor('developer'),
      record(),
      [grant({ databaseId: 'other', membershipId: 'me' })],
      'none',
    ],
    ['an admin of another tenant', actor('tenant_admin', { tenantId: 'other' }), record(), [], 'none'],
  ])('%s', (_, who, database, grants, reach) => {
    expect(reachOf(who, database, grants)).toBe(reach);
  });
});

it('lets nobody write who only reads, and no viewer at all', () => {
  expect(mayWrite(actor('developer'), 'write')).toBe(true);
  expect(mayWrite(actor('developer'), 'read')).toBe(false);
  expect(mayWrite(actor('viewer'), 'manage')).toBe(false);
});

describe('what may be done in which state', () => {
  const acts: readonly Act[] = [
    'open',
    'start',
    'stop',
    'rotate',
    'reset',
    'clone',
    'configure',
    'delete',
    'restore',
    'retry',
  ];

  it('is the same table for the buttons and for the checks', () => {
    const owner = actor('developer');
    const table = DATABASE_STATES.map((status) => {
      const database = record({ status, ownerId: 'me' });
      const allowed = acts.filter((act) => mayDo(act, owner, database, 'manage') === 'yes');
      return `${status}: ${allowed.join(' ')}`;
    });
    expect(table).toEqual([
      'provisioning: ',
      'running: open stop rotate reset clone configure delete',
      'stopping: ',
      'stopped: open start rotate reset clone configure delete',
      'starting: open',
      'resetting: ',
      'deleting: ',
      'deleted: restore',
      'purging: ',
      'purged: ',
      'failed: configure delete retry',
    ]);
  });

  it('leaves viewers and those who do not manage it only to open it', () => {
    for (const [who, reach] of [
      [actor('viewer'), 'manage'],
      [actor('developer'), 'write'],
    ] as const) {
      const allowed = acts.filter((act) => mayDo(act, who, record(), reach) === 'yes');
      expect(allowed).toEqual(['open']);
    }
  });

  it('refuses missing rights as forbidden, and a wrong state as a conflict', () => {
    const errorOf = (act: Act, reach: Reach, changes: Partial<DatabaseRecord> = {}): unknown => {
      try {
        refuse(mayDo(act, actor('developer'), record(changes), reach));
        return undefined;
      } catch (error) {
        return error;
      }
    };
    expect(errorOf('stop', 'manage')).toBeUndefined();
    expect(errorOf('stop', 'read')).toMatchObject({ kind: 'forbidden', code: 'not_allowed' });
    expect(errorOf('start', 'manage')).toMatchObject({ kind: 'conflict', code: 'wrong_state' });
    const guarded = { protected: true };
    expect(errorOf('delete', 'manage', guarded)).toMatchObject({ kind: 'conflict', code: 'protected' });
  });
});
