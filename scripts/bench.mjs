import './node-version.mjs';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { runProduct } from './product.mjs';

await ensureInstalled();
await ensureBuilt();
process.exit(await runProduct(['test/load/bench.mjs', ...process.argv.slice(2)]));
