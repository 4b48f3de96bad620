import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { runJest } from './jest.mjs';
import { Failure, node24, root, run } from './run.mjs';

const results = join(root, '.cache', 'test');
const none = { passed: 0, failed: 0, skipped: 0 };
const PASSED = { ...none, passed: 1 };
const FAILED = { ...none, failed: 1 };

/** A step has a title and work that answers `{ counts, output? }`; one that is not a set of tests counts as one test. */
export const build = {
  title: 'build',
  work: async () => {
    await ensureBuilt();
    return { counts: PASSED };
  },
};

export function tool(title, script, ...args) {
  const command = [join(root, 'node_modules', script), ...args];
  const work = async () => {
    const { code, output } = await run(node24, command, { quiet: true });
    return { counts: code === 0 ? PASSED : FAILED, output };
  };
  return { title, work };
}

export function jest(project, options = {}) {
  return { title: project, work: () => countJest(project, options) };
}

/** Takes the steps of a list one after the other; two lanes on one list use two cores. */
export async function runSteps(waiting, totals) {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const started = performance.now();
    const { counts, output } = await outcome(next);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (counts.failed > 0 && output) console.log(output);
    console.log(`${counts.failed > 0 ? 'FAILED' : 'ok'}  ${next.title} (${seconds} s)`);
    for (const key of Object.keys(none)) totals[key] += counts[key];
  }
}

export function noTotals() {
  return { ...none };
}

/** A step that cannot even run has failed and must not keep the others from running; an interruption ends them all. */
async function outcome({ work }) {
  try {
    return await work();
  } catch (error) {
    if (error.exitCode > 128) throw error;
    return { counts: FAILED, output: error instanceof Failure ? error.message : error.stack };
  }
}

/** Runs a Jest project and counts its tests; suites that did not even load, and a run that died, count as failures. */
async function countJest(project, options) {
  mkdirSync(results, { recursive: true });
  const file = join(results, `${project}.json`);
  rmSync(file, { force: true });
  const { code, output } = await runJest(project, ['--json', `--outputFile=${file}`], options);
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  const counts = {
    passed: report?.numPassedTests ?? 0,
    failed: (report?.numFailedTests ?? 0) + (report?.numRuntimeErrorTestSuites ?? 0),
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  };
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return { counts, output };
}
