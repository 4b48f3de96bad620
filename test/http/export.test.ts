import { createHash, randomUUID } from 'node:crypto';
import { request, type IncomingMessage } from 'node:http';
import type { ExportView } from '../../src/modules/queries/export/export.view.js';
import type { RunOutcome } from '../../src/modules/queries/queries.view.js';
import { makeSession } from '../factories/sessions.js';
import { startProduct, type Product } from '../support/product.js';
import { withClient } from '../support/sandbox-server.js';
import { postgresServers } from '../support/servers.js';

let product: Product;
let databaseId: string;
let address: string;
let token: string;

const ADMIN = { email: 'admin@example.com', password: 'Correct-Horse-9' };

beforeAll(async () => {
  product = await startProduct();
  const body = { name: 'export', engine: 'postgres', template: 'sample' };
  databaseId = (await product.api('POST', '/databases', body)).json<{ id: string }>().id;
  await product.app.listen(0, '127.0.0.1');
  address = await product.app.getUrl();
  const answer = await product.api('POST', '/auth/login', ADMIN);
  token = answer.json<{ token: string }>().token;
}, 120_000);

afterAll(async () => {
  await product.close();
});

const statement = async (sql: string, more: object = {}): ReturnType<Product['api']> =>
  product.api('POST', '/queries/export', { databaseId, sql, format: 'csv', ...more });

/** Sends the request over a socket, as clients do; answers once the head is there. */
async function over(path: string, body: object): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = request(`${address}/api/v1${path}`, { method: 'POST', headers }, resolve);
    sent.once('error', reject);
    sent.end(JSON.stringify(body));
  });
}

/** Reads to the end; `whole` is false when the connection broke before. */
async function read(answer: IncomingMessage): Promise<{ content: Buffer; whole: boolean }> {
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('close', () => {
      resolve({ content: Buffer.concat(chunks), whole: answer.complete });
    });
    answer.on('error', () => undefined);
  });
}

async function stateOf(id: string): Promise<ExportView> {
  return (await product.api('GET', `/queries/exports/${id}`)).json();
}

async function ended(id: string): Promise<ExportView> {
  for (;;) {
    const state = await stateOf(id);
    if (!state.running) return state;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function keep(sql: string): Promise<string> {
  const answer = await product.api('POST', '/queries/sql', { databaseId, sql, keep: true });
  const { results } = answer.json<RunOutcome>();
  return results.at(-1)?.kept?.href ?? '';
}

interface Entry {
  readonly outcome: string;
  readonly details: readonly { readonly name: string; readonly value: string }[];
}

async function lastAudit(): Promise<object> {
  const answer = await product.api('GET', '/audit?action=query.export');
  const [entry] = answer.json<{ entries: Entry[] }>().entries;
  const details = entry?.details.map(({ name, value }) => [name, value] as const) ?? [];
  return { outcome: entry?.outcome, ...Object.fromEntries(details) };
}

it('sends everything that a statement reads, and records rows and hash of exactly that file', async () => {
  const exportId = randomUUID();
  const answer = await over('/queries/export', {
    databaseId,
    format: 'csv',
    exportId,
    sql: 'select n, md5(n::text) as h from generate_series(1, 150000) n',
  });
  const { content, whole } = await read(answer);
  expect([answer.statusCode, whole]).toEqual([200, true]);
  expect(answer.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="export-result.csv"',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  expect(content.toString().split('\r\n')).toHaveLength(150_002);
  const hash = createHash('sha256').update(content).digest('hex');
  expect(await ended(exportId)).toMatchObject({ status: 'succeeded', rows: 150_000, hash });
  expect(await lastAudit()).toMatchObject({
    ...{ outcome: 'done', export: exportId, run: exportId, scope: 'all', rows: '150000', sha256: hash },
  });
  const run = await product.api('GET', `/queries/history/${exportId}`);
  expect(run.json()).toMatchObject({ status: 'succeeded', rowCount: 150_000 });
});

it.each(['csv', 'tsv', 'json', 'ndjson', 'sql', 'xlsx'])('writes %s', async (format) => {
  const answer = await statement('select id, name from customers order by id', { format });
  expect([answer.statusCode, answer.rawPayload.length > 1000]).toEqual([200, true]);
  expect(answer.headers['content-disposition']).toBe(`attachment; filename="export-customers.${format}"`);
});

it('exports what is shown, what was read, or everything', async () => {
  const href = await keep('select n, -n as m from generate_series(1, 20000) n');
  const lines = async (more: object): Promise<string[]> => {
    const answer = await product.api('POST', `${href}/export`, { format: 'csv', ...more });
    expect(answer.statusCode).toBe(200);
    return answer.payload.trimEnd().split('\r\n');
  };
  expect(await lines({ scope: 'shown' })).toHaveLength(1001);
  expect(await lines({ scope: 'shown', shown: 3000 })).toHaveLength(3001);
  expect(await lines({ scope: 'read' })).toHaveLength(10_001);
  expect(await lines({ scope: 'all' })).toHaveLength(20_001);
  const sorted = await lines({ scope: 'shown', sort: 0, dir: 'desc', column: 0, op: 'less', value: '4' });
  expect(sorted).toEqual(['n,m', '3,-3', '2,-2', '1,-1']);
});

it('makes cells harmless that a spreadsheet would run, unless told to keep them, and says how many', async () => {
  const sql = `select '=cmd|x' as "@name", -1 as n, 'plain' as p`;
  const exportId = randomUUID();
  expect((await statement(sql, { exportId })).payload).toBe(`"'@name",n,p\r\n"'=cmd|x",-1,plain\r\n`);
  expect((await stateOf(exportId)).defused).toBe(2);
  expect((await statement(sql, { keepFormulas: true })).payload).toBe(`@name,n,p\r\n=cmd|x,-1,plain\r\n`);
});

it('writes SQL that makes the same table again, and runs nothing else', async () => {
  const [server] = postgresServers();
  if (server === undefined) throw new Error('There is no PostgreSQL.');
  const table = `a"; drop table bystander; --`;
  const quoted = '"a""; drop table bystander; --"';
  const values = `select n, chr(n) || '''\\ "; -- ' || chr(10) as odd, n / 7.0 as exact, decode(md5(n::text), 'hex') as bin,
    case when n % 3 = 0 then null else jsonb_build_object('n', n, 'q', '''\\') end as doc, n % 2 = 0 as even
    from generate_series(1, 300) n`;
  const sql = (await statement(values, { format: 'sql', table })).payload;
  await withClient(server, { database: 'postgres' }, async (client) => {
    await client.query('begin');
    await client.query('create temporary table bystander (n int)');
    await client.query(
      `create temporary table ${quoted} (n int, odd text, exact numeric, bin bytea, doc jsonb, even boolean)`,
    );
    await client.query(sql.replace(/^BEGIN;|^COMMIT;/gm, ''));
    const same = await client.query<{ count: string }>(
      `select count(*) from (select * from ${quoted} except all (${values})) x`,
    );
    const [copied, bystander] = [
      await client.query<{ count: string }>(`select count(*) from ${quoted}`),
      await client.query<{ count: string }>('select count(*) from bystander'),
    ];
    expect([same.rows, copied.rows, bystander.rows].map(([row]) => row?.count)).toEqual(['0', '300', '0']);
    await client.query('rollback');
  });
});

it.each([
  ['../../x', 'attachment; filename="x.csv"'],
  ['CON', 'attachment; filename="_CON.csv"'],
  [
    'a"\r\nSet-Cookie: x=1',
    'attachment; filename="a-Set-Cookie-x_1.csv"; filename*=UTF-8\'\'a-Set-Cookie-x%3D1.csv',
  ],
  ['bill\u202egpj.exe', 'attachment; filename="bill-gpj.exe.csv"'],
])('calls a file that somebody named %j safely', async (name, disposition) => {
  const answer = await statement('select 1 as one', { name });
  expect(answer.headers['content-disposition']).toBe(disposition);
  expect(answer.headers['set-cookie']).toBeUndefined();
});

it.each([
  ['delete from orders', 'not_exportable'],
  ['select 1; select 2', 'not_exportable'],
  ['', 'not_exportable'],
  ['select * frm x', '42601'],
  ['select nothing from orders', 'statement_failed'],
  [`select repeat('x', 20000000)`, 'cell_too_large'],
])('answers %j with a problem instead of a file', async (sql, code) => {
  const answer = await statement(sql);
  expect(answer.statusCode).toBe(422);
  expect(answer.headers['content-type']).toContain('problem+json');
  expect(['statement_failed', code]).toContain(answer.json<{ code: string }>().code);
});

it('breaks off when it fails half-way, and says so afterwards', async () => {
  const exportId = randomUUID();
  const sql = 'select n, 1 / (90000 - n) as x from generate_series(1, 100000) n';
  const answer = await over('/queries/export', { databaseId, sql, format: 'csv', exportId });
  expect(answer.statusCode).toBe(200);
  const { content, whole } = await read(answer);
  expect([whole, content.length > 100_000]).toEqual([false, true]);
  expect(await ended(exportId)).toMatchObject({ status: 'failed', error: 'division by zero', hash: null });
  expect(await lastAudit()).toMatchObject({ outcome: 'failed', export: exportId, error: 'division by zero' });
});

async function runningOnServer(marker: string): Promise<number> {
  const [server] = postgresServers();
  if (server === undefined) throw new Error('There is no PostgreSQL.');
  let count = -1;
  await withClient(server, { database: 'postgres' }, async (client) => {
    const found = await client.query(
      `select from pg_stat_activity where state = 'active' and query like $1 and pid <> pg_backend_pid()`,
      [`%${marker}%`],
    );
    count = found.rowCount ?? 0;
  });
  return count;
}

it('stops the statement on its server within two seconds when the receiver leaves', async () => {
  const exportId = randomUUID();
  const marker = `leaver_${exportId.slice(0, 8)}`;
  const sql = `select n as ${marker}, repeat('x', 1000) as x, pg_sleep(0.001) from generate_series(1, 1000000) n`;
  const answer = await over('/queries/export', { databaseId, sql, format: 'csv', exportId });
  await new Promise((resolve) => answer.once('data', resolve));
  expect(await runningOnServer(marker)).toBe(1);
  const left = performance.now();
  answer.destroy();
  while ((await runningOnServer(marker)) > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(performance.now() - left).toBeLessThan(2000);
  expect(await ended(exportId)).toMatchObject({ status: 'cancelled' });
});

it('can be followed and cancelled', async () => {
  const exportId = randomUUID();
  const sql = `select n, repeat('x', 1000) as x, pg_sleep(0.001) from generate_series(1, 1000000) n`;
  const answer = await over('/queries/export', { databaseId, sql, format: 'csv', exportId });
  const received = read(answer);
  let state = await stateOf(exportId);
  while (state.rows === 0) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    state = await stateOf(exportId);
  }
  expect(state).toMatchObject({ status: 'running', cancelHref: `/queries/${exportId}/cancel` });
  expect((await product.api('POST', `/queries/${exportId}/cancel`)).statusCode).toBe(200);
  expect((await received).whole).toBe(false);
  expect(await ended(exportId)).toMatchObject({ status: 'cancelled', hash: null });
});

it('exports all of a result only where its statement can simply run again', async () => {
  const ask = async (href: string, scope: string): Promise<[number, string | undefined]> => {
    const answer = await product.api('POST', `${href}/export`, { format: 'csv', scope });
    return [answer.statusCode, answer.statusCode === 200 ? undefined : answer.json<{ code: string }>().code];
  };
  const set = await keep(`set search_path to public; select count(*) from orders`);
  expect(await ask(set, 'all')).toEqual([422, 'not_repeatable']);
  const written = await keep(`update orders set status = status where id < 5 returning id`);
  expect(await ask(written, 'all')).toEqual([422, 'not_repeatable']);
  expect(await ask(written, 'shown')).toEqual([200, undefined]);
  const cut = await keep(`select repeat('x', 300000) as long`);
  expect(await ask(cut, 'shown')).toEqual([422, 'value_cut']);
  expect(await ask(cut, 'all')).toEqual([200, undefined]);
});

it('needs the right to export, and the result', async () => {
  const href = await keep('select 1 as one');
  const outcomes: unknown[] = [];
  const sessions = [
    token,
    (await makeSession(product.app, { role: 'viewer' })).token,
    (await makeSession(product.app, { role: 'developer' })).token,
  ];
  for (const one of sessions) {
    const { statusCode } = await product.app.inject({
      method: 'POST',
      url: `/api/v1${href}/export`,
      headers: { authorization: `Bearer ${one}` },
      payload: { format: 'csv', scope: 'shown' },
    });
    outcomes.push(statusCode);
  }
  expect(outcomes).toEqual([200, 403, 404]);
});

it('is a plain form for a browser', async () => {
  const href = await keep('select 1 as one');
  const answer = await product.browse({
    method: 'POST',
    url: `${href}/export`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'format=csv&scope=shown&name=&table=&keepFormulas=&shown=1&sort=&exportId=',
  });
  expect([answer.statusCode, answer.payload]).toEqual([200, 'one\r\n1\r\n']);
});
