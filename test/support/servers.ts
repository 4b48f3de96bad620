/** The PostgreSQL servers the global set-up found or started, each with a superuser's URL. */
export interface TestServer {
  readonly name: string;
  readonly url: string;
}

export function postgresServers(): readonly TestServer[] {
  const listed = process.env['TEST_POSTGRES_SERVERS'];
  if (listed === undefined)
    throw new Error('TEST_POSTGRES_SERVERS is not set: run tests through `npm run test:<project>`');
  return JSON.parse(listed) as TestServer[];
}
