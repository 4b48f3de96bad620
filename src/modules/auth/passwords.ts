import { Inject, Injectable } from '@nestjs/common';
import bcrypt from 'bcrypt';
import { randomBytes } from 'node:crypto';
import { CONFIG, type Config } from '../../platform/config/config.js';

/** bcrypt looks at the first 72 bytes only; longer ones would be the same password as their beginning. */
const MAX_BYTES = 72;

@Injectable()
export class Passwords {
  private readonly cost: number;
  private decoy: Promise<string> | null = null;

  constructor(@Inject(CONFIG) config: Pick<Config, 'auth'>) {
    this.cost = config.auth.bcryptCost;
  }

  async hash(password: string): Promise<string> {
    if (Buffer.byteLength(password) > MAX_BYTES) throw new Error('A password has at most 72 bytes.');
    return bcrypt.hash(password, this.cost);
  }

  /** Takes the same time without a hash, so that nobody learns from it which accounts exist. */
  async matches(password: string, hash: string | undefined): Promise<boolean> {
    this.decoy ??= bcrypt.hash(randomBytes(16).toString('base64'), this.cost);
    const usable = Buffer.byteLength(password) <= MAX_BYTES;
    const right = await bcrypt.compare(usable ? password : '', hash ?? (await this.decoy));
    return right && usable && hash !== undefined;
  }
}

/** 20 characters with every kind of sign that the password rules ask for; some 110 bits. */
export function oneTimePassword(): string {
  return `${randomBytes(12).toString('base64url').replace(/[-_]/g, 'x')}-aB${String(randomBytes(1).readUInt8() % 10)}`;
}
