/** A server that the global set-up started or was given, with an administrator's URL. */
export interface TestServer {
  readonly name: string;
  readonly url: string;
}

interface TestServers {
  readonly management: TestServer;
  readonly sandboxes: readonly TestServer[];
  readonly mysql: readonly TestServer[];
  readonly mongodb: readonly TestServer[];
}

/** The servers that tenants' databases may be made on: the product's own PostgreSQL, and the machine's if it has one. */
export function postgresServers(): readonly TestServer[] {
  return testServers().sandboxes;
}

/** Runs a suite against MySQL or MariaDB; where there is none its tests count as skipped, and the set-up has said so. */
export function describeOnMysql(title: string, suite: (server: TestServer) => void): void {
  const servers = testServers().mysql;
  if (servers.length > 0) describe.each(servers)(`${title} "$name"`, suite);
  else describe.skip.each([{ name: 'LACKING', url: '' }])(`${title} "$name"`, suite);
}

/** Runs a suite against a server that speaks MongoDB's protocol; like describeOnMysql. */
export function describeOnMongodb(title: string, suite: (server: TestServer) => void): void {
  const servers = testServers().mongodb;
  if (servers.length > 0) describe.each(servers)(`${title} "$name"`, suite);
  else describe.skip.each([{ name: 'LACKING', url: '' }])(`${title} "$name"`, suite);
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
