import { Inject, Injectable } from '@nestjs/common';
import bcrypt from 'bcrypt';
import { randomBytes } from 'node:crypto';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { HashQueue } from './hash-queue.js';

/** bcrypt looks at the first 72 bytes only; longer ones would be the same password as their beginning. */
export const MAX_PASSWORD_BYTES = 72;

@Injectable()
export class Passwords {
  private readonly cost: number;
  private readonly queue = new HashQueue();
  private decoy: Promise<string> | null = null;

  constructor(@Inject(CONFIG) config: Pick<Config, 'auth'>) {
    this.cost = config.auth.bcryptCost;
  }

  async hash(password: string): Promise<string> {
    if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES)
      throw new Error(`A password has at most ${String(MAX_PASSWORD_BYTES)} bytes.`);
    return this.queue.run(async () => bcrypt.hash(password, this.cost));
  }

  /** Takes the same time without a hash, so that nobody learns from it which accounts exist. */
  async matches(password: string, hash: string | null | undefined): Promise<boolean> {
    this.decoy ??= bcrypt.hash(randomBytes(16).toString('base64'), this.cost);
    const compared = hash ?? (await this.decoy);
    const usable = Buffer.byteLength(password) <= MAX_PASSWORD_BYTES;
    const right = await this.queue.run(async () => bcrypt.compare(usable ? password : '', compared));
    return right && usable && compared === hash;
  }
}

/** 20 characters with every kind of sign that the password rules ask for; some 110 bits. */
export function oneTimePassword(): string {
  return `${randomBytes(12).toString('base64url').replace(/[-_]/g, 'x')}-aB${String(randomBytes(1).readUInt8() % 10)}`;
}
