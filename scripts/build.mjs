import './node-version.mjs';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { exclusively } from './exclusive.mjs';
import { ensureInstalled } from './install.mjs';
import { Failure, isProgram, node24, program, root, run, step } from './run.mjs';

const cache = join(root, '.cache');

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

/** For those who write the server's output themselves: the next build begins anew. */
export function forgetServerBuild() {
  rmSync(stampOf(server), { force: true });
}

async function ensureTarget(target) {
  if (isBuilt(target)) return;
  await exclusively(async () => {
    if (!isBuilt(target)) await buildTarget(target);
  });
}

function isBuilt(target) {
  const stamp = stampOf(target);
  return (
    existsSync(join(root, target.output)) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === contentHash(target)
  );
}

/** There is no stamp while the output is being written, so that a build that was cut off is not taken for a whole one. */
async function buildTarget(target) {
  const stamp = stampOf(target);
  const hash = contentHash(target);
  const whole = existsSync(stamp) && existsSync(join(root, target.output));
  rmSync(stamp, { force: true });
  await step(target.title, () => target.build(join(root, target.output), whole));
  mkdirSync(cache, { recursive: true });
  writeFileSync(stamp, hash);
}

function stampOf({ output }) {
  return join(cache, `${output.replaceAll('/', '-')}.stamp`);
}

async function compileServer(output, whole) {
  // The compiler's own record says what it once wrote, not whether all of that is still there.
  if (!whole) rmSync(join(cache, 'build.tsbuildinfo'), { force: true });
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { code, output: said } = await run(node24, [tsc, '-p', 'tsconfig.build.json'], { quiet: true });
  if (code !== 0) throw new Failure(`${said}The server does not compile: see above.`);
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
  const { buildAssets: build } = await import('./assets.mjs');
  await build();
}

function contentHash({ sources, except }) {
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
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (found.isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

if (isProgram(import.meta)) {
  await program(async () => {
    await ensureInstalled();
    await ensureBuilt();
  });
}
