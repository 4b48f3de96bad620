import type { Letter } from './outbox.js';

/** GET /mail: template `mail/index`. */
export interface OutboxPage {
  readonly letters: readonly {
    readonly id: string;
    readonly to: string;
    readonly subject: string;
    readonly at: string;
  }[];
}

/** GET /mail/:id: template `mail/show`. */
export interface LetterPage {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly at: string;
  /** The text in pieces; those with an address are links. */
  readonly pieces: readonly { readonly text: string; readonly href: string | null }[];
}

export function outboxPage(letters: readonly Letter[]): OutboxPage {
  return { letters: letters.map(({ id, to, subject, at }) => ({ id, to, subject, at })) };
}

export function letterPage({ id, from, to, subject, at, text }: Letter): LetterPage {
  const pieces = text.split(/(https?:\/\/\S+)/).map((piece, index) => ({
    text: piece,
    href: index % 2 === 1 ? piece : null,
  }));
  return { id, from, to, subject, at, pieces };
}
