import type { MailContent } from '../../../platform/mail/mail-content.js';

const NOT_ME = 'If it was not you, do nothing: without the link nothing is changed.';

export function resetMail(name: string, url: string): MailContent {
  return {
    subject: 'Set a new password',
    heading: 'Set a new password',
    paragraphs: [
      `Hello ${name}, somebody, most likely you, asked for a new password at CloudDB Manager.`,
      'Open the link and choose one. It is good for an hour and can be used once. You are then signed out everywhere; a second factor stays as it is.',
    ],
    action: { label: 'Set a new password', url },
    footer: NOT_ME,
  };
}

export function forcedResetMail(name: string, url: string): MailContent {
  return {
    subject: 'A new password is needed',
    heading: 'A new password is needed',
    paragraphs: [
      `Hello ${name}, an administrator of CloudDB Manager asked you to set a new password. You were signed out everywhere, and the present one signs in no more.`,
      'Open the link and choose another. It is good for an hour; later, signing in offers to send a new one.',
    ],
    action: { label: 'Set a new password', url },
    footer: 'Whoever can read this mail can set the password: do not pass it on.',
  };
}

/** For people who sign in at their organisation's provider and have no password here. */
export function noPasswordMail(name: string, url: string): MailContent {
  return {
    subject: 'You sign in without a password',
    heading: 'You sign in without a password',
    paragraphs: [
      `Hello ${name}, somebody, most likely you, asked for a new password at CloudDB Manager. Your account has none: you sign in by way of your organisation.`,
    ],
    action: { label: 'Sign in', url },
    footer: 'If it was not you, there is nothing to do.',
  };
}

export function passwordChangedMail(name: string, url: string): MailContent {
  return {
    subject: 'Your password was changed',
    heading: 'Your password was changed',
    paragraphs: [
      `Hello ${name}, the password of your account at CloudDB Manager was changed just now, and every session was ended.`,
      'If it was not you, set a new one at once and tell your administrator.',
    ],
    action: { label: 'I did not do this', url },
    footer: 'This mail is sent whenever the password changes.',
  };
}
