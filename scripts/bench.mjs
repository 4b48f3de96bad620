import './node-version.mjs';
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { runUpToDate } from './product.mjs';
import { program, root } from './run.mjs';

const source = join('test', 'load', 'bench.ts');
const output = join('.cache', 'bench', 'bench.js');

await program(async () => {
  await ensureInstalled();
  await compileBench();
  return runUpToDate([output, ...process.argv.slice(2)]);
});

/** The bench drives the product from outside, so one bundle without type information is all it needs. */
async function compileBench() {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: [source],
    outfile: output,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
  });
}
