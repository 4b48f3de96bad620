import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** An operating-system user that PostgreSQL runs as; as root it refuses to start. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

type Access = 'r' | 'w' | 'x';

const PREFERRED = ['postgres', 'nobody'];

/** Who the server should run as: nobody special unless this process is root. */
export async function serverAccount(dataDir: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await ownerOf(dataDir);
  if (owner !== undefined) return owner;
  const known = await passwd();
  const account = PREFERRED.map((name) => known.find((entry) => entry.name === name)).find(Boolean);
  if (account === undefined) {
    throw new Error(
      'PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody.',
    );
  }
  return account;
}

/** The owner of a folder when that is somebody else than root: files once written by an account stay with it. */
export async function ownerOf(path: string): Promise<Account | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.uid === 0 || process.getuid?.() !== 0) return undefined;
  const name = (await passwd()).find((entry) => entry.uid === found.uid)?.name ?? String(found.uid);
  return { name, uid: found.uid, gid: found.gid };
}

async function passwd(): Promise<Account[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name !== undefined && uid !== undefined ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}

/** What `spawn` needs to run a program as this account. */
export function runAs(account: Account | undefined): { uid?: number; gid?: number } {
  return account === undefined ? {} : { uid: account.uid, gid: account.gid };
}

/**
 * Asks the kernel, as that account, whether the path can be reached and used: mode bits alone know nothing of access
 * lists, of mounts without exec, or of the folders on the way.
 */
export async function mayAccess(
  account: Account | undefined,
  path: string,
  ...access: Access[]
): Promise<boolean> {
  const conditions = access.flatMap((kind, index) => [...(index > 0 ? ['-a'] : []), `-${kind}`, path]);
  return new Promise((resolve, reject) => {
    execFile('test', conditions, { ...runAs(account), cwd: '/', env: { PATH: '/usr/bin:/bin' } }, (error) => {
      if (error === null) resolve(true);
      else if (error.code === 1 || error.code === 'EACCES') resolve(false);
      else reject(new Error(`Cannot check access to ${path}`, { cause: error }));
    });
  });
}

/** The first folder on the way to the path that the account cannot pass, for the message that says so. */
export async function findObstacle(account: Account | undefined, path: string): Promise<string | undefined> {
  const above = dirname(path);
  const earlier = above === path ? undefined : await findObstacle(account, above);
  if (earlier !== undefined) return earlier;
  return (await mayAccess(account, path, 'x')) ? undefined : path;
}

export function accountName(account: Account | undefined): string {
  return account === undefined ? 'PostgreSQL' : `PostgreSQL's user ${account.name}`;
}
