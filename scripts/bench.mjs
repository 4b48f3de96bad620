import './node-version.mjs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { runProduct } from './product.mjs';
import { fail, root } from './run.mjs';

const bench = join('test', 'load', 'bench.mjs');
if (!existsSync(join(root, bench))) fail(`There is no ${bench} to run.`);
await ensureInstalled();
await ensureBuilt();
process.exit(await runProduct([bench, ...process.argv.slice(2)]));
