// Builds what browsers load: public/build/<name>.<hash>.{js,css,svg}, each beside its .br and .gz twin, and manifest.json.
import { build } from 'esbuild';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Loaded before a page is painted, so it stands alone. */
const EARLY = 'src/client/early.ts';
const ENTRIES = [
  'src/client/app.ts',
  'src/client/sql-editor.ts',
  'src/client/grid/result-grid.ts',
  'public/css/app.css',
  'public/brand.svg',
];

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

async function compress(path) {
  const content = await readFile(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  await writeFile(`${path}.br`, await toBrotli(content, { params }));
  await writeFile(`${path}.gz`, await toGzip(content, { level: 9 }));
}

/** `src/client/app.ts` is asked for as `app.js`, `public/css/app.css` as `app.css`. */
const assetName = (entry) => basename(entry).replace(/\.ts$/, '.js');

/**
 * Builds into a new folder and puts it in place of the old one, so that a broken build leaves the old one standing.
 * @param {{ outdir?: string }} [options]
 * @returns {Promise<Record<string, string>>} the manifest: asset name to file name
 */
export async function buildAssets({ outdir = join(ROOT, 'public', 'build') } = {}) {
  const fresh = `${outdir}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  const options = {
    absWorkingDir: ROOT,
    outdir: fresh,
    entryNames: '[name].[hash]',
    assetNames: '[name].[hash]',
    chunkNames: '[name].[hash]',
    loader: { '.svg': 'copy' },
    bundle: true,
    minify: true,
    target: 'esnext',
    metafile: true,
    logLevel: 'warning',
  };
  const [modules, early] = await Promise.all([
    build({ ...options, entryPoints: ENTRIES, splitting: true, format: 'esm' }),
    build({ ...options, entryPoints: [EARLY], format: 'iife' }),
  ]);
  const manifest = {};
  const outputs = { ...modules.metafile.outputs, ...early.metafile.outputs };
  for (const [file, output] of Object.entries(outputs)) {
    // What entries share or load later is asked for by the entries themselves.
    const name = output.entryPoint ?? Object.keys(output.inputs)[0];
    const entry = [...ENTRIES, EARLY].find((path) => path === name);
    if (entry !== undefined) manifest[assetName(entry)] = basename(file);
    await compress(join(fresh, basename(file)));
  }
  await writeFile(join(fresh, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await rm(outdir, { recursive: true, force: true });
  await rename(fresh, outdir);
  return manifest;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outdir = process.argv[2];
  await buildAssets(outdir === undefined ? {} : { outdir });
}
