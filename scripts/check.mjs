import './node-version.mjs';
import { ensureInstalled } from './install.mjs';
import { isProgram, program } from './run.mjs';
import { build, jest, noTotals, runSteps, tool } from './steps.mjs';

/** The longest first, so that two at a time end together. */
const checks = () => [
  tool('lint', 'eslint/bin/eslint.js', '.', '--max-warnings', '0', '--report-unused-disable-directives'),
  tool('types', 'typescript/bin/tsc', '--noEmit'),
  jest('unit', { quiet: true }),
  jest('architecture', { quiet: true }),
  tool('format', 'prettier/bin/prettier.cjs', '--check', '.'),
  tool('client types', 'typescript/bin/tsc', '-p', 'src/client'),
  tool(
    'floors',
    'dependency-cruiser/bin/dependency-cruise.mjs',
    'src',
    '--config',
    '.dependency-cruiser.cjs',
  ),
];

/** Everything that needs no server, two steps at a time. */
export async function runChecks(totals) {
  await runSteps([build], totals);
  const waiting = checks();
  await Promise.all([runSteps(waiting, totals), runSteps(waiting, totals)]);
}

if (isProgram(import.meta)) {
  await program(async () => {
    await ensureInstalled();
    const totals = noTotals();
    await runChecks(totals);
    return totals.failed === 0 ? 0 : 1;
  });
}
