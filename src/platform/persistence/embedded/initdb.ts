import { execFile } from 'node:child_process';
import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { runAs, type Account } from './account.js';

export interface InitdbPlan {
  readonly initdb: string;
  readonly directory: string;
  readonly account: Account | undefined;
  readonly superuser: string;
  readonly password: string;
  /** What this version's initdb understands about locale, checksums and syncing. */
  readonly options: readonly string[];
}

/** The same order and case rules on every machine, whatever its C library knows. */
export const BUILTIN_LOCALE = [
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--data-checksums',
];

/** Makes a cluster's files; they stand under their name only when they are complete. */
export async function createCluster(plan: InitdbPlan): Promise<void> {
  const draft = `${plan.directory}.new`;
  const secret = `${plan.directory}.password`;
  await rm(draft, { recursive: true, force: true });
  try {
    await mkdir(draft, { mode: 0o700 });
    await writeFile(secret, plan.password, { mode: 0o600 });
    if (plan.account !== undefined) {
      await chown(draft, plan.account.uid, plan.account.gid);
      await chown(secret, plan.account.uid, plan.account.gid);
    }
    await runInitdb(plan, draft, secret);
    await rename(draft, plan.directory);
  } finally {
    await rm(secret, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

async function runInitdb(plan: InitdbPlan, directory: string, secret: string): Promise<void> {
  const login = [`--username=${plan.superuser}`, `--pwfile=${secret}`, '--auth=scram-sha-256'];
  try {
    await promisify(execFile)(
      plan.initdb,
      ['-D', directory, '--no-instructions', ...login, ...plan.options],
      { ...runAs(plan.account), cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } },
    );
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() ?? '';
    throw new Error(`PostgreSQL's initdb failed: ${said}`, { cause: error });
  }
}
