import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { clustersFolder } from './placement.js';

/** What must be remembered of a cluster between two starts; kept beside its data, readable by this process only. */
export interface ClusterState {
  /** Where the data is; null means below the data directory, which may be moved. */
  readonly directory: string | null;
  readonly port: number;
  readonly superuser: string;
  readonly password: string;
  /** Set once the data exists: from then on its absence is a loss and not a first start. */
  readonly initialized: boolean;
}

export function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

export async function readState(dataDir: string, name: string): Promise<ClusterState | undefined> {
  const path = statePath(dataDir, name);
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ClusterState;
  } catch (error) {
    throw new Error(`${path} cannot be read, and with it the password of the cluster ${name}.`, {
      cause: error,
    });
  }
}

export async function writeState(dataDir: string, name: string, state: ClusterState): Promise<void> {
  const path = statePath(dataDir, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(`${path}.new`, path);
}

export function statePath(dataDir: string, name: string): string {
  return join(clustersFolder(dataDir), `${name}.json`);
}

/** The folder of a cluster's data. */
export function stateDirectory(dataDir: string, name: string, state: ClusterState): string {
  return state.directory ?? join(clustersFolder(dataDir), name);
}

/** A URL for one of the cluster's databases with the superuser's login. */
export function superuserUrl(state: ClusterState, database: string): string {
  const login = `${encodeURIComponent(state.superuser)}:${encodeURIComponent(state.password)}`;
  return `postgres://${login}@127.0.0.1:${String(state.port)}/${encodeURIComponent(database)}`;
}
