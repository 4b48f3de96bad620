import { Inject, Injectable } from '@nestjs/common';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { CONFIG, type Config } from '../config/config.js';
import { deriveKey, Keyring } from './keyring.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = 'v1';

/** A sealed value that cannot be opened: changed, moved to another row, or sealed with a key that is not here. */
export class SealingError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'SealingError';
  }
}

/** Secrets at rest: AES-256-GCM (NIST SP 800-38D) with a random nonce and the id of the key that sealed. */
@Injectable()
export class Sealing {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly newestId: string;

  constructor(@Inject(CONFIG) config: Pick<Config, 'masterKeys'>) {
    const ring = new Keyring(config.masterKeys);
    this.keys = new Map(ring.all.map((key) => [key.id, deriveKey(key, 'sealing')]));
    this.newestId = ring.newest.id;
  }

  /** `context` names the row and column; the value opens nowhere else. */
  seal(plain: string, context: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key(this.newestId), nonce, {
      authTagLength: TAG_BYTES,
    });
    cipher.setAAD(Buffer.from(context));
    const sealed = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${FORMAT}.${this.newestId}.${sealed.toString('base64url')}`;
  }

  /** Throws SealingError when the value was not sealed here for this context. */
  open(sealed: string, context: string): string {
    const [format, keyId, body, ...rest] = sealed.split('.');
    if (format !== FORMAT || keyId === undefined || body === undefined || rest.length > 0) {
      throw new SealingError('This is no sealed value.');
    }
    const bytes = Buffer.from(body, 'base64url');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new SealingError('The sealed value is cut off.');
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.key(keyId), bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES));
      const plain = [decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
      return Buffer.concat(plain).toString('utf8');
    } catch (cause) {
      throw new SealingError('The sealed value cannot be opened with these keys.', { cause });
    }
  }

  /** True when the value should be sealed again because a newer key is there. */
  isOutdated(sealed: string): boolean {
    return sealed.split('.')[1] !== this.newestId;
  }

  private key(id: string): Buffer {
    const key = this.keys.get(id);
    if (key === undefined) throw new SealingError(`The key ${id} is not among the master keys.`);
    return key;
  }
}
