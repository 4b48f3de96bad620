import { startTestServers } from './test-servers.mjs';

/** `npm test` starts the servers once for all projects and says so; a project run alone starts its own. */
async function globalSetup() {
  if (process.env.TEST_SERVERS !== undefined) return;
  const { servers, stop } = await startTestServers();
  process.env.TEST_SERVERS = JSON.stringify(servers);
  globalThis.stopTestServers = stop;
}

export { globalSetup as default };
