import { gunzipSync } from 'node:zlib';
import { unpackColumns, type SchemaIndex } from '../../src/engines/schema-index.js';
import type { CheckView, FormattedView } from '../../src/modules/queries/editor/editor.types.js';
import { makeGrant } from '../factories/grants.js';
import { makeTenant } from '../factories/people.js';
import { makeSession } from '../factories/sessions.js';
import { startProduct, type Product } from '../support/product.js';

let product: Product;
let databaseId: string;

beforeAll(async () => {
  product = await startProduct();
  const made = await product.api('POST', '/databases', {
    name: 'shop',
    engine: 'postgres',
    template: 'sample',
  });
  databaseId = made.json<{ id: string }>().id;
}, 120_000);

afterAll(async () => {
  await product.close();
});

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const check = async (sql: string): Promise<CheckView> =>
  (await product.api('POST', '/queries/check', { databaseId, sql })).json();

describe('POST /queries/check', () => {
  it('marks what is wrong and says what each statement is', async () => {
    const { statements, problems } = await check('select * frm orders; update orders set status = null');
    expect(problems).toMatchObject([
      { from: 9, to: 12, severity: 'error', code: '42601' },
      { from: 21, to: 27, severity: 'warning', code: 'update_without_where' },
    ]);
    expect(statements).toMatchObject([{ from: 21, class: 'dml', verb: 'update', may: true, reason: null }]);
  });

  it('is a page for browsers without a script, with the text as text', async () => {
    const payload = new URLSearchParams({ databaseId, sql: 'select <b>1' }).toString();
    const page = await product.browse({ method: 'POST', url: '/queries/check', headers: form, payload });
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('What the grammar says');
    expect(page.body).not.toContain('<b>1');
  });

  it('runs nothing and leaves no trace in the history', async () => {
    await check('create table never_made (n int)');
    const answer = await product.api('POST', '/queries/sql', {
      databaseId,
      sql: `select to_regclass('never_made')`,
    });
    expect(answer.json<{ results: [{ rows: unknown }] }>().results[0].rows).toEqual([[null]]);
    const { runs } = (await product.api('GET', '/queries/history')).json<{ runs: { summary: string }[] }>();
    expect(runs.map(({ summary }) => summary).join()).not.toContain('create table');
  });
});

describe('POST /queries/format', () => {
  it('lays a text out, and leaves one that cannot be read', async () => {
    const format = async (sql: string): Promise<FormattedView> =>
      (await product.api('POST', '/queries/format', { databaseId, sql })).json();
    const { sql, problem } = await format('select a,b from t where x=:x');
    expect(sql).toMatch(/^select\n {2}a,\n {2}b\nfrom\n {2}t\nwhere\n {2}x = :x/);
    expect(problem).toBeNull();
    expect(await format('select (((')).toMatchObject({
      sql: 'select (((',
      problem: expect.stringContaining('left as it is') as string,
    });
  });

  it('is the workbench with the text for browsers without a script', async () => {
    const payload = new URLSearchParams({ databaseId, sql: 'select 1,2' }).toString();
    const page = await product.browse({ method: 'POST', url: '/queries/format', headers: form, payload });
    expect(page.body).toMatch(/<textarea[^>]* name="sql"[^>]*>select\n {2}1,\n {2}2<\/textarea>/);
  });
});

describe('GET /queries/schema-index', () => {
  const index = async (headers: Record<string, string> = {}) =>
    product.browse({
      url: `/queries/schema-index?databaseId=${databaseId}`,
      headers: { accept: 'application/json', 'accept-encoding': 'br, gzip', ...headers },
    });

  it('has tables, columns with types and foreign keys, compressed', async () => {
    const answer = await index();
    expect(answer.headers).toMatchObject({
      'content-encoding': 'gzip',
      'cache-control': expect.stringMatching(/^private, max-age=\d+/) as string,
    });
    const { schemas, keys, types } = JSON.parse(gunzipSync(answer.rawPayload).toString()) as SchemaIndex;
    const tables = schemas.flatMap((schema) => schema.tables);
    const orders = tables.find(([name]) => name === 'orders');
    expect(unpackColumns(orders?.[2] ?? '', types)).toEqual(
      expect.arrayContaining([
        { name: 'id', type: 'integer', primaryKey: true },
        { name: 'customer_id', type: 'integer', primaryKey: false },
      ]),
    );
    const named = keys.map(([from, columns, to]) => [tables[from]?.[0], columns, tables[to]?.[0]]);
    expect(named).toContainEqual(['orders', ['customer_id'], 'customers']);
  });

  it('goes out once per version of the schema', async () => {
    const etag = String((await index()).headers.etag);
    const again = await index({ 'if-none-match': etag });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    await product.api('POST', '/queries/sql', { databaseId, sql: 'create table added (n int)' });
    const fresh = await index({ 'if-none-match': etag, 'cache-control': 'no-cache' });
    expect(fresh.statusCode).toBe(200);
    expect(gunzipSync(fresh.rawPayload).toString()).toContain('"added"');
  });

  it('is plain where a client does not unpack', async () => {
    const answer = await index({ 'accept-encoding': 'identity' });
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.json<SchemaIndex>().schemas.length).toBeGreaterThan(0);
  });

  it('is empty for a stopped database and does not start it', async () => {
    const made = await product.api('POST', '/databases', {
      name: 'resting',
      engine: 'postgres',
      template: 'blank',
    });
    const { id } = made.json<{ id: string }>();
    await product.api('POST', `/databases/${id}/stop`);
    const answer = await product.api('GET', `/queries/schema-index?databaseId=${id}`);
    expect(answer.json<SchemaIndex>().schemas).toEqual([]);
    expect((await product.api('GET', `/databases/${id}`)).json()).toMatchObject({ status: 'stopped' });
  });
});

describe('Somebody else', () => {
  const asks = () =>
    [
      ['POST', '/queries/check', { databaseId, sql: 'delete from orders' }],
      ['POST', '/queries/format', { databaseId, sql: 'select 1' }],
      ['GET', `/queries/schema-index?databaseId=${databaseId}`],
    ] as const;
  const ask = async (token: string, [method, url, payload]: readonly ['GET' | 'POST', string, object?]) =>
    product.app.inject({
      method,
      url: `/api/v1${url}`,
      headers: { authorization: `Bearer ${token}` },
      ...(payload && { payload }),
    });

  it('in another organisation finds no such database', async () => {
    const { token } = await makeSession(product.app, {});
    for (const one of asks()) expect((await ask(token, one)).statusCode).toBe(404);
  });

  it('who may only read is told that a write is not for them', async () => {
    const tenant = await makeTenant(product.app);
    const owner = await makeSession(product.app, { tenant });
    const viewer = await makeSession(product.app, { tenant, role: 'viewer' });
    const made = await product.app.inject({
      method: 'POST',
      url: '/api/v1/databases',
      headers: { authorization: `Bearer ${owner.token}` },
      payload: { name: 'shared', engine: 'postgres', template: 'blank' },
    });
    const { id } = made.json<{ id: string }>();
    const check = async (token: string) => {
      const payload = { databaseId: id, sql: 'select 1; delete from t' };
      const answer = await ask(token, ['POST', '/queries/check', payload]);
      return answer.json<CheckView>().statements.map(({ may }) => may);
    };
    expect(
      (await ask(viewer.token, ['POST', '/queries/check', { databaseId: id, sql: '' }])).statusCode,
    ).toBe(404);
    await makeGrant(product.app, viewer.actor, id, 'write');
    expect(await check(viewer.token)).toEqual([true, false]);
    expect(await check(owner.token)).toEqual([true, true]);
  });
});
