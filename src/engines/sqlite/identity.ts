import type { BigIntStats } from 'node:fs';

/** Names a file whatever it is called: the device and the number that it has there. */
export function identityOf({ dev, ino }: BigIntStats): string {
  return `${String(dev)}:${String(ino)}`;
}
