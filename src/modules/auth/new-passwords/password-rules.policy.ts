import { dictionary } from '@zxcvbn-ts/language-common';
import { MAX_PASSWORD_BYTES } from '../passwords.js';

/** Something a password must have; the page shows them all and ticks them while one types. */
export interface PasswordRule {
  readonly text: string;
  /** A regular expression with the flags `su`; the browser tests the very same one. */
  readonly pattern: string;
}

export const PASSWORD_RULES: readonly PasswordRule[] = [
  { text: 'at least 8 characters', pattern: '^.{8,}$' },
  { text: 'a lower-case letter', pattern: '\\p{Ll}' },
  { text: 'an upper-case letter', pattern: '\\p{Lu}' },
  { text: 'a digit', pattern: '\\p{Nd}' },
  { text: 'a symbol', pattern: '[^\\p{L}\\p{N}\\s]' },
];

const TESTS = PASSWORD_RULES.map(({ text, pattern }) => ({ text, test: new RegExp(pattern, 'su') }));
/** Signs added at the ends of a common password make it no better one. */
const MAX_ADDED = 3;
const SHORTEST_NAME = 4;

let common: ReadonlySet<string> | null = null;

/** Whose password it is: names and addresses are what is guessed first. */
export interface PasswordOwner {
  readonly email: string;
  readonly name: string;
}

/** Why a password cannot be taken, as the rest of a sentence about it; null when it can. */
export function passwordProblem(password: string, owner: PasswordOwner): string | null {
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES)
    return `has at most ${String(MAX_PASSWORD_BYTES)} bytes: letters outside of a–z take two or more`;
  if (/\p{Cc}/u.test(password)) return 'has no control characters';
  const missing = TESTS.filter(({ test }) => !test.test(password)).map(({ text }) => text);
  if (missing.length > 0) return `still needs ${listed(missing)}`;
  if (isCommon(password)) return 'is among the most common ones, or one of them with little added';
  return containsOwner(password, owner) ? 'contains your name or address' : null;
}

function isCommon(password: string): boolean {
  common ??= new Set(dictionary['passwords-common'].map((word) => word.toLowerCase()));
  const lower = password.toLowerCase();
  const core = lower.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  return common.has(lower) || (lower.length - core.length <= MAX_ADDED && common.has(core));
}

function containsOwner(password: string, { email, name }: PasswordOwner): boolean {
  const lower = password.toLowerCase();
  const parts = [email.split('@', 1)[0] ?? '', ...name.split(/\s+/)];
  return parts.some((part) => part.length >= SHORTEST_NAME && lower.includes(part.toLowerCase()));
}

function listed(parts: readonly string[]): string {
  return parts.length === 1 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}
