import {
  namePage,
  passwordPage,
  profileOf,
  type ProfilePage,
  type SessionRow,
} from '../../../src/modules/auth/account/account.view.js';
import { apiKeyForm, type ApiKeyRow } from '../../../src/modules/auth/api-keys/api-keys.view.js';
import { newPasswordField } from '../../../src/modules/auth/registration/registration.view.js';
import { enrolmentView } from '../../../src/modules/auth/second-factor/second-factor.view.js';
import { permissionsOf } from '../../../src/platform/access/permissions.js';
import { idOf, minutesAgo } from './frame.js';

const EMAIL = 'mara@acme.example';
const WRONG = { value: 'x', error: 'has no control characters' };

const session: SessionRow = {
  id: idOf(90),
  current: true,
  agent: 'Firefox on Linux',
  ip: '192.0.2.17',
  tenantName: 'Acme Retail',
  method: 'password',
  createdAt: minutesAgo(90),
  lastSeenAt: minutesAgo(0),
};

const key: ApiKeyRow = {
  id: idOf(91),
  name: 'nightly export',
  prefix: 'cdb_a1B2c3',
  scope: 'read',
  createdAt: minutesAgo(5000),
  expiresAt: '2027-02-22T09:30:00.000Z',
  expired: false,
  lastUsedAt: minutesAgo(3),
  lastUsedIp: '192.0.2.40',
};

const sessions = [session, { ...session, id: idOf(92), current: false, agent: 'curl/8.5', method: 'single sign-on' }];
const keys = [key, { ...key, id: idOf(93), expired: true, lastUsedAt: null, lastUsedIp: null }];

function makeProfile(change: Partial<ProfilePage> = {}): ProfilePage {
  const actor = {
    accountId: idOf(1),
    membershipId: idOf(2),
    tenantId: idOf(3),
    tenantName: 'Acme Retail',
    role: 'tenant_admin',
    platformRole: null,
    sessionId: idOf(90),
    email: EMAIL,
    name: 'Mara Lindqvist',
    podIds: [],
    permissions: permissionsOf('tenant_admin', null),
    ip: '192.0.2.17',
    requestId: idOf(4),
  } as const;
  return {
    ...profileOf(actor),
    hasPassword: true,
    passwordChangedAt: minutesAgo(90_000),
    factor: { enabled: true, recoveryCodes: 9 },
    sessions,
    keys,
    ...change,
  };
}

const enrolment = enrolmentView('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', EMAIL);

/** Pages about one's own account: template, what is special about the model, the model. */
export const account: readonly (readonly [string, string, object])[] = [
  ['account/profile', 'with everything', makeProfile({ platformRole: 'super_admin' })],
  ['account/profile', 'bare', makeProfile({ hasPassword: false, factor: { enabled: false, recoveryCodes: 0 }, keys: [] })],
  ['account/sessions', 'two', { sessions }],
  ['account/api-keys', 'two', { keys }],
  ['account/name', 'fresh', namePage('Mara Lindqvist')],
  ['account/name', 'refused', { name: WRONG, problem: null }],
  ['account/name', 'trouble', { ...namePage('Mara'), problem: 'Try again in a minute.' }],
  ['account/password', 'fresh', passwordPage()],
  [
    'account/password',
    'refused',
    {
      ...passwordPage(),
      current: { error: 'is wrong' },
      newPassword: newPasswordField('still needs a digit', 'New password'),
      problem: 'Too many failed attempts.',
    },
  ],
  ['account/confirm', 'fresh', { next: '/users/profile', problem: null }],
  ['account/confirm', 'refused', { next: '/users/profile', problem: 'The password is wrong.' }],
  ['account/second-factor', 'off', { enabled: false, enrolment: null, problem: null }],
  ['account/second-factor', 'on', { enabled: true, enrolment: null, problem: null }],
  ['account/second-factor', 'waiting', { enabled: false, enrolment, problem: 'This code is wrong.' }],
  ['account/api-key', 'fresh', apiKeyForm()],
  ['account/api-key', 'refused', { ...apiKeyForm(), name: WRONG, problem: 'You have 50 keys.' }],
  ['account/made-key', 'shown once', { ...key, key: 'cdb_abc' }],
];
