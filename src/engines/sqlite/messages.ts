import { z } from 'zod';
import type { AccessMode } from '../engine.js';

/** What the parent asks of the child; one at a time. */
export type Order =
  | {
      readonly do: 'open';
      readonly path: string;
      /** Device and number of the file that was checked: what is opened must be the same. */
      readonly identity: string;
      readonly access: AccessMode;
    }
  /** A person's statement: only what the access allows, within the limits. */
  | ({ readonly do: 'run'; readonly text: string; readonly busyMs: number } & RowLimits)
  /** A question or an act of our own. */
  | { readonly do: 'ask'; readonly text: string };

export interface RowLimits {
  readonly maxRows: number;
  readonly maxBytes: number;
  readonly maxCellBytes: number;
}

const kind = z.enum(['integer', 'float', 'text', 'binary', 'other']);

/** What the child says; it has read a file that somebody made, so nothing of it is taken on trust. */
const answer = z.discriminatedUnion('say', [
  z.strictObject({
    say: z.literal('columns'),
    columns: z.array(z.strictObject({ name: z.string(), type: z.string(), kind })).max(32_767),
  }),
  z.strictObject({
    say: z.literal('done'),
    affected: z.int().nonnegative().nullable(),
    stoppedBy: z.enum(['rows', 'bytes']).nullable(),
    inTransaction: z.boolean(),
  }),
  z.strictObject({
    say: z.literal('failed'),
    code: z.string().max(100),
    message: z.string().max(2000),
    position: z.int().nonnegative().nullable(),
    inTransaction: z.boolean(),
  }),
]);

export type Answer = z.output<typeof answer>;

export function readAnswer(frame: Buffer): Answer {
  return answer.parse(JSON.parse(frame.toString('utf8')));
}
