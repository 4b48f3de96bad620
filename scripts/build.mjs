import './node-version.mjs';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { fail, node24, root, run, step } from './run.mjs';

const server = {
  title: 'Compiling the server',
  sources: ['src', 'migrations', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
  except: join('src', 'client'),
  output: 'dist',
  build: compileServer,
};
const assets = {
  title: 'Building the browser assets',
  sources: ['src/client', 'public/css', 'public/brand.svg', 'scripts/assets.mjs', 'package-lock.json'],
  output: 'public/build',
  build: buildAssets,
};

/** Builds what has changed since the last build. */
export async function ensureBuilt() {
  await ensureTarget(server);
  await ensureAssets();
}

export async function ensureAssets() {
  await ensureTarget(assets);
}

async function ensureTarget({ title, sources, except, output, build }) {
  const stamp = join(root, '.cache', `${output.replaceAll('/', '-')}.stamp`);
  const hash = contentHash(sources, except);
  if (existsSync(join(root, output)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash)
    return false;
  await step(title, () => build(join(root, output)));
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(stamp, hash);
}

async function compileServer(output) {
  // The compiler's own record says what it wrote, not whether it is still there.
  if (!existsSync(output)) rmSync(join(root, '.cache', 'build.tsbuildinfo'), { force: true });
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { code, output: said } = await run(node24, [tsc, '-p', 'tsconfig.build.json'], { quiet: true });
  if (code !== 0) fail(`${said}The server does not compile: see above.`);
  removeOrphans(output);
}

/** A migration or a module that was deleted must not live on in what was compiled from it. */
function removeOrphans(output) {
  for (const file of filesBelow(output)) {
    const source = join(root, relative(output, file)).replace(/\.js(\.map)?$/, '.ts');
    if (!existsSync(source)) rmSync(file);
  }
}

async function buildAssets() {
  if (!existsSync(join(root, 'scripts', 'assets.mjs'))) return;
  const { buildAssets: build } = await import('./assets.mjs');
  await build();
}

function contentHash(sources, except) {
  const hash = createHash('sha256');
  const files = sources.flatMap((source) => filesBelow(join(root, source)));
  for (const file of files) {
    const name = relative(root, file);
    if (except !== undefined && name.startsWith(except + sep)) continue;
    hash.update(`${name}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (relative(root, path).includes('.')) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

if (process.argv[1] === import.meta.filename) {
  await ensureInstalled();
  await ensureBuilt();
}
