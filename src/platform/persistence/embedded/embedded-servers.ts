import { resolve } from 'node:path';
import { readState, superuserUrl } from './cluster-state.js';
import { EmbeddedCluster } from './embedded-cluster.js';
import { AlreadyRunningError, InstanceLock } from './instance-lock.js';
import { MANAGEMENT_SETTINGS, SANDBOX_SETTINGS, type ServerSettings } from './server-settings.js';

export type ClusterName = 'management' | 'sandbox';

export interface ServersOptions {
  readonly dataDir: string;
  /** The clusters wanted; the others have URLs of their own. */
  readonly clusters: readonly ClusterName[];
  readonly log: (message: string) => void;
}

/** The embedded servers of one data directory. */
export interface EmbeddedServers {
  /** A URL with the superuser's login. */
  url(cluster: ClusterName, database: string): string;
  /** Ends the servers and gives the data directory free. */
  stop(): Promise<void>;
}

const SUPERUSER = 'clouddb_owner';
const SETTINGS: Readonly<Record<ClusterName, ServerSettings>> = {
  management: MANAGEMENT_SETTINGS,
  sandbox: SANDBOX_SETTINGS,
};

/** Starts the wanted clusters side by side; throws AlreadyRunningError when another process has the data directory. */
export async function startEmbeddedServers(options: ServersOptions): Promise<EmbeddedServers> {
  const lock = await InstanceLock.acquire(resolve(options.dataDir));
  const started = await Promise.allSettled(
    options.clusters.map(async (name) => {
      const { dataDir, log } = options;
      return EmbeddedCluster.start({ name, dataDir, superuser: SUPERUSER, settings: SETTINGS[name], log });
    }),
  );
  const clusters = new Map<ClusterName, EmbeddedCluster>();
  options.clusters.forEach((name, index) => {
    const outcome = started[index];
    if (outcome?.status === 'fulfilled') clusters.set(name, outcome.value);
  });
  const stop = async (): Promise<void> => {
    await Promise.all([...clusters.values()].map(async (cluster) => cluster.stop()));
    await lock.release();
  };
  const failed = started.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  return {
    url: (name, database) => wanted(clusters.get(name), name).databaseUrl(database),
    stop,
  };
}

/** For commands: the servers of the product that runs on this data directory, or our own until we stop them. */
export async function joinEmbeddedServers(options: ServersOptions): Promise<EmbeddedServers> {
  try {
    return await startEmbeddedServers(options);
  } catch (error) {
    if (!(error instanceof AlreadyRunningError)) throw error;
  }
  const dataDir = resolve(options.dataDir);
  const states = await Promise.all(options.clusters.map(async (name) => readState(dataDir, name)));
  return {
    url: (name, database) => superuserUrl(wanted(states[options.clusters.indexOf(name)], name), database),
    stop: async () => Promise.resolve(),
  };
}

function wanted<T>(found: T | undefined, name: ClusterName): T {
  if (found === undefined) throw new Error(`The embedded ${name} cluster was not asked for.`);
  return found;
}
