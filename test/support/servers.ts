/** The PostgreSQL servers the global set-up started, each with a superuser's URL. */
export interface TestServer {
  readonly name: string;
  readonly url: string;
}

interface TestServers {
  readonly management: TestServer;
  readonly sandboxes: readonly TestServer[];
}

/** The servers that tenants' databases may be made on: the product's own PostgreSQL, and the machine's if it has one. */
export function postgresServers(): readonly TestServer[] {
  return testServers().sandboxes;
}

/** The server of the product's own data; use managementDatabase() for a database on it. */
export function managementServer(): TestServer {
  return testServers().management;
}

function testServers(): TestServers {
  const listed = process.env['TEST_SERVERS'];
  if (listed === undefined)
    throw new Error('TEST_SERVERS is not set: run tests through `npm run test:<project>`');
  return JSON.parse(listed) as TestServers;
}
