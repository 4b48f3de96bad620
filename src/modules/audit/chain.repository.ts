import { Injectable } from '@nestjs/common';
import { Transactions } from '../../platform/persistence/transactions.js';
import { CHAIN_ENTRY_COLUMNS, type ChainEntry } from './chain.js';

export interface Link {
  readonly seq: string;
  readonly entry_id: string;
  readonly previous_hash: Buffer;
  readonly hash: Buffer;
}

export interface Checkpoint {
  readonly seq: string;
  readonly hash: Buffer;
  readonly at: Date;
  readonly key_id: string;
  readonly signature: string;
}

/** A link with its entry, or without when the entry is gone. */
export type LinkedEntry = Link & { readonly entry: ChainEntry | null };

export interface Verification {
  readonly chain_id: string;
  readonly checked_at: Date;
  readonly sealed: string;
  readonly broken_seq: string | null;
  readonly reason: string | null;
}

/** Links, checkpoints and what waits to be linked. A chain is a tenant's, or the platform's own. */
@Injectable()
export class ChainRepository {
  constructor(private readonly transactions: Transactions) {}

  async waitingChains(): Promise<string[]> {
    const rows = await this.query<{ chain_id: string }>('select distinct chain_id from audit_pending');
    return rows.map((row) => row.chain_id);
  }

  async allChains(): Promise<string[]> {
    const rows = await this.query<{ chain_id: string }>(
      `select chain_id from audit_link where seq = 1
       union select chain_id from audit_checkpoint union select chain_id from audit_pending`,
    );
    return rows.map((row) => row.chain_id);
  }

  /** Only one replica at a time works on a chain; false when another one does. Ends with the transaction. */
  async tryLock(chainId: string): Promise<boolean> {
    const [row] = await this.query<{ locked: boolean }>(
      'select pg_try_advisory_xact_lock(hashtextextended($1, 42)) as locked',
      [`audit chain ${chainId}`],
    );
    return row?.locked === true;
  }

  async last(chainId: string): Promise<Link | undefined> {
    const [row] = await this.query<Link>(
      'select seq, entry_id, previous_hash, hash from audit_link where chain_id = $1 order by seq desc limit 1',
      [chainId],
    );
    return row;
  }

  async pending(chainId: string, limit: number): Promise<ChainEntry[]> {
    return this.query<ChainEntry>(
      `select ${CHAIN_ENTRY_COLUMNS} from audit_pending p join audit_entry e on e.id = p.entry_id
        where p.chain_id = $1 order by p.entry_id limit $2`,
      [chainId, limit],
    );
  }

  async countPending(chainId: string): Promise<number> {
    const [row] = await this.query<{ count: number }>(
      'select count(*)::int as count from audit_pending where chain_id = $1',
      [chainId],
    );
    return row?.count ?? 0;
  }

  async append(chainId: string, links: readonly Link[]): Promise<void> {
    const rows = links.map(({ seq, entry_id, previous_hash, hash }) => ({
      seq,
      entry_id,
      previous_hash: `\\x${previous_hash.toString('hex')}`,
      hash: `\\x${hash.toString('hex')}`,
    }));
    await this.query(
      `insert into audit_link (chain_id, seq, entry_id, previous_hash, hash)
       select $1, seq, entry_id, previous_hash, hash from jsonb_to_recordset($2)
         as given (seq bigint, entry_id uuid, previous_hash bytea, hash bytea)`,
      [chainId, JSON.stringify(rows)],
    );
    await this.query('delete from audit_pending where chain_id = $1 and entry_id = any($2)', [
      chainId,
      links.map((link) => link.entry_id),
    ]);
  }

  async lastCheckpoint(chainId: string): Promise<Checkpoint | undefined> {
    const [row] = await this.query<Checkpoint>(
      `select seq, hash, at, key_id, signature from audit_checkpoint where chain_id = $1 order by seq desc limit 1`,
      [chainId],
    );
    return row;
  }

  async insertCheckpoint(chainId: string, checkpoint: Checkpoint): Promise<void> {
    const { seq, hash, at, key_id, signature } = checkpoint;
    await this.query(
      `insert into audit_checkpoint (chain_id, seq, hash, at, key_id, signature) values ($1, $2, $3, $4, $5, $6)
       on conflict do nothing`,
      [chainId, seq, hash, at, key_id, signature],
    );
  }

  async checkpoints(chainId: string): Promise<Checkpoint[]> {
    return this.query<Checkpoint>(
      'select seq, hash, at, key_id, signature from audit_checkpoint where chain_id = $1 order by seq',
      [chainId],
    );
  }

  /** The links after a place in the chain, in order, with their entries. */
  async slice(chainId: string, afterSeq: string, limit: number): Promise<LinkedEntry[]> {
    const rows = await this.query<Link & (ChainEntry | { id: null })>(
      `select l.seq, l.entry_id, l.previous_hash, l.hash, ${CHAIN_ENTRY_COLUMNS}
         from audit_link l left join audit_entry e on e.id = l.entry_id
        where l.chain_id = $1 and l.seq > $2 order by l.seq limit $3`,
      [chainId, afterSeq, limit],
    );
    return rows.map((row) => {
      const { seq, entry_id, previous_hash, hash } = row;
      return { seq, entry_id, previous_hash, hash, entry: row.id === null ? null : row };
    });
  }

  /** An entry that is neither linked nor waiting: its link was removed. */
  async findUnlinked(chainId: string): Promise<string | undefined> {
    const [row] = await this.query<{ id: string }>(
      `select e.id from audit_entry e
        where coalesce(e.tenant_id, '00000000-0000-0000-0000-000000000000') = $1
          and not exists (select from audit_link l where l.entry_id = e.id)
          and not exists (select from audit_pending p where p.entry_id = e.id and p.chain_id = $1)
        order by e.id limit 1`,
      [chainId],
    );
    return row?.id;
  }

  async saveVerification(verification: Verification): Promise<void> {
    const { chain_id, checked_at, sealed, broken_seq, reason } = verification;
    await this.query(
      `insert into audit_verification (chain_id, checked_at, sealed, broken_seq, reason) values ($1, $2, $3, $4, $5)
       on conflict (chain_id) do update set checked_at = excluded.checked_at, sealed = excluded.sealed,
         broken_seq = excluded.broken_seq, reason = excluded.reason`,
      [chain_id, checked_at, sealed, broken_seq, reason],
    );
  }

  async findVerification(chainId: string): Promise<Verification | undefined> {
    const [row] = await this.query<Verification>('select * from audit_verification where chain_id = $1', [
      chainId,
    ]);
    return row;
  }

  private async query<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return this.transactions.manager.query<T[]>(sql, parameters);
  }
}
