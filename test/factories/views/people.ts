import { forgotPage, resetPage } from '../../../src/modules/auth/recovery/recovery.view.js';
import { registerPage, type RegisterPage } from '../../../src/modules/auth/registration/registration.view.js';
import { enrolmentView } from '../../../src/modules/auth/second-factor/second-factor.view.js';
import { stepPage } from '../../../src/modules/auth/steps/sign-in-steps.view.js';
import { idOf } from './frame.js';
import { makeSignIn } from './others.js';

const EMAIL = 'mara@acme.example';
const TENANTS = [
  { id: idOf(3), name: 'Acme Retail' },
  { id: idOf(4), name: 'Beta' },
];

function makeRegister(change: Partial<RegisterPage> = {}): RegisterPage {
  return { ...registerPage(undefined, ''), ...change };
}

const ENROLMENT = enrolmentView('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', EMAIL);

const wrong = (error: string) => ({ value: 'x', error });

/** Pages of accounts that strangers see: template, what is special about the model, the model. */
export const people: readonly (readonly [string, string, object])[] = [
  ['auth/sign-in', 'locked', makeSignIn({ email: EMAIL, error: 'Too many failed attempts.', retryAfter: 840 })],
  ['auth/sign-in', 'invited', makeSignIn({ email: EMAIL, invitation: 'abc', invitedTo: 'Acme Retail' })],
  ['auth/register', 'fresh', makeRegister()],
  ['auth/register', 'invited', makeRegister({ invitation: 'abc', invitedTo: 'Acme Retail' })],
  [
    'auth/register',
    'refused',
    makeRegister({
      email: wrong('is an e-mail address'),
      firstName: wrong('is missing'),
      lastName: wrong('is missing'),
      organisation: wrong('has 2 to 100 characters'),
      newPassword: { ...makeRegister().newPassword, error: 'still needs a digit' },
    }),
  ],
  ['auth/register', 'too often', makeRegister({ problem: 'That was asked for too often.' })],
  ['auth/verify', 'good', { email: EMAIL }],
  ['auth/verify', 'used', { email: null }],
  ['auth/invitation', 'used', { invalid: true }],
  ['auth/forgot', 'fresh', forgotPage('')],
  ['auth/forgot', 'sent', { ...forgotPage(EMAIL), sent: true }],
  ['auth/forgot', 'too often', { ...forgotPage(EMAIL), problem: 'That was asked for too often.' }],
  ['auth/reset', 'good', resetPage(EMAIL)],
  ['auth/reset', 'refused', { ...resetPage(EMAIL), problem: 'Try again in a minute.' }],
  ['auth/reset', 'used', resetPage(undefined)],
  ['auth/step', 'verify', stepPage('verify', EMAIL, [])],
  ['auth/step', 'password', stepPage('password', EMAIL, [])],
  ['auth/step', 'tenant', stepPage('tenant', EMAIL, TENANTS)],
  ['auth/step', 'organisation', stepPage('organisation', EMAIL, TENANTS)],
  ['auth/step', 'alone', { ...stepPage('organisation', EMAIL, []), problem: 'The name has 2 to 100 characters.' }],
  ['auth/step', 'code', { ...stepPage('code', EMAIL, []), problem: 'This code is wrong.' }],
  ['auth/step', 'enrol', { ...stepPage('enrol', EMAIL, []), enrolment: ENROLMENT }],
  ['auth/recovery-codes', 'shown once', { recoveryCodes: ['ABCD-EFGH-JKLM-NPQR'], next: '/' }],
  ['auth/step', 'ready', stepPage(null, EMAIL, [])],
];
