import './node-version.mjs';
import { runChecks } from './check.mjs';
import { ensureInstalled } from './install.mjs';
import { Failure, program } from './run.mjs';
import { jest, noTotals, runSteps } from './steps.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

const PROJECTS = ['integration', 'engines', 'http', 'browser'];

await program(async () => {
  await ensureInstalled();
  await ensureSystemPackages();
  const totals = noTotals();
  await runChecks(totals);
  await runProjects(totals);
  console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
  return totals.failed === 0 ? 0 : 1;
});

/** One set of servers for all projects; without servers every one of them has failed. */
async function runProjects(totals) {
  let stop = async () => undefined;
  try {
    stop = await startServers();
    await runSteps(
      PROJECTS.map((project) => jest(project)),
      totals,
    );
  } catch (error) {
    if (error instanceof Failure) throw error;
    console.log(`FAILED  The servers that the tests need did not start: ${error.stack}`);
    totals.failed += PROJECTS.length;
  } finally {
    await stop();
  }
}

async function startServers() {
  // Imported here because it is made of what the build step makes.
  const { startTestServers } = await import('../test/support/test-servers.mjs');
  const { servers, stop } = await startTestServers();
  process.env.TEST_SERVERS = JSON.stringify(servers);
  return stop;
}
