import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ownerOf, serverAccount, type Account } from './account.js';
import { binariesIn, reachableBinaries, type Binaries } from './binaries.js';
import {
  newPassword,
  readState,
  stateDirectory,
  statePath,
  writeState,
  type ClusterState,
} from './cluster-state.js';
import { freePort } from './free-port.js';
import { BUILTIN_LOCALE, createCluster } from './initdb.js';
import { clustersFolder, placeCluster } from './placement.js';
import { ServerLog } from './server-log.js';
import type { ServerSettings } from './server-settings.js';

export interface ClusterOptions {
  readonly name: string;
  /** The product's data directory; the cluster lies below it, or where PostgreSQL's user gets to. */
  readonly dataDir: string;
  readonly superuser: string;
  readonly settings: ServerSettings;
  readonly log: (message: string) => void;
  /** Another PostgreSQL than the one that comes with the product. */
  readonly binDir?: string;
  /** What its initdb understands about locale, checksums and syncing. */
  readonly initdbOptions?: readonly string[];
}

export interface ClusterFiles {
  readonly directory: string;
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  readonly log: ServerLog;
}

/** Finds or makes everything a start needs, short of the process. */
export async function prepareFiles(
  options: ClusterOptions,
): Promise<{ files: ClusterFiles; state: ClusterState }> {
  const known = await readState(options.dataDir, options.name);
  const owner = known && (await ownerOf(stateDirectory(options.dataDir, options.name, known)));
  const account = owner ?? (await serverAccount(options.dataDir));
  const binaries =
    options.binDir === undefined ? await reachableBinaries(account, options.log) : binariesIn(options.binDir);
  const state = known ?? (await newState(options, account));
  const directory = stateDirectory(options.dataDir, options.name, state);
  const log = new ServerLog(join(clustersFolder(options.dataDir), `${options.name}.log`));
  const files = { directory, binaries, account, log };
  return { files, state: await ensureData(options, files, state) };
}

async function newState(options: ClusterOptions, account: Account | undefined): Promise<ClusterState> {
  const place = await placeCluster(options.dataDir, account, options.log);
  const inside = place === clustersFolder(options.dataDir);
  const directory = join(place, options.name);
  if (existsSync(directory)) await setAside(options, directory, inside);
  const state: ClusterState = {
    directory: inside ? null : directory,
    port: await freePort(),
    superuser: options.superuser,
    password: newPassword(),
    initialized: false,
  };
  await writeState(options.dataDir, options.name, state);
  return state;
}

/** Data whose password is lost is never deleted; outside the data directory it is what a deleted one left behind. */
async function setAside(options: ClusterOptions, directory: string, inside: boolean): Promise<void> {
  if (inside) {
    const path = statePath(options.dataDir, options.name);
    throw new Error(
      `${directory} has data but ${path}, with its password, is missing: put it back, or move the data away.`,
    );
  }
  const aside = `${directory}.left-${newPassword().slice(0, 6)}`;
  await rename(directory, aside);
  options.log(`${directory} belonged to a deleted data directory: moved to ${aside}.`);
}

async function ensureData(
  options: ClusterOptions,
  files: ClusterFiles,
  state: ClusterState,
): Promise<ClusterState> {
  const exists = existsSync(join(files.directory, 'PG_VERSION'));
  if (exists && state.initialized) return state;
  if (state.initialized) {
    const path = statePath(options.dataDir, options.name);
    throw new Error(
      `The data of the ${options.name} cluster should be in ${files.directory} but is not: put it back, or delete ${path} to begin without it.`,
    );
  }
  if (!exists) {
    await createCluster({
      initdb: files.binaries.initdb,
      directory: files.directory,
      account: files.account,
      superuser: state.superuser,
      password: state.password,
      options: options.initdbOptions ?? BUILTIN_LOCALE,
    });
  }
  const initialized = { ...state, initialized: true };
  await writeState(options.dataDir, options.name, initialized);
  return initialized;
}
