import type { RequestPage } from '../../src/modules/approvals/requests/requests.view.js';
import { newId } from '../../src/platform/persistence/ids.js';
import { Transactions } from '../../src/platform/persistence/transactions.js';
import { Signals } from '../../src/platform/signals/signals.js';
import { makeSession } from '../factories/sessions.js';
import { openRequests, type RequestsWorld, type Who } from '../support/requests-world.js';

let world: RequestsWorld;
let databaseId: string;

beforeAll(async () => {
  world = await openRequests();
  ({ databaseId } = world);
}, 120_000);

afterAll(async () => {
  await world.product.close();
});

const as: RequestsWorld['as'] = async (...args) => world.as(...args);
const sql: RequestsWorld['sql'] = async (text) => world.sql(text);
const submit: RequestsWorld['submit'] = async (...args) => world.submit(...args);
const see: RequestsWorld['see'] = async (id) => world.see(id);
const settled: RequestsWorld['settled'] = async (id) => world.settled(id);

const codeOf = async (answer: ReturnType<typeof as>): Promise<unknown[]> => {
  const { statusCode, json } = await answer;
  return [statusCode, json<{ code?: string }>().code];
};

const UPDATE = 'update account set balance = balance + 1 where id <= 3';

it('shows the effect before anybody says yes, executes exactly that, and takes it back', async () => {
  const before = await sql('select * from account order by id');
  const request = await submit(UPDATE);
  expect(request).toMatchObject({ state: 'pending', risk: 'low', number: expect.any(Number) as number });
  expect(request.effect).toMatchObject({ affectedRows: 3, refusal: null });
  expect(request.effect?.tables[0]?.rows[0]).toMatchObject({
    kind: 'updated',
    cells: [{}, {}, { before: '10.00', after: '11.00', changed: true }],
  });
  expect(await sql('select * from account order by id')).toEqual(before);

  const yes = await as('boss', 'POST', `/requests/${request.id}/approve`, {
    version: 1,
    tolerance: 0,
    comment: 'Fine.',
  });
  expect([yes.statusCode, yes.json<RequestPage>().state]).toEqual([200, 'approved']);
  const done = await settled(request.id);
  expect(done).toMatchObject({ state: 'executed', attempts: [{ outcome: 'executed', affectedRows: 3 }] });
  expect(done.timeline.map(({ what }) => what)).toEqual(
    ['asked for it', 'ran the preview', 'approved', 'executing', 'executed it'].map((what) =>
      what === 'executing' ? 'began to execute it' : what,
    ),
  );
  expect((await sql('select balance from account where id = 1'))[0]).toEqual(['11.00']);

  const undo = (
    await as('dev', 'POST', `/requests/${request.id}/undo`, { reason: 'A mistake.' })
  ).json<RequestPage>();
  expect(undo).toMatchObject({ undoOf: request.id, effect: { affectedRows: 3 } });
  await as('boss', 'POST', `/requests/${undo.id}/approve`, { version: 1, tolerance: 0 });
  expect(await settled(undo.id)).toMatchObject({ state: 'executed' });
  expect(await sql('select * from account order by id')).toEqual(before);
}, 60_000);

it('rolls back when other rows match at execution than at the preview', async () => {
  const request = await submit('delete from account where balance > 150', { run: 'by_hand' });
  expect(request.effect?.affectedRows).toBe(5);
  await as('boss', 'POST', `/requests/${request.id}/approve`, { version: 1, tolerance: 0 });
  await sql('update account set balance = 1 where id = 20; update account set balance = 999 where id = 1');
  await as('dev', 'POST', `/requests/${request.id}/execute`);
  const done = await settled(request.id);
  expect(done.state).toBe('failed');
  expect(done.stateReason).toMatch(/^effect_changed/);
  expect(await sql('select count(*)::int from account')).toEqual([[20]]);
  await sql('update account set balance = id * 10');
}, 60_000);

it('never overwrites what somebody changed after the execution', async () => {
  const request = await submit(`update account set owner = 'nobody' where id in (4, 5)`);
  await as('boss', 'POST', `/requests/${request.id}/approve`, { version: 1, tolerance: 0 });
  await settled(request.id);
  await sql(`update account set owner = 'somebody else' where id = 4`);
  const undo = (
    await as('dev', 'POST', `/requests/${request.id}/undo`, { reason: 'A mistake.' })
  ).json<RequestPage>();
  await as('boss', 'POST', `/requests/${undo.id}/approve`, { version: 1 });
  expect(await settled(undo.id)).toMatchObject({
    state: 'failed',
    stateReason: expect.stringMatching(/^conflict/) as string,
  });
  expect(await sql('select owner from account where id in (4, 5) order by id')).toEqual([
    ['somebody else'],
    ['nobody'],
  ]);
}, 60_000);

it('voids an approval when a table that it uses was altered, and says so', async () => {
  const request = await submit('update account set balance = 0 where id = 6', { run: 'by_hand' });
  await as('boss', 'POST', `/requests/${request.id}/approve`, { version: 1 });
  await sql('alter table account add column note text');
  await as('dev', 'POST', `/requests/${request.id}/execute`);
  for (let page = await see(request.id); page.state !== 'pending'; page = await see(request.id))
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await see(request.id)).toMatchObject({
    version: 2,
    steps: [{ given: 0 }],
    stateReason: expect.stringContaining('altered') as string,
  });
}, 60_000);

it('lets nobody decide about their own, twice, or without the right', async () => {
  const request = await submit(UPDATE);
  const approve = async (who: Who, version = 1) =>
    codeOf(as(who, 'POST', `/requests/${request.id}/approve`, { version }));
  expect(await approve('dev')).toEqual([403, 'not_allowed']);
  expect(await approve('viewer')).toEqual([403, 'not_allowed']);
  expect(await approve('stranger')).toEqual([404, 'not_found']);
  expect(await approve('boss', 7)).toEqual([409, 'request_changed']);
  const byManager = await as('boss', 'POST', '/requests', { databaseId, text: UPDATE, reason: 'Mine.' });
  expect(byManager.statusCode).toBe(404);
  const reject = async (body: object) => codeOf(as('boss', 'POST', `/requests/${request.id}/reject`, body));
  expect(await reject({ version: 1, comment: ' ' })).toEqual([422, 'validation_failed']);
  expect((await reject({ version: 1, comment: 'Not today.' }))[0]).toBe(200);
  expect(await approve('second')).toEqual([409, 'wrong_state']);
});

it('voids what was decided when the text is changed, and lets the person who asked withdraw', async () => {
  const request = await submit('delete from account where id = 7; delete from account', { run: 'by_hand' });
  const edited = await as('dev', 'PATCH', `/requests/${request.id}`, {
    databaseId,
    text: 'delete from account where id = 7',
    reason: 'Less.',
  });
  expect(edited.json<RequestPage>()).toMatchObject({ version: 2, effect: { affectedRows: 1 } });
  expect(await codeOf(as('boss', 'POST', `/requests/${request.id}/approve`, { version: 1 }))).toEqual([
    409,
    'request_changed',
  ]);
  expect((await as('dev', 'POST', `/requests/${request.id}/withdraw`)).json<RequestPage>().state).toBe(
    'withdrawn',
  );
  expect(await sql('select count(*)::int from account where id = 7')).toEqual([[1]]);
});

it('refuses what cannot be a request, and keeps nothing of it', async () => {
  const ask = async (text: string) =>
    codeOf(as('dev', 'POST', '/requests', { databaseId, text, reason: 'why not' }));
  expect(await ask('selec 1')).toEqual([422, '42601']);
  expect(await ask('drop role x')).toEqual([422, 'statement_refused']);
  expect(await ask('begin; delete from account; commit')).toEqual([422, 'statement_refused']);
  expect(await ask('  ')).toEqual([422, 'no_statement']);
});

it('does not let one request be executed twice, whoever asks how often', async () => {
  const request = await submit('update account set balance = balance + 100 where id = 8', { run: 'by_hand' });
  await as('boss', 'POST', `/requests/${request.id}/approve`, { version: 1 });
  await Promise.all(
    Array.from({ length: 10 }, async () => as('dev', 'POST', `/requests/${request.id}/execute`)),
  );
  const done = await settled(request.id);
  expect(done.attempts).toHaveLength(1);
  expect(await sql('select balance from account where id = 8')).toEqual([['180.00']]);
}, 60_000);

it('is offered, filled in, where the workbench refuses', async () => {
  const { token } = await makeSession(world.product.app, { role: 'developer', tenant: world.tenant });
  const cookie = `__Host-session=${token}`;
  const member = (
    await world.product.app.inject({ url: '/users/profile', headers: { accept: 'application/json', cookie } })
  ).json<{ membership: { id: string } }>();
  await world.product.app
    .get(Transactions, { strict: false })
    .manager.query(
      `insert into database_grant (id, tenant_id, database_id, membership_id, level, created_at) values ($1, $2, $3, $4, 'read', now())`,
      [newId(), world.tenant.id, databaseId, member.membership.id],
    );
  await world.product.app.get(Signals, { strict: false }).publish('database', databaseId);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const send = async (url: string) =>
    world.product.app.inject({
      method: 'POST',
      url,
      headers: {
        accept: 'text/html',
        'sec-fetch-site': 'same-origin',
        cookie,
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: new URLSearchParams({ databaseId, sql: 'delete from account where id = 9' }).toString(),
    });
  const refused = await send('/queries/sql');
  expect(refused.statusCode).toBe(403);
  expect(refused.body).toContain('action="/requests/draft"');
  const form = await send('/requests/draft');
  expect(form.statusCode).toBe(200);
  expect(form.body).toContain('delete from account where id &#x3D; 9');
});

it('is a page that works without script, for the person who decides too', async () => {
  const request = await submit(UPDATE);
  const session = await makeSession(world.product.app, { role: 'manager', tenant: world.tenant });
  const browse = async (url: string) =>
    world.product.app.inject({
      url,
      headers: {
        accept: 'text/html',
        'sec-fetch-site': 'same-origin',
        cookie: `__Host-session=${session.token}`,
      },
    });
  const page = await browse(`/requests/${request.id}`);
  expect(page.statusCode).toBe(200);
  expect(page.body).toContain('Approve and run');
  expect(page.body).toContain('these 3 rows');
  expect((await browse('/requests')).body).toContain(`/requests/${request.id}`);
});
