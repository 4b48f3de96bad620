import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { accountName, findObstacle, mayAccess, type Account } from './account.js';

/** Folders outside the checkout and the data directory that any account can pass, best first. */
export function sharedFolders(): string[] {
  return ['/var/lib/clouddb-manager', join(tmpdir(), 'clouddb-manager')];
}

/** The folder below the data directory that holds the clusters and what is known of them. */
export function clustersFolder(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/** The folder in which a new cluster's files go: below the data directory, unless the account cannot get there. */
export async function placeCluster(
  dataDir: string,
  account: Account | undefined,
  log: (message: string) => void,
): Promise<string> {
  const home = clustersFolder(dataDir);
  if (await makePassable(home, account)) return home;
  const obstacle = (await findObstacle(account, home)) ?? home;
  const key = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 16);
  for (const folder of sharedFolders()) {
    const place = join(folder, key);
    if ((await makePassable(folder, account)) && (await makePassable(place, account))) {
      log(`${accountName(account)} cannot pass ${obstacle}: its data goes to ${place}.`);
      return place;
    }
  }
  throw new Error(`${accountName(account)} cannot pass ${obstacle}: choose another DATA_DIR.`);
}

/** Makes the folder if need be; false when the account cannot pass it or somebody else made it. */
export async function makePassable(folder: string, account: Account | undefined): Promise<boolean> {
  const mode = account === undefined ? 0o700 : 0o711;
  try {
    const made = await mkdir(folder, { recursive: true, mode });
    if (made !== undefined) await chmod(folder, mode); // mkdir leaves out what the umask masks
  } catch {
    return false;
  }
  // In a world-writable parent the name is for anyone to take: whoever owns the folder could swap what is in it.
  const found = await lstat(folder);
  const trusted = [0, process.getuid?.(), account?.uid].includes(found.uid);
  return found.isDirectory() && trusted && (await mayAccess(account, folder, 'x'));
}
