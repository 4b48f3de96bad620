import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from './exclusive.mjs';
import { Failure, node24, root, run, step } from './run.mjs';

/** Installs exactly what the lock file says, unless it already is installed. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  await exclusively(async () => {
    if (!isInstalled()) await install();
  });
}

async function install() {
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink())
    throw new Failure(
      'node_modules is a link to a folder that does not match package-lock.json: run `npm ci` there, or remove the link.',
    );
  console.log('Installing the dependencies (the first time this takes about a minute) …');
  // The tools that build the product are dev dependencies: NODE_ENV=production must not leave them out.
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code } = await step('Installing', () => run('npm', args));
  if (code !== 0) throw new Failure('npm ci failed: see above.');
  if (!existsSync(node24))
    throw new Failure('npm ci did not bring Node 24: is "ignore-scripts" set for npm?');
}

/** Compares the lock file with npm's own record, which npm writes when an installation is complete. */
export function isInstalled() {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (present === undefined || !existsSync(node24)) return false;
  const missing = Object.entries(wanted).some(([path, { version, integrity, optional }]) => {
    const found = present[path];
    if (path === '' || (found === undefined && optional)) return false;
    return found?.version !== version || found.integrity !== integrity;
  });
  return !missing && Object.keys(present).every((path) => path in wanted && isThere(path));
}

function isThere(path) {
  return existsSync(join(root, path, 'package.json'));
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
