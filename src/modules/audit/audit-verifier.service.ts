import { Injectable } from '@nestjs/common';
import { AuditSealerService } from './audit-sealer.service.js';
import { checkpointLine, entryLine } from './audit-export.js';
import { ChainWalk, type ChainVerdict } from './chain-walk.js';
import { ChainRepository, type LinkedEntry, type Verification } from './chain.repository.js';

const SLICE = 1000;

export interface ChainState {
  readonly state: 'intact' | 'broken' | 'unchecked';
  readonly sealed: number;
  readonly waiting: number;
  readonly checkedAt: Date | null;
  readonly brokenAt: number | null;
  readonly lastCheckpointAt: Date | null;
}

/** Recomputes chains and names the first entry that does not fit. */
@Injectable()
export class AuditVerifierService {
  constructor(
    private readonly chains: ChainRepository,
    private readonly sealer: AuditSealerService,
  ) {}

  /** Verifies every chain and remembers the outcome for the page. */
  async verifyAll(now: Date): Promise<Map<string, ChainVerdict>> {
    const verdicts = new Map<string, ChainVerdict>();
    for (const chainId of await this.chains.allChains())
      verdicts.set(chainId, await this.verify(chainId, now));
    return verdicts;
  }

  async verify(chainId: string, now: Date): Promise<ChainVerdict> {
    const walk = new ChainWalk(chainId, await this.chains.checkpoints(chainId), this.sealer.publicKeys());
    for await (const link of this.links(chainId)) if (!walk.take(link)) break;
    const verdict = await this.withUnlinked(chainId, walk.verdict());
    await this.chains.saveVerification({
      chain_id: chainId,
      checked_at: now,
      sealed: verdict.sealed.toString(),
      broken_seq: verdict.broken?.seq.toString() ?? null,
      reason: verdict.broken?.reason ?? null,
    });
    return verdict;
  }

  /** Every chain as lines of NDJSON, for `verifyExport` elsewhere. */
  async *exportLines(): AsyncGenerator<string> {
    for (const chainId of await this.chains.allChains()) {
      for (const checkpoint of await this.chains.checkpoints(chainId))
        yield checkpointLine(chainId, checkpoint);
      for await (const link of this.links(chainId)) yield entryLine(chainId, link);
    }
  }

  async stateOf(chainId: string): Promise<ChainState> {
    const [last, waiting, checkpoint, verification] = await Promise.all([
      this.chains.last(chainId),
      this.chains.countPending(chainId),
      this.chains.lastCheckpoint(chainId),
      this.chains.findVerification(chainId),
    ]);
    return {
      ...outcomeOf(verification),
      sealed: Number(last?.seq ?? 0),
      waiting,
      lastCheckpointAt: checkpoint?.at ?? null,
    };
  }

  private async *links(chainId: string): AsyncGenerator<LinkedEntry> {
    let after = '0';
    for (;;) {
      const slice = await this.chains.slice(chainId, after, SLICE);
      yield* slice;
      const last = slice.at(-1);
      if (last === undefined || slice.length < SLICE) return;
      after = last.seq;
    }
  }

  private async withUnlinked(chainId: string, verdict: ChainVerdict): Promise<ChainVerdict> {
    if (verdict.broken !== null) return verdict;
    const entryId = await this.chains.findUnlinked(chainId);
    if (entryId === undefined) return verdict;
    return {
      ...verdict,
      broken: { seq: verdict.sealed + 1n, reason: `the link of entry ${entryId} was removed` },
    };
  }
}

function outcomeOf(
  verification: Verification | undefined,
): Pick<ChainState, 'state' | 'checkedAt' | 'brokenAt'> {
  if (verification === undefined) return { state: 'unchecked', checkedAt: null, brokenAt: null };
  const { checked_at: checkedAt, broken_seq: broken } = verification;
  return broken === null
    ? { state: 'intact', checkedAt, brokenAt: null }
    : { state: 'broken', checkedAt, brokenAt: Number(broken) };
}
