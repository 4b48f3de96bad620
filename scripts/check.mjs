import './node-version.mjs';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { runJest } from './jest.mjs';
import { node24, root, run } from './run.mjs';

const results = join(root, '.cache', 'test');
const none = { passed: 0, failed: 0, skipped: 0 };

const tool = (title, ...args) => ({ title, work: () => runTool(args) });
const jest = (project) => ({ title: project, work: () => countJest(project, { quiet: true }) });

/** The longest first, so that two at a time end together. */
const steps = () => [
  tool('lint', 'eslint/bin/eslint.js', '.', '--max-warnings', '0', '--report-unused-disable-directives'),
  tool('types', 'typescript/bin/tsc', '--noEmit'),
  jest('unit'),
  jest('architecture'),
  tool('format', 'prettier/bin/prettier.cjs', '--check', '.'),
  tool(
    'floors',
    'dependency-cruiser/bin/dependency-cruise.mjs',
    'src',
    '--config',
    '.dependency-cruiser.cjs',
  ),
  ...(hasClient() ? [tool('client types', 'typescript/bin/tsc', '-p', 'src/client')] : []),
];

/** Everything that needs no server, two at a time; a step that fails counts as a failed test. */
export async function runChecks() {
  const waiting = steps();
  const totals = { ...none };
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const started = performance.now();
      const { counts, output } = await next.work();
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      if (counts.failed > 0) console.log(output);
      console.log(`${counts.failed > 0 ? 'FAILED' : 'ok'}  ${next.title} (${seconds} s)`);
      add(totals, counts);
    }
  };
  await Promise.all([lane(), lane()]);
  return totals;
}

/** Runs a Jest project and counts its tests; suites that did not even load, and a run that died, count as failures. */
export async function countJest(project, options) {
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

export function add(totals, counts) {
  for (const key of Object.keys(none)) totals[key] += counts[key];
}

async function runTool([script, ...args]) {
  const { code, output } = await run(node24, [join(root, 'node_modules', script), ...args], { quiet: true });
  return { counts: { ...none, failed: code === 0 ? 0 : 1 }, output };
}

function hasClient() {
  return readdirSync(join(root, 'src', 'client')).some((file) => file.endsWith('.ts'));
}

if (process.argv[1] === import.meta.filename) {
  await ensureInstalled();
  await ensureBuilt();
  const { failed } = await runChecks();
  process.exit(failed === 0 ? 0 : 1);
}
