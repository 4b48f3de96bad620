import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, node24, root, run, step } from './run.mjs';

/** Installs exactly what the lock file says, unless it already is installed. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  const { code, output } = await step('Installing the dependencies', () =>
    run('npm', ['ci', '--no-audit', '--no-fund'], { quiet: true }),
  );
  if (code !== 0) fail(`${output}\nnpm ci failed: see above.`);
  if (!existsSync(node24)) fail('npm ci did not bring Node 24: is "ignore-scripts" or "omit" set for npm?');
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
  return !missing && Object.keys(present).every((path) => path in wanted);
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
