import { z } from 'zod';
import { ChainWalk, type ChainVerdict } from './chain-walk.js';
import type { Checkpoint, LinkedEntry } from './chain.repository.js';

const text = z.string().nullable();
const bytes = z.string().transform((value) => Buffer.from(value, 'hex'));

const entrySchema = z.object({
  id: z.string(),
  tenant_id: text,
  at: z.string(),
  account_id: text,
  actor_name: z.string(),
  actor_email: text,
  ip: text,
  request_id: text,
  action: z.string(),
  object_type: text,
  object_id: text,
  object_name: text,
  outcome: z.string(),
  details: z.string(),
});

/** The lines of an export: what is needed to check chains without the database, in the order of checking. */
const lineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('checkpoint'),
    chain: z.string(),
    seq: z.string(),
    hash: bytes,
    at: z.coerce.date(),
    key_id: z.string(),
    signature: z.string(),
  }),
  z.object({
    kind: z.literal('entry'),
    chain: z.string(),
    seq: z.string(),
    entry_id: z.string(),
    previous_hash: bytes,
    hash: bytes,
    entry: entrySchema.nullable(),
  }),
]);

export function checkpointLine(chain: string, { seq, hash, at, key_id, signature }: Checkpoint): string {
  return JSON.stringify({
    kind: 'checkpoint',
    chain,
    seq,
    hash: hash.toString('hex'),
    at,
    key_id,
    signature,
  });
}

export function entryLine(chain: string, link: LinkedEntry): string {
  const { seq, entry_id, previous_hash, hash, entry } = link;
  const hashes = { previous_hash: previous_hash.toString('hex'), hash: hash.toString('hex') };
  return JSON.stringify({ kind: 'entry', chain, seq, entry_id, ...hashes, entry });
}

/** Checks an export line by line; checkpoints of a chain stand before its entries. Needs only the public keys. */
export async function verifyExport(
  lines: AsyncIterable<string>,
  publicKeys: Readonly<Record<string, string>>,
): Promise<Map<string, ChainVerdict>> {
  const checkpoints = new Map<string, Checkpoint[]>();
  const walks = new Map<string, ChainWalk>();
  const walkOf = (chain: string): ChainWalk => {
    const walk = walks.get(chain) ?? new ChainWalk(chain, checkpoints.get(chain) ?? [], publicKeys);
    walks.set(chain, walk);
    return walk;
  };
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const parsed = lineSchema.parse(JSON.parse(line));
    if (parsed.kind === 'entry') walkOf(parsed.chain).take(parsed);
    else checkpoints.set(parsed.chain, [...(checkpoints.get(parsed.chain) ?? []), parsed]);
  }
  for (const chain of checkpoints.keys()) walkOf(chain);
  return new Map([...walks].map(([chain, walk]) => [chain, walk.verdict()]));
}
