import type { MailContent } from '../../../platform/mail/mail-content.js';

export function verificationMail(name: string, url: string): MailContent {
  return {
    subject: 'Verify your address',
    heading: 'Verify your address',
    paragraphs: [
      `Hello ${name}, somebody, most likely you, made an account at CloudDB Manager with this address.`,
      'Open the link to say that the mailbox is yours. It is good for 24 hours and can be used once.',
    ],
    action: { label: 'Verify this address', url },
    footer: 'If it was not you, do nothing: without the link nobody can use the account.',
  };
}

/** For somebody who registers with an address that has an account. The page says the same in both cases. */
export function accountExistsMail(name: string, url: string): MailContent {
  return {
    subject: 'You already have an account',
    heading: 'You already have an account',
    paragraphs: [
      `Hello ${name}, somebody, most likely you, tried to make an account at CloudDB Manager with this address. It has one already, and nothing was changed.`,
      'Sign in with it. If you do not remember the password, have a link sent to set a new one.',
    ],
    action: { label: 'Sign in', url },
    footer: 'If it was not you, there is nothing to do: whoever it was learned nothing about your account.',
  };
}
