import { createHash } from 'node:crypto';

const MODULUS = 2n ** 256n;

/**
 * SHA-256 over a bag of texts, whatever their order, in constant memory: the sum of their hashes. Two bags have the
 * same digest when they hold the same texts equally often.
 */
export class MultisetDigest {
  private sum = 0n;

  add(text: string): void {
    const hash = createHash('sha256').update(text).digest('hex');
    this.sum = (this.sum + BigInt(`0x${hash}`)) % MODULUS;
  }

  hex(): string {
    return this.sum.toString(16).padStart(64, '0');
  }
}
