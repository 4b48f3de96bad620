import './node-version.mjs';
import { runUpToDate } from './product.mjs';
import { program } from './run.mjs';

await program(() => runUpToDate(['dist/src/main.js', ...process.argv.slice(2)]));
