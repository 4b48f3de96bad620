import './node-version.mjs';
import { ensureBuilt } from './build.mjs';
import { add, countJest, runChecks } from './check.mjs';
import { ensureInstalled } from './install.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

const PROJECTS = ['integration', 'engines', 'http', 'browser'];

await ensureInstalled();
await ensureSystemPackages();
await ensureBuilt();
const totals = await runChecks();
await runProjects(totals);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed === 0 ? 0 : 1);

async function runProjects(totals) {
  const { startTestServers } = await import('../test/support/test-servers.mjs');
  const { servers, stop } = await startTestServers();
  process.env.TEST_POSTGRES_SERVERS = JSON.stringify(servers);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => void stop().finally(() => process.exit(1)));
  }
  for (const project of PROJECTS) add(totals, (await countJest(project)).counts);
  await stop();
}
