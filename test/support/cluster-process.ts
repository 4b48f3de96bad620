import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

type Said = { log: string } | { url: string } | { error: string };

export interface ProcessOptions {
  readonly node?: string;
  readonly program?: string;
  readonly uid?: number;
}

/** Another process that owns the management cluster of a data folder. */
export class ClusterProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** The superuser's URL of the database postgres. */
    readonly url: string,
    readonly logs: readonly string[],
  ) {}

  /** Resolves when the cluster is ready; rejects with what the process said when it ends before. */
  static async start(dataDir: string, options: ProcessOptions = {}): Promise<ClusterProcess> {
    const { node = process.execPath, program = join(import.meta.dirname, 'cluster-owner.mjs') } = options;
    const as = options.uid === undefined ? {} : { uid: options.uid, gid: options.uid };
    const child = spawn(node, [program, dataDir], {
      ...as,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const logs: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      const said = JSON.parse(line) as Said;
      if ('url' in said) return new ClusterProcess(child, said.url, logs);
      if ('error' in said) throw new Error(said.error);
      logs.push(said.log);
    }
    throw new Error('The process ended without a word.');
  }

  /** What cannot be caught: the process has no chance to stop its server. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }
}
