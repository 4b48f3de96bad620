import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { prepareFiles, type ClusterFiles, type ClusterOptions } from './cluster-files.js';
import { superuserUrl, writeState, type ClusterState } from './cluster-state.js';
import { freePort } from './free-port.js';
import {
  endPostmaster,
  findPostmaster,
  followsPlan,
  startPostmaster,
  type PostmasterPlan,
} from './postmaster.js';
import { isRunning, type ProcessIdentity } from './process-identity.js';
import { serverArguments } from './server-settings.js';

/** Reasons for a failed start that pass by themselves: a port just taken, an earlier server not quite gone. */
const PASSING = /could not bind|address already in use|lock file|shared memory block/i;
const RETRY_LIMIT_MS = 15_000;
const WATCH_MS = 1_000;

/** A PostgreSQL server of our own: made at the first start, found again at the next, watched while we run. */
export class EmbeddedCluster {
  readonly host = '127.0.0.1';
  private watcher: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private ending = false;

  private constructor(
    private readonly options: ClusterOptions,
    private readonly files: ClusterFiles,
    private readonly state: ClusterState,
    private postmaster: ProcessIdentity,
  ) {}

  /** Ready for connections when it resolves. The caller holds the data directory's InstanceLock. */
  static async start(given: ClusterOptions): Promise<EmbeddedCluster> {
    const options = { ...given, dataDir: resolve(given.dataDir) };
    const { files, state } = await prepareFiles(options);
    const launched = await launch(options, files, state);
    const cluster = new EmbeddedCluster(options, files, launched.state, launched.postmaster);
    cluster.watch();
    return cluster;
  }

  get port(): number {
    return this.state.port;
  }

  get superuser(): string {
    return this.state.superuser;
  }

  get password(): string {
    return this.state.password;
  }

  get directory(): string {
    return this.files.directory;
  }

  get pid(): number {
    return this.postmaster.pid;
  }

  databaseUrl(database: string): string {
    return superuserUrl(this.state, database);
  }

  /** Ends the server. `immediate` does not wait for anything; the next start then recovers from the log. */
  async stop(mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
    this.ending = true;
    clearTimeout(this.watcher);
    await this.looking; // it may just be starting the server again
    await endPostmaster(this.postmaster, mode);
  }

  private watch(): void {
    this.watcher = setTimeout(() => {
      this.looking = this.look();
    }, WATCH_MS).unref();
  }

  /** A server that was found running is not our child, so both kinds are looked after in the same way. */
  private async look(): Promise<void> {
    try {
      await this.files.log.rotate();
      if (!(await isRunning(this.postmaster))) await this.revive();
    } catch (error) {
      this.options.log(`The ${this.options.name} PostgreSQL could not be looked after: ${String(error)}`);
    }
    if (!this.ending) this.watch();
  }

  private async revive(): Promise<void> {
    if (this.ending) return;
    this.options.log(`The ${this.options.name} PostgreSQL has ended unexpectedly: starting it again.`);
    const plan = postmasterPlan(this.options, this.files, this.state);
    this.postmaster = await startPostmaster(plan); // on the same port: others hold URLs with it
  }
}

function postmasterPlan(options: ClusterOptions, files: ClusterFiles, state: ClusterState): PostmasterPlan {
  return {
    postgres: files.binaries.postgres,
    directory: files.directory,
    account: files.account,
    arguments: serverArguments(files.directory, state.port, options.settings),
    log: files.log,
  };
}

/** Takes over the server that an earlier run left behind if it is as we would start it, and starts one otherwise. */
async function launch(
  options: ClusterOptions,
  files: ClusterFiles,
  known: ClusterState,
): Promise<{ state: ClusterState; postmaster: ProcessIdentity }> {
  const left = await findPostmaster(files.directory, files.account);
  if (left !== undefined) {
    const asPlanned = await followsPlan(left, postmasterPlan(options, files, known));
    if (asPlanned && (await answers(known))) {
      options.log(
        `Took over the ${options.name} PostgreSQL that was still running (pid ${String(left.pid)}).`,
      );
      return { state: known, postmaster: left };
    }
    await endPostmaster(left);
  }
  const deadline = performance.now() + RETRY_LIMIT_MS;
  for (;;) {
    const state = await withFreePort(options, known);
    try {
      return { state, postmaster: await startPostmaster(postmasterPlan(options, files, state)) };
    } catch (error) {
      if (performance.now() > deadline || !PASSING.test(String(error))) throw error;
      await sleep(250);
    }
  }
}

async function withFreePort(options: ClusterOptions, state: ClusterState): Promise<ClusterState> {
  const port = await freePort(state.port);
  if (port === state.port) return state;
  options.log(
    `Port ${String(state.port)} of the ${options.name} PostgreSQL is taken: using ${String(port)}.`,
  );
  const moved = { ...state, port };
  await writeState(options.dataDir, options.name, moved);
  return moved;
}

async function answers(state: ClusterState): Promise<boolean> {
  const client = new pg.Client({
    connectionString: superuserUrl(state, 'postgres'),
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
