import { createHash } from 'node:crypto';

/** An entry with every value as the text that PostgreSQL gives for it, so that nothing is lost in between. */
export interface ChainEntry {
  readonly id: string;
  readonly tenant_id: string | null;
  /** UTC with microseconds: `2026-11-24T10:00:00.123456Z` */
  readonly at: string;
  readonly account_id: string | null;
  readonly actor_name: string;
  readonly actor_email: string | null;
  readonly ip: string | null;
  readonly request_id: string | null;
  readonly action: string;
  readonly object_type: string | null;
  readonly object_id: string | null;
  readonly object_name: string | null;
  readonly outcome: string;
  /** The text of the jsonb value: keys in PostgreSQL's own order, numbers exact. */
  readonly details: string;
}

/** SELECT list that gives a ChainEntry from `audit_entry e`. */
export const CHAIN_ENTRY_COLUMNS = `e.id, e.tenant_id,
  to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
  e.account_id, e.actor_name, e.actor_email, e.ip, e.request_id, e.action, e.object_type, e.object_id, e.object_name,
  e.outcome, e.details::text as details`;

export const GENESIS = Buffer.alloc(32);

/**
 * hash = SHA-256(previous hash ‖ UTF-8 of the JSON array [1, seq, …the entry's fields in the order below]). An array
 * keeps field boundaries and null apart from text, so that no two entries have the same bytes.
 */
export function linkHash(previous: Buffer, seq: bigint, entry: ChainEntry): Buffer {
  const fields = [
    1,
    seq.toString(),
    entry.id,
    entry.tenant_id,
    entry.at,
    entry.account_id,
    entry.actor_name,
    entry.actor_email,
    entry.ip,
    entry.request_id,
    entry.action,
    entry.object_type,
    entry.object_id,
    entry.object_name,
    entry.outcome,
    entry.details,
  ];
  return createHash('sha256').update(previous).update(JSON.stringify(fields)).digest();
}

/** What a checkpoint signs. */
export function checkpointMessage(chainId: string, seq: bigint, hash: Buffer): Buffer {
  return Buffer.from(
    JSON.stringify(['clouddb audit checkpoint', 1, chainId, seq.toString(), hash.toString('hex')]),
  );
}

/** The purpose for which the checkpoint keys are derived from the signing keys. */
export const CHECKPOINT_PURPOSE = 'audit-checkpoint';
