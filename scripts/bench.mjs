import './node-version.mjs';
import { runUpToDate } from './product.mjs';
import { program } from './run.mjs';

await program(() => runUpToDate(['test/load/bench.mjs', ...process.argv.slice(2)]));
