import './node-version.mjs';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { Failure, isProgram, node24, program, root, run } from './run.mjs';

const MINUTE = 60_000;
const LIMITS_MS = { unit: 2 * MINUTE, architecture: 2 * MINUTE, deep: 120 * MINUTE };
const USUAL_LIMIT_MS = 8 * MINUTE;

/** Runs one project on Node 24; a run that hangs is killed with everything it started. */
export async function runJest(project, args = [], { quiet = false } = {}) {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const limitMs = LIMITS_MS[project] ?? USUAL_LIMIT_MS;
  // Jest loads the ESM-only packages by require(esm), which needs the first of these.
  const NODE_OPTIONS = '--experimental-vm-modules --disable-warning=ExperimentalWarning';
  // Suites of the engines end statements and change roles for a whole server: one at a time.
  const workers = `--maxWorkers=${project === 'engines' ? 1 : 2}`;
  const result = await run(node24, [jest, '--selectProjects', project, workers, ...args], {
    env: { ...process.env, NODE_OPTIONS, NODE_ENV: 'test' },
    limitMs,
    quiet,
  });
  if (result.killed)
    console.error(`The ${project} tests hung and were killed after ${limitMs / MINUTE} minutes.`);
  return result;
}

if (isProgram(import.meta)) {
  await program(async () => {
    const [project, ...args] = process.argv.slice(2);
    if (project === undefined) throw new Failure('Usage: node scripts/jest.mjs <project> [jest arguments]');
    await ensureInstalled();
    await ensureBuilt();
    return (await runJest(project, args)).code;
  });
}
