import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Transactions } from '../persistence/transactions.js';
import { checkValue, Keyring } from './keyring.js';

/** The start was refused because the master keys do not fit what is stored. */
export class WrongMasterKeyError extends Error {
  constructor(missing: readonly string[]) {
    super(
      `MASTER_KEY does not fit this management database: the key ${missing.join(', ')} is missing or another one. ` +
        'Start with the key that sealed its secrets; to change it, list the new key first and the old one after it.',
    );
    this.name = 'WrongMasterKeyError';
  }
}

/** Compares the master keys with what the management database remembers of them, before anything is sealed. */
@Injectable()
export class KeyCheck {
  constructor(
    private readonly transactions: Transactions,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Remembers new keys; throws WrongMasterKeyError and writes nothing when a known one is absent or differs. */
  async verify(): Promise<void> {
    const ring = new Keyring(this.config.masterKeys);
    await this.transactions.run(async () => {
      const { manager } = this.transactions;
      const rows = await manager.query<{ key_id: string; check_value: string }[]>(
        'select key_id, check_value from master_key_check',
      );
      const wrong = rows.filter(({ key_id, check_value }) => {
        const key = ring.find(key_id);
        return key === undefined || checkValue(key) !== check_value;
      });
      if (wrong.length > 0) throw new WrongMasterKeyError(wrong.map((row) => row.key_id));
      for (const key of ring.all) {
        await manager.query(
          'insert into master_key_check (key_id, check_value) values ($1, $2) on conflict do nothing',
          [key.id, checkValue(key)],
        );
      }
    });
  }
}
