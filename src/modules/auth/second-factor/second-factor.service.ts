import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/clock.js';
import { AppError } from '../../../platform/errors/app-error.js';
import { Transactions } from '../../../platform/persistence/transactions.js';
import { Sealing } from '../../../platform/sealing/sealing.js';
import { newRecoveryCodes, newSecret, recoveryCodeHash, stepOf } from './one-time-codes.js';
import { SecondFactorRepository } from './second-factor.repository.js';

export interface FactorState {
  readonly enabled: boolean;
  /** Recovery codes that were not used yet. */
  readonly recoveryCodes: number;
}

/** How a code was right: from the device, or one of those for when it is lost. */
export type CodeKind = 'device' | 'recovery';

/** One-time codes beside the password. */
@Injectable()
export class SecondFactorService {
  constructor(
    private readonly factors: SecondFactorRepository,
    private readonly sealing: Sealing,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  async isEnabled(accountId: string): Promise<boolean> {
    return ((await this.factors.find(accountId))?.confirmed_at ?? null) !== null;
  }

  async stateOf(accountId: string): Promise<FactorState> {
    const enabled = await this.isEnabled(accountId);
    return { enabled, recoveryCodes: enabled ? await this.factors.countRecoveryCodes(accountId) : 0 };
  }

  /** Makes a secret that counts for nothing until a code of it was given; one that is in use stays. */
  async prepare(accountId: string): Promise<void> {
    const sealed = this.sealing.seal(newSecret(), contextOf(accountId));
    await this.factors.putUnconfirmed(accountId, sealed, this.clock.now());
  }

  /** The secret that waits for its first code; undefined when there is none, or it is in use already. */
  async findUnconfirmed(accountId: string): Promise<string | undefined> {
    const factor = await this.factors.find(accountId);
    return factor?.confirmed_at === null
      ? this.sealing.open(factor.sealed_secret, contextOf(accountId))
      : undefined;
  }

  /** Puts the prepared secret to use and answers its recovery codes, once. Joins the open transaction. */
  async confirm(accountId: string, code: string): Promise<string[]> {
    const secret = await this.findUnconfirmed(accountId);
    if (secret === undefined)
      throw new AppError(
        'conflict',
        'no_factor_prepared',
        'Begin again: there is no secret that waits for a code.',
      );
    return this.transactions.run(async () => {
      if (!(await this.isDeviceCode(accountId, secret, code))) throw invalidCode();
      await this.factors.confirm(accountId, this.clock.now());
      return this.renewRecoveryCodes(accountId);
    });
  }

  /** Uses a code up; undefined when it is wrong, was used before, or there is no factor. */
  async use(accountId: string, code: string): Promise<CodeKind | undefined> {
    const factor = await this.factors.find(accountId);
    if (factor === undefined || factor.confirmed_at === null) return undefined;
    const secret = this.sealing.open(factor.sealed_secret, contextOf(accountId));
    if (await this.isDeviceCode(accountId, secret, code)) return 'device';
    const hash = recoveryCodeHash(accountId, code);
    const used =
      hash !== undefined && (await this.factors.useRecoveryCode(accountId, hash, this.clock.now()));
    return used ? 'recovery' : undefined;
  }

  /** Ten new recovery codes in the place of those that are left; joins the open transaction. */
  async renewRecoveryCodes(accountId: string): Promise<string[]> {
    const codes = newRecoveryCodes();
    const hashes = codes.flatMap((code) => recoveryCodeHash(accountId, code) ?? []);
    await this.factors.replaceRecoveryCodes(accountId, hashes);
    return codes;
  }

  async remove(accountId: string): Promise<void> {
    await this.factors.remove(accountId);
  }

  private async isDeviceCode(accountId: string, secret: string, code: string): Promise<boolean> {
    const digits = code.replace(/\s/g, '');
    const step = /^\d{6}$/.test(digits) ? stepOf(secret, digits, this.clock.now()) : null;
    return step !== null && (await this.factors.useStep(accountId, step));
  }
}

export function invalidCode(): AppError {
  return new AppError(
    'unauthenticated',
    'invalid_code',
    'This code is wrong, or it was used before. Wait for the next one.',
  );
}

function contextOf(accountId: string): string {
  return `second_factor.${accountId}`;
}
