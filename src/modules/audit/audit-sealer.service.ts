import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { Transactions } from '../../platform/persistence/transactions.js';
import { Signer } from '../../platform/sealing/signer.js';
import { CHECKPOINT_PURPOSE, checkpointMessage, GENESIS, linkHash, type ChainEntry } from './chain.js';
import { ChainRepository, type Link } from './chain.repository.js';

const BATCH = 500;
const CHECKPOINT_EVERY_MS = 60_000;

/**
 * Links new entries into their tenant's chain. Order in the chain is the order of linking: an entry whose transaction
 * commits late is linked late, and nothing that writes entries ever waits for the chain.
 */
@Injectable()
export class AuditSealerService {
  private readonly signer: Signer;

  constructor(
    private readonly chains: ChainRepository,
    private readonly transactions: Transactions,
    @Inject(CONFIG) config: Config,
  ) {
    this.signer = new Signer(config.signingKeys, CHECKPOINT_PURPOSE);
  }

  /** Links all that waits, chain by chain; answers how many entries were linked. */
  async seal(now: Date): Promise<number> {
    let linked = 0;
    for (const chainId of await this.chains.waitingChains()) linked += await this.sealChain(chainId, now);
    return linked;
  }

  publicKeys(): Readonly<Record<string, string>> {
    return this.signer.publicKeys();
  }

  private async sealChain(chainId: string, now: Date): Promise<number> {
    let total = 0;
    for (;;) {
      const linked = await this.transactions.run(async () => this.sealBatch(chainId, now));
      total += linked;
      if (linked < BATCH) return total;
    }
  }

  private async sealBatch(chainId: string, now: Date): Promise<number> {
    if (!(await this.chains.tryLock(chainId))) return 0;
    const entries = await this.chains.pending(chainId, BATCH);
    const last = await this.chains.last(chainId);
    const links = linksOf(entries, BigInt(last?.seq ?? 0), last?.hash ?? GENESIS);
    const head = links.at(-1);
    if (head === undefined) return 0;
    await this.chains.append(chainId, links);
    await this.checkpoint(chainId, head, now);
    return links.length;
  }

  private async checkpoint(chainId: string, head: Link, now: Date): Promise<void> {
    const previous = await this.chains.lastCheckpoint(chainId);
    if (previous !== undefined && now.getTime() - previous.at.getTime() < CHECKPOINT_EVERY_MS) return;
    const { keyId, value } = this.signer.sign(checkpointMessage(chainId, BigInt(head.seq), head.hash));
    const { seq, hash } = head;
    await this.chains.insertCheckpoint(chainId, { seq, hash, at: now, key_id: keyId, signature: value });
  }
}

function linksOf(entries: readonly ChainEntry[], lastSeq: bigint, lastHash: Buffer): Link[] {
  let previous = lastHash;
  return entries.map((entry, index) => {
    const seq = lastSeq + BigInt(index + 1);
    const hash = linkHash(previous, seq, entry);
    const link = { seq: seq.toString(), entry_id: entry.id, previous_hash: previous, hash };
    previous = hash;
    return link;
  });
}
