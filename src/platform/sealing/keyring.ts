import { createHmac, hkdfSync } from 'node:crypto';

export interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

/** Keys as the configuration gives them (`id:base64,…`, newest first); a key without an id is called `k1`. */
export class Keyring {
  readonly newest: Key;
  private readonly byId: ReadonlyMap<string, Key>;

  constructor(text: string) {
    const keys = text.split(',').map(parseKey);
    const [newest] = keys;
    if (newest === undefined) throw new Error('There is no key.');
    this.newest = newest;
    this.byId = new Map(keys.map((key) => [key.id, key]));
    if (this.byId.size !== keys.length) throw new Error('Two keys have the same id.');
  }

  find(id: string): Key | undefined {
    return this.byId.get(id);
  }

  get all(): readonly Key[] {
    return [...this.byId.values()];
  }
}

function parseKey(text: string): Key {
  const colon = text.indexOf(':');
  const id = colon < 0 ? 'k1' : text.slice(0, colon);
  const bytes = Buffer.from(text.slice(colon + 1), 'base64');
  if (bytes.length !== 32) throw new Error(`The key ${id} does not have 32 bytes.`);
  return { id, bytes };
}

/** A key for one purpose, so that no two uses share one (HKDF, RFC 5869). */
export function deriveKey(key: Key, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key.bytes, Buffer.alloc(0), `clouddb-manager/${purpose}`, 32));
}

/** Says which key it is without saying anything about it. */
export function checkValue(key: Key): string {
  return createHmac('sha256', deriveKey(key, 'check')).update('check').digest('hex').slice(0, 32);
}
