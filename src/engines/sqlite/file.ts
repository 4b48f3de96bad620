import { lstat, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { engineError } from '../engine-error.js';
import { identityOf } from './identity.js';

/** A file that may be opened: where it is, and which one it is. */
export interface CheckedFile {
  readonly path: string;
  readonly identity: string;
}

/** What SQLite keeps beside a database while it works; they are opened without being asked for. */
const COMPANIONS = ['-journal', '-wal', '-shm'] as const;

const refused = (message: string): Error => engineError('path_refused', message);

/**
 * Looks at a path before anything is opened. A database is an ordinary file below the folder, reached without any
 * link, with one name: a second name or a link is how one tenant's path comes to mean another's file.
 */
export async function checkFile(folder: string | null, path: string): Promise<CheckedFile> {
  if (folder === null) {
    throw engineError('not_configured', 'SQLite is off: the setting SQLITE_FOLDER names no folder.');
  }
  if (path.includes('\0')) throw refused('A path has no NUL character.');
  if (!isAbsolute(path)) throw refused('The path of the file is not absolute.');
  const root = await realpath(folder).catch((error: unknown) => {
    throw engineError('not_configured', 'The folder of SQLITE_FOLDER cannot be read.', error);
  });
  const inside = [folder, root].map((from) => relative(from, path)).find(isInside);
  if (inside === undefined) throw refused('The file is not in the folder for SQLite databases.');
  if (COMPANIONS.some((ending) => inside.endsWith(ending))) throw refused('This file belongs to a database.');
  return checkInside(root, inside);
}

async function checkInside(root: string, inside: string): Promise<CheckedFile> {
  const path = join(root, inside);
  const real = await realpath(path).catch(() => null);
  if (real === null) throw engineError('no_such_database', 'There is no such file.');
  if (real !== path) throw refused('The path leads over a link.');
  const found = await lstat(path, { bigint: true });
  if (!found.isFile()) throw refused('This is not an ordinary file.');
  if (found.nlink > 1n) throw refused('The file has more than one name.');
  for (const ending of COMPANIONS) {
    const companion = await lstat(path + ending).catch(() => null);
    if (companion !== null && !(companion.isFile() && companion.nlink === 1)) {
      throw refused(`What is called ${ending} beside the file is not an ordinary file.`);
    }
  }
  return { path, identity: identityOf(found) };
}

function isInside(path: string): boolean {
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
