import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ownerOf } from '../../src/platform/persistence/embedded/account.js';
import { readState, stateDirectory } from '../../src/platform/persistence/embedded/cluster-state.js';
import { clustersFolder } from '../../src/platform/persistence/embedded/placement.js';
import { endPostmaster, findPostmaster } from '../../src/platform/persistence/embedded/postmaster.js';

/** A folder for embedded clusters; whatever still runs on it is ended when the test is over. */
export interface DataFolder extends AsyncDisposable {
  readonly path: string;
}

/** `mode` says who may pass the folder: with 0700 and as root, PostgreSQL's user may not. */
export async function dataFolder(mode = 0o711): Promise<DataFolder> {
  // The global set-up of a later run looks here for what a killed one left behind.
  const parent = join(tmpdir(), 'clouddb-manager-test');
  await mkdir(parent, { recursive: true, mode: 0o711 });
  const outer = await mkdtemp(join(parent, 'data-'));
  await chmod(outer, mode);
  return { path: outer, [Symbol.asyncDispose]: async () => removeFolder(outer) };
}

async function removeFolder(dataDir: string): Promise<void> {
  const folder = clustersFolder(dataDir);
  const states = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
  for (const file of states) {
    const name = basename(file, '.json');
    const state = await readState(dataDir, name);
    if (state === undefined) continue;
    const directory = stateDirectory(dataDir, name, state);
    const postmaster = await findPostmaster(directory, await ownerOf(directory));
    if (postmaster !== undefined) await endPostmaster(postmaster, 'immediate');
    if (state.directory !== null) await rm(dirname(directory), { recursive: true, force: true });
  }
  await rm(dataDir, { recursive: true, force: true });
}
