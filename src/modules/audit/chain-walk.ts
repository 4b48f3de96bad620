import { isSigned } from '../../platform/sealing/signer.js';
import { checkpointMessage, GENESIS, linkHash } from './chain.js';
import type { Checkpoint, LinkedEntry } from './chain.repository.js';

export interface ChainVerdict {
  /** Links that fit, from the first one on. */
  readonly sealed: bigint;
  /** The first place that does not fit; null when everything does. */
  readonly broken: { readonly seq: bigint; readonly reason: string } | null;
}

/**
 * Walks one chain in constant memory: feed it the links in order, then ask for the verdict. Needs nothing but the
 * links with their entries, the checkpoints and the public keys.
 */
export class ChainWalk {
  private previous: Buffer = GENESIS;
  private seq = 0n;
  private broken: ChainVerdict['broken'] = null;
  private readonly checkpoints: ReadonlyMap<string, Checkpoint>;
  private readonly lastCheckpoint: bigint;

  constructor(
    private readonly chainId: string,
    checkpoints: readonly Checkpoint[],
    private readonly publicKeys: Readonly<Record<string, string>>,
  ) {
    this.checkpoints = new Map(checkpoints.map((checkpoint) => [checkpoint.seq, checkpoint]));
    this.lastCheckpoint = checkpoints.reduce(
      (last, { seq }) => (BigInt(seq) > last ? BigInt(seq) : last),
      0n,
    );
  }

  /** False once something does not fit: what follows cannot be judged. */
  take(link: LinkedEntry): boolean {
    if (this.broken !== null) return false;
    const reason = this.reasonAgainst(link);
    if (reason !== null) {
      this.broken = { seq: this.seq + 1n, reason };
      return false;
    }
    this.previous = link.hash;
    this.seq += 1n;
    return true;
  }

  verdict(): ChainVerdict {
    if (this.broken === null && this.seq < this.lastCheckpoint) {
      const reason = `the chain ends here, but a signed checkpoint says that it reached ${String(this.lastCheckpoint)}`;
      return { sealed: this.seq, broken: { seq: this.seq + 1n, reason } };
    }
    return { sealed: this.seq, broken: this.broken };
  }

  private reasonAgainst(link: LinkedEntry): string | null {
    const expected = this.seq + 1n;
    if (BigInt(link.seq) !== expected) return 'the link with this number is missing';
    if (link.entry === null) return 'the entry was removed';
    if (!link.previous_hash.equals(this.previous)) return 'it does not follow the entry before it';
    if (!linkHash(this.previous, expected, link.entry).equals(link.hash)) return 'the entry was changed';
    return this.reasonAgainstCheckpoint(link);
  }

  private reasonAgainstCheckpoint(link: LinkedEntry): string | null {
    const checkpoint = this.checkpoints.get(link.seq);
    if (checkpoint === undefined) return null;
    const signature = { keyId: checkpoint.key_id, value: checkpoint.signature };
    const message = checkpointMessage(this.chainId, BigInt(checkpoint.seq), checkpoint.hash);
    if (!isSigned(message, signature, this.publicKeys)) return 'the signature of its checkpoint is not valid';
    return checkpoint.hash.equals(link.hash) ? null : 'it is not what the signed checkpoint says';
  }
}
