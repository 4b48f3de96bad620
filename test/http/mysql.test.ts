import type { DatabaseCredentials, DatabaseFormPage } from '../../src/modules/databases/databases.view.js';
import { mariadbClient } from '../support/mysql-sandbox.js';
import { startProduct, type Product } from '../support/product.js';
import { describeOnMysql } from '../support/servers.js';

interface Answer {
  readonly status: string;
  readonly rows?: readonly unknown[][];
}

describeOnMysql('the product with', (server) => {
  let product: Product;
  let made: DatabaseCredentials;

  beforeAll(async () => {
    product = await startProduct({ SANDBOX_MYSQL_URL: server.url });
    const body = { name: 'shop', engine: 'mysql', template: 'sample', collation: 'utf8mb4_general_ci' };
    const answer = await product.api('POST', '/databases', body);
    expect(answer.statusCode).toBe(201);
    made = answer.json();
  }, 120_000);

  afterAll(async () => {
    await product.close();
  });

  const ask = async (sql: string): Promise<{ code: number; results: Answer[] }> => {
    const answer = await product.api('POST', '/queries/sql', { databaseId: made.id, sql });
    return { code: answer.statusCode, results: answer.json<{ results?: Answer[] }>().results ?? [] };
  };

  it('answers how to connect, and a client from outside does', async () => {
    expect(made).toMatchObject({ engine: 'mysql', status: 'running' });
    const { username: user, password, database } = made.connection;
    expect(await mariadbClient(server, { user, password, database }, 'select count(*) from orders')).toBe(
      '12500',
    );
  });

  it('runs several statements, each value as the server has it', async () => {
    const { code, results } = await ask(
      "select 9007199254740993 as a, cast(1.50 as decimal(5,2)) as b, x'00ff' as c, null as d; select count(*) from orders where status = 'paid'",
    );
    expect(code).toBe(200);
    expect(results.map(({ rows }) => rows)).toEqual([
      [['9007199254740993', '1.50', '0x00ff', null]],
      [[expect.any(Number)]],
    ]);
  });

  it('refuses a batch of which one statement is refused, before anything runs', async () => {
    const { code } = await ask('create table never (a int); set global max_connections = 5');
    expect(code).toBeGreaterThanOrEqual(400);
    const { results } = await ask("show tables like 'never'");
    expect(results[0]?.rows).toEqual([]);
  });

  it('says where an error is', async () => {
    const answer = await product.api('POST', '/queries/sql', {
      databaseId: made.id,
      sql: 'select misspelt from orders',
    });
    expect(answer.body).toContain('1054');
  });

  it('offers both engines in the form, and keeps what was chosen', async () => {
    const answer = await product.api('GET', '/databases/new?engine=mysql&collation=latin1_bin');
    const form = answer.json<DatabaseFormPage>();
    expect(form.engines.map(({ value, selected }) => [value, selected])).toEqual([
      ['postgres', false],
      ['mysql', true],
    ]);
    const chosen = form.encodings.flatMap(({ options }) => options).filter(({ selected }) => selected);
    expect(chosen.map(({ value }) => value)).toEqual(['latin1_bin']);
    expect(form.servers).toEqual([]);
    const page = await product.browse({ method: 'GET', url: '/databases/new?engine=mysql' });
    expect(page.body).toContain('name="collation"');
  });

  it('shows before creating in what the database will be, and drops it for an engine without that choice', async () => {
    const query = 'name=by_page&template=blank&collation=latin1_bin';
    const confirm = await product.browse({ method: 'GET', url: `/databases/confirm?engine=mysql&${query}` });
    expect(confirm.statusCode).toBe(200);
    expect(confirm.body).toContain('name="collation" value="latin1_bin"');
    const other = await product.browse({ method: 'GET', url: `/databases/confirm?engine=postgres&${query}` });
    expect(other.statusCode).toBe(200);
    expect(other.body).not.toContain('latin1_bin');
  });

  it.each([
    ['an encoding that is not offered', { collation: 'klingon_ci' }, 'collation'],
    [
      'a collation of another character set',
      { characterSet: 'latin1', collation: 'utf8mb4_bin' },
      'collation',
    ],
    ['a server that is none', { serverId: '0190a5c0-4b1e-7000-8000-000000000010' }, 'serverId'],
    ['text that is no name', { characterSet: 'x; drop' }, 'characterSet'],
  ])('refuses %s, and says which field', async (_, given, field) => {
    const body = { name: 'never', engine: 'mysql', template: 'blank', ...given };
    const answer = await product.api('POST', '/databases', body);
    expect(answer.statusCode).toBe(422);
    expect(Object.keys(answer.json<{ errors: object }>().errors)).toEqual([field]);
  });

  it('shows the page of the database with what a program of its kind needs', async () => {
    const page = await product.browse({ method: 'GET', url: `/databases/${made.id}` });
    expect(page.body).toContain('with any MySQL client');
    expect(page.body).toContain('utf8mb4, utf8mb4_general_ci');
    expect(page.body).toContain('jdbc:mysql://');
    expect(page.body).not.toContain(made.connection.password);
  });
});
