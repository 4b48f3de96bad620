import pg from 'pg';
import { completeConfig, type Config, type Settings } from '../../config/config.js';
import {
  joinEmbeddedServers,
  startEmbeddedServers,
  type ClusterName,
  type EmbeddedServers,
} from './embedded-servers.js';
import { ownKeys, type OwnKeys } from './own-keys.js';

const DATABASE = 'clouddb';
const APPLICATION = 'clouddb_app';

/** The complete configuration, and the embedded servers that stand behind it, if any. */
export interface Deployment {
  readonly config: Config;
  /** Ends the embedded servers; does nothing when there are none. */
  stop(): Promise<void>;
}

export interface DeploymentOptions {
  readonly log: (message: string) => void;
  /** For commands: use the servers of a product that already runs on the data folder. */
  readonly join?: boolean;
}

/** Starts what the settings leave to us: embedded clusters, their logins, and keys of our own. */
export async function openDeployment(settings: Settings, options: DeploymentOptions): Promise<Deployment> {
  const { management, sandbox, dataDir } = settings;
  const clusters = missingClusters(settings);
  if (clusters.length === 0)
    return { config: withUrls(settings, null, null), stop: async () => Promise.resolve() };
  const start = options.join === true ? joinEmbeddedServers : startEmbeddedServers;
  const servers = await start({ dataDir, clusters, log: options.log });
  try {
    const keys = management.url === null ? await ownKeys(dataDir) : null;
    if (keys !== null) await prepareManagement(servers, keys);
    return { config: withUrls({ ...settings, sandbox }, servers, keys), stop: async () => servers.stop() };
  } catch (error) {
    await servers.stop();
    throw error;
  }
}

function missingClusters({ management, sandbox }: Settings): ClusterName[] {
  const missing: ClusterName[] = [];
  if (management.url === null) missing.push('management');
  if (sandbox.postgresUrl === null) missing.push('sandbox');
  return missing;
}

function withUrls(settings: Settings, servers: EmbeddedServers | null, keys: OwnKeys | null): Config {
  const { sandbox, management } = settings;
  const masterKeys = settings.masterKeys ?? keys?.masterKeys;
  const signingKeys = settings.signingKeys ?? keys?.signingKeys;
  return completeConfig(settings, {
    management: { ...managementUrls(settings, servers, keys), poolSize: management.poolSize },
    sandbox: {
      ...sandbox,
      postgresUrl: sandbox.postgresUrl ?? embedded(servers).url('sandbox', 'postgres'),
    },
    masterKeys: masterKeys ?? missing('MASTER_KEY'),
    signingKeys: signingKeys ?? missing('SIGNING_KEY'),
  });
}

function managementUrls(
  { management }: Settings,
  servers: EmbeddedServers | null,
  keys: OwnKeys | null,
): { url: string; migrationUrl: string } {
  const owner = management.url ?? embedded(servers).url('management', DATABASE);
  const url = keys === null ? owner : withLogin(owner, keys.applicationPassword);
  return { url, migrationUrl: management.migrationUrl ?? owner };
}

function embedded(servers: EmbeddedServers | null): EmbeddedServers {
  return servers ?? missing('an embedded server');
}

function missing(what: string): never {
  throw new Error(`${what} is missing, which the settings should have said.`);
}

function withLogin(url: string, password: string): string {
  const changed = new URL(url);
  changed.username = APPLICATION;
  changed.password = encodeURIComponent(password);
  return changed.toString();
}

async function prepareManagement(servers: EmbeddedServers, keys: OwnKeys): Promise<void> {
  const client = new pg.Client({ connectionString: servers.url('management', 'postgres') });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const database = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (database.rowCount === 0) await client.query(`create database ${DATABASE}`);
    const role = await client.query('select from pg_roles where rolname = $1', [APPLICATION]);
    const verb = role.rowCount === 0 ? 'create' : 'alter';
    const password = pg.escapeLiteral(keys.applicationPassword);
    await client.query(`${verb} role ${APPLICATION} login password ${password}`);
  } finally {
    await client.end();
  }
}
