import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { LightMyRequestResponse } from 'fastify';
import { JobScheduler } from '../../src/platform/jobs/job-scheduler.js';
import { Transactions } from '../../src/platform/persistence/transactions.js';
import { Clock } from '../../src/platform/clock/clock.js';
import { HistoryService } from '../../src/modules/queries/history.service.js';
import { RunJournal } from '../../src/modules/queries/run-journal.js';
import { makeSession } from '../factories/sessions.js';
import { startProduct, type Product } from '../support/product.js';

let product: Product;
let first: NestFastifyApplication;
let second: NestFastifyApplication;

beforeAll(async () => {
  product = await startProduct();
  first = product.app;
  second = await product.replica();
}, 120_000);

afterAll(async () => {
  await second.close();
  await product.close();
});

const ask = async (
  app: NestFastifyApplication,
  token: string,
  url: string,
  body?: object,
): Promise<LightMyRequestResponse> =>
  app.inject({
    method: body === undefined ? 'GET' : 'POST',
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${token}` },
    ...(body && { payload: body }),
  });

const within = async (ms: number, holds: () => Promise<boolean>): Promise<boolean> => {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    if (await holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return holds();
};

it('a session that is ended on one replica is ended on the other within a second', async () => {
  const { token } = await makeSession(first, {});
  expect((await ask(second, token, '/users/profile')).statusCode).toBe(200);
  expect((await ask(first, token, '/auth/logout', {})).statusCode).toBe(200);
  expect((await ask(first, token, '/users/profile')).statusCode).toBe(401);
  expect(
    await within(1000, async () => (await ask(second, token, '/users/profile')).statusCode === 401),
  ).toBe(true);
});

it('a run is cancelled from the replica that does not have it', async () => {
  const { token } = await makeSession(first, {});
  const made = await ask(first, token, '/databases', { name: 'far', engine: 'postgres', template: 'blank' });
  const { id: databaseId } = made.json<{ id: string }>();
  const runId = crypto.randomUUID();
  const running = ask(first, token, '/queries/sql', { databaseId, sql: 'select pg_sleep(20)', runId });
  const cancelled = async (): Promise<boolean> =>
    (await ask(second, token, `/queries/${runId}/cancel`, {})).statusCode === 200;
  expect(await within(2000, cancelled)).toBe(true);
  const asked = performance.now();
  const answer = (await running).json<{ results: { error: { code: string } }[] }>();
  expect(performance.now() - asked).toBeLessThan(1000);
  expect(answer.results[0]?.error.code).toBe('cancelled');
  const run = await ask(second, token, `/queries/history/${runId}`);
  expect(run.json()).toMatchObject({ status: 'cancelled' });
});

it('a slot of a job is claimed once, by clocks that are three seconds apart', async () => {
  const base = new Date('2031-05-05T05:05:00.500Z').getTime();
  const set = (app: NestFastifyApplication, millis: number): void => {
    app.get(Clock, { strict: false }).now = () => new Date(millis);
  };
  const tick = async (app: NestFastifyApplication): Promise<boolean> =>
    app.get(JobScheduler, { strict: false }).tick('measure-storage');
  try {
    set(first, base);
    set(second, base + 3000);
    const claimed = await Promise.all([tick(first), tick(second), tick(first), tick(second)]);
    expect(claimed.filter((mine) => mine)).toHaveLength(1);
    set(first, base + 15 * 60_000);
    expect(await tick(first)).toBe(true);
  } finally {
    for (const app of [first, second]) app.get(Clock, { strict: false }).now = () => new Date();
  }
});

it('a run whose process is gone is marked interrupted, and one that is under way is not', async () => {
  const { token, actor } = await makeSession(first, {});
  const made = await ask(first, token, '/databases', { name: 'gone', engine: 'postgres', template: 'blank' });
  const database = made.json<{ id: string }>();
  const { manager } = first.get(Transactions, { strict: false });
  const insert = async (nodeId: string): Promise<string> => {
    const id = crypto.randomUUID();
    await manager.query(
      `insert into query_run (id, tenant_id, membership_id, database_id, database_name, node_id, sql, sql_hash, role,
                              access, status, started_at)
       values ($1, $2, $3, $4, 'gone', $5, 'select 1', 'x', 'viewer', 'read', 'running', now())`,
      [id, actor.tenantId, actor.membershipId, database.id, nodeId],
    );
    return id;
  };
  const dead = crypto.randomUUID();
  await manager.query(`insert into query_node (id, seen_at) values ($1, now() - interval '1 minute')`, [
    dead,
  ]);
  const lost = await insert(dead);
  const alive = await insert(second.get(RunJournal, { strict: false }).nodeId);
  await first.get(HistoryService, { strict: false }).sweep(new Date());
  expect((await ask(first, token, `/queries/history/${lost}`)).json()).toMatchObject({
    status: 'interrupted',
  });
  expect((await ask(first, token, `/queries/history/${alive}`)).json()).toMatchObject({ status: 'running' });
});
