import './node-version.mjs';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { runProduct } from './product.mjs';

await ensureInstalled();
await ensureBuilt();
process.exit(await runProduct(['dist/src/commands.js', ...process.argv.slice(2)]));
