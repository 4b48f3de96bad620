import type {
  DatabaseCredentials,
  DatabasePage,
  DatabasesPage,
} from '../../src/modules/databases/databases.view.js';
import { psql } from '../support/psql.js';
import { startProduct, type Product } from '../support/product.js';

let product: Product;

beforeAll(async () => {
  product = await startProduct();
}, 120_000);

afterAll(async () => {
  await product.close();
});

const create = async (name: string): Promise<DatabaseCredentials> => {
  const answer = await product.api('POST', '/databases', { name, engine: 'postgres', template: 'blank' });
  expect(answer.statusCode).toBe(201);
  return answer.json();
};

const form = (fields: Record<string, string>): { headers: Record<string, string>; payload: string } => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  payload: new URLSearchParams(fields).toString(),
});

describe('the API', () => {
  it('creates a database and answers how to connect to it, with the password this once', async () => {
    const made = await create('api_shop');
    expect(made).toMatchObject({ name: 'api_shop', engine: 'postgres', status: 'running' });
    expect(await psql(made.connection, 'select 1')).toBe('1');
    const shown = await product.api('GET', `/databases/${made.id}`);
    expect(shown.json<DatabasePage>()).toMatchObject({
      id: made.id,
      connection: { host: made.connection.host },
    });
    expect(shown.body).not.toContain(made.connection.password);
    const list = await product.api('GET', '/databases');
    expect(list.json<DatabasesPage>().databases).toContainEqual(expect.objectContaining({ id: made.id }));
    expect(list.body).not.toContain(made.connection.password);
  });

  it.each([
    ['bad name', { name: 'not a name', engine: 'postgres', template: 'blank' }, 'name'],
    ['bad engine', { name: 'x', engine: 'oracle', template: 'blank' }, 'engine'],
    ['bad template', { name: 'x', engine: 'postgres', template: 'huge' }, 'template'],
    ['smuggled tenant', { name: 'x', engine: 'postgres', template: 'blank', tenantId: 'y' }, 'tenantId'],
  ])('answers 422 with the field for a %s', async (_, body, field) => {
    const answer = await product.api('POST', '/databases', body);
    expect(answer.statusCode).toBe(422);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(Object.keys(answer.json<{ errors: object }>().errors)).toEqual([field]);
  });

  it('answers 409 name_taken for a taken name', async () => {
    await create('taken');
    const answer = await product.api('POST', '/databases', {
      name: 'TAKEN',
      engine: 'postgres',
      template: 'blank',
    });
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'name_taken' });
  });

  it('stops, starts, rotates, resets, clones, deletes and restores', async () => {
    const { id, connection } = await create('api_life');
    const act = async (verb: string, body = {}): Promise<unknown> => {
      const answer = await product.api('POST', `/databases/${id}/${verb}`, body);
      expect([200, 201]).toContain(answer.statusCode);
      return answer.json();
    };
    expect(await act('stop')).toMatchObject({ status: 'stopped' });
    expect(await act('start')).toMatchObject({ status: 'running' });
    const rotated = (await act('rotate')) as DatabaseCredentials;
    expect(rotated.connection.password).not.toBe(connection.password);
    expect(await act('reset')).toMatchObject({ status: 'running' });
    expect(await act('clone', { name: 'api_copy' })).toMatchObject({ name: 'api_copy', status: 'running' });
    const wrong = await product.api('DELETE', `/databases/${id}`, { confirm: 'other' });
    expect(wrong.statusCode).toBe(422);
    const gone = await product.api('DELETE', `/databases/${id}`, { confirm: 'api_life' });
    expect(gone.statusCode).toBe(200);
    expect(await act('restore')).toMatchObject({ status: 'running' });
    const settings = await product.api('PUT', `/databases/${id}`, { autoStopMinutes: 15, protected: true });
    expect(settings.statusCode).toBe(200);
    expect((await product.api('DELETE', `/databases/${id}`, { confirm: 'api_life' })).statusCode).toBe(409);
  });

  it('answers 404 for what does not exist and for what is no id', async () => {
    for (const id of ['00000000-0000-7000-8000-000000000000', 'nonsense']) {
      expect((await product.api('GET', `/databases/${id}`)).statusCode).toBe(404);
      expect((await product.api('POST', `/databases/${id}/stop`)).statusCode).toBe(404);
    }
  });

  it('answers 401 to strangers, on every route', async () => {
    const { app } = product;
    for (const [method, url] of [
      ['GET', '/databases'],
      ['POST', '/databases'],
      ['GET', '/databases/00000000-0000-7000-8000-000000000000'],
      ['DELETE', '/databases/00000000-0000-7000-8000-000000000000'],
    ] as const) {
      expect((await app.inject({ method, url: `/api/v1${url}` })).statusCode).toBe(401);
    }
  });
});

describe('the pages', () => {
  it('take a person from the form over the confirmation to the password, shown this once', async () => {
    const blank = await product.browse({ method: 'GET', url: '/databases/new' });
    expect(blank.statusCode).toBe(200);
    const query = '/databases/confirm?name=by_page&engine=postgres&template=sample';
    const confirm = await product.browse({ method: 'GET', url: query });
    expect(confirm.statusCode).toBe(200);
    expect(confirm.body).toContain('by_page');
    const fields = { name: 'by_page', engine: 'postgres', template: 'sample' };
    const made = await product.browse({ method: 'POST', url: '/databases', ...form(fields) });
    expect(made.statusCode).toBe(200);
    const password = /postgresql:\/\/[^:]+:([^@&]+)@/.exec(made.body)?.[1];
    expect(password).toBeDefined();
    const list = await product.browse({ method: 'GET', url: '/databases' });
    expect(list.body).toContain('by_page');
    expect(list.body).not.toContain(password);
  });

  it('show every tab of a database, and say what was done', async () => {
    const { id } = await create('tabs');
    for (const tab of ['overview', 'access', 'settings', 'history']) {
      const page = await product.browse({ method: 'GET', url: `/databases/${id}?tab=${tab}` });
      expect(page.statusCode).toBe(200);
      expect(page.body).toContain('tabs');
    }
    const stopped = await product.browse({ method: 'POST', url: `/databases/${id}/stop`, ...form({}) });
    expect(stopped.statusCode).toBe(303);
    expect(stopped.headers.location).toBe(`/databases/${id}`);
    const swapped = await product.browse({
      method: 'POST',
      url: `/databases/${id}/start`,
      ...form({}),
      headers: { ...form({}).headers, 'hx-request': 'true', 'hx-request-type': 'partial' },
    });
    expect(swapped.statusCode).toBe(200);
    expect(swapped.body).toContain(`database-${id}`);
    expect(swapped.body).not.toContain('<html');
  });

  it.each([
    ['breaks the rules', 'not+a+name', 422, 'value="not a name"', 'letters, digits and underscores'],
    ['is taken', 'PAGE_TAKEN', 409, 'value="PAGE_TAKEN"', 'choose another one'],
  ])('give the form back with what was typed when a name %s', async (_, name, status, typed, reason) => {
    if (status === 409) await create('page_taken');
    const url = `/databases/confirm?name=${name}&engine=postgres&template=sample`;
    const page = await product.browse({ method: 'GET', url });
    expect(page.statusCode).toBe(status);
    expect(page.body).toContain(typed);
    expect(page.body).toContain(reason);
    expect(page.body).toMatch(/value="sample"[^>]* checked/);
    const problem = await product.api('GET', url);
    expect(problem.statusCode).toBe(status);
    expect(Object.keys(problem.json<{ errors: object }>().errors)).toEqual(['name']);
  });
});
