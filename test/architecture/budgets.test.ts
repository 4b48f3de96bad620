import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { Assets } from '../../src/platform/http/assets.js';
import { ViewRenderer } from '../../src/platform/http/view-renderer.js';
import { makeDatabaseRow, makeDatabasesPage } from '../factories/views/databases.js';
import { idOf, makeFrame } from '../factories/views/frame.js';
import { makeWorkbench } from '../factories/views/workbench.js';

const ROOT = join(import.meta.dirname, '..', '..');
const KB = 1024;
/** What the server compresses pages with. */
const PAGE_QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

describe('A first visit, compressed,', () => {
  let folder: string;
  let files: Record<string, string>;
  let views: ViewRenderer;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'clouddb-assets-'));
    execFileSync(process.execPath, [join(ROOT, 'scripts/assets.mjs'), join(folder, 'build')]);
    files = JSON.parse(readFileSync(join(folder, 'build', 'manifest.json'), 'utf8')) as Record<
      string,
      string
    >;
    views = new ViewRenderer({ root: ROOT, assets: new Assets(files) });
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a script imports at once comes with it; what it asks for later does not. */
  function withImports(names: readonly string[]): Set<string> {
    const loaded = new Set(names);
    for (const name of loaded) {
      const imports = readFileSync(join(folder, 'build', name), 'utf8').matchAll(
        /(?:from|import)"\.\/([\w.-]+)"/g,
      );
      for (const [, imported = ''] of name.endsWith('.js') ? imports : []) loaded.add(imported);
    }
    return loaded;
  }

  function weightOf(template: string, model: object): number {
    const html = views.render(template, model, makeFrame());
    const loaded = withImports(Object.values(files).filter((file) => html.includes(file)));
    expect(loaded.size).toBeGreaterThanOrEqual(3);
    const assets = [...loaded].map((file) => statSync(join(folder, 'build', `${file}.br`)).size);
    return assets.reduce((sum, size) => sum + size, brotliCompressSync(html, PAGE_QUALITY).length);
  }

  it('of the databases page with 20 databases weighs less than 45 KB', () => {
    const databases = Array.from({ length: 20 }, (_, index) =>
      makeDatabaseRow({ id: idOf(index), name: `database_${String(index * 7919)}` }),
    );
    const weight = weightOf('databases/index', makeDatabasesPage({ databases }));
    expect(weight).toBeGreaterThan(10 * KB);
    expect(weight).toBeLessThan(45 * KB);
  });

  it('of the workbench, with the editor, weighs less than 170 KB', () => {
    const weight = weightOf('workbench/index', makeWorkbench());
    expect(weight).toBeGreaterThan(100 * KB);
    expect(weight).toBeLessThan(170 * KB);
  });
});
