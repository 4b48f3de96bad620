import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const keysSchema = z.object({
  masterKeys: z.string(),
  signingKeys: z.string(),
  applicationPassword: z.string(),
});

/** What the embedded databases need and nobody has set. Losing the file means losing what it sealed. */
export type OwnKeys = z.output<typeof keysSchema>;

/** Reads the keys in the data folder; makes them, readable to their owner only, the first time. */
export async function ownKeys(dataDir: string): Promise<OwnKeys> {
  const path = join(dataDir, 'keys.json');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (text !== null) return keysSchema.parse(JSON.parse(text));
  const key = (): string => `k1:${randomBytes(32).toString('base64')}`;
  const keys = {
    masterKeys: key(),
    signingKeys: key(),
    applicationPassword: randomBytes(24).toString('base64url'),
  };
  await mkdir(dataDir, { recursive: true });
  await writeDurably(path, `${JSON.stringify(keys, null, 2)}\n`);
  return keys;
}

// Written beside and moved into place: a crash leaves the whole file or none.
async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
