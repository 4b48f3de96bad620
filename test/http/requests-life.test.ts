import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AttemptsRepository } from '../../src/modules/approvals/executions/attempts.repository.js';
import type { ExecutionPhase } from '../../src/modules/approvals/executions/executions.types.js';
import { RecoveryService } from '../../src/modules/approvals/executions/recovery.service.js';
import { REQUEST_STATES, type RequestState } from '../../src/modules/approvals/requests/requests.types.js';
import { newId } from '../../src/platform/persistence/ids.js';
import { Transactions } from '../../src/platform/persistence/transactions.js';
import { openRequests, type RequestsWorld } from '../support/requests-world.js';

/** Where a request may go from each state. */
const TABLE: Readonly<Record<RequestState, readonly RequestState[]>> = {
  pending: ['approved', 'rejected', 'withdrawn', 'expired'],
  approved: ['executing', 'withdrawn', 'expired', 'pending'],
  executing: ['executed', 'failed'],
  executed: [],
  failed: [],
  rejected: [],
  withdrawn: [],
  expired: [],
};
const WAYS: Readonly<Record<RequestState, readonly RequestState[]>> = {
  pending: [],
  approved: ['approved'],
  executing: ['approved', 'executing'],
  executed: ['approved', 'executing', 'executed'],
  failed: ['approved', 'executing', 'failed'],
  rejected: ['rejected'],
  withdrawn: ['withdrawn'],
  expired: ['expired'],
};

let world: RequestsWorld;
let second: NestFastifyApplication;

beforeAll(async () => {
  world = await openRequests();
  second = await world.product.replica();
}, 120_000);

afterAll(async () => {
  await second.close();
  await world.product.close();
});

const ask = async <T = unknown>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
  world.product.app.get(Transactions, { strict: false }).manager.query<T[]>(sql, parameters);
const pass = async (id: string, from: RequestState, to: RequestState): Promise<boolean> => {
  const [row] = await ask<{ done: boolean }>(
    `select request_transition($1, $2, $3, $4, now(), null, null, null, 'test', 'test', '{}') as done`,
    [world.tenant.id, id, from, to],
  );
  return row?.done ?? false;
};
const arrange = async (state: RequestState): Promise<string> => {
  const { id } = await world.submit('update account set balance = balance where id = 1', { run: 'by_hand' });
  let from: RequestState = 'pending';
  for (const to of WAYS[state]) {
    expect(await pass(id, from, to)).toBe(true);
    from = to;
  }
  return id;
};

it('goes from one state to another only as the database allows, whoever asks it', async () => {
  let refused = 0;
  for (const from of REQUEST_STATES) {
    const id = await arrange(from);
    for (const to of REQUEST_STATES.filter((state) => state !== from && !TABLE[from].includes(state))) {
      await expect(pass(id, from, to)).rejects.toThrow(`from ${from} to ${to}`);
      await expect(ask('update query_request set state = $2 where id = $1', [id, to])).rejects.toThrow();
      refused += 1;
    }
    expect((await world.see(id)).state).toBe(from);
  }
  expect(refused).toBe(
    REQUEST_STATES.length * (REQUEST_STATES.length - 1) - Object.values(TABLE).flat().length,
  );
}, 60_000);

it('changes its state by the one function only, and its history only grows', async () => {
  const id = await arrange('pending');
  await expect(ask(`update query_request set state = 'approved' where id = $1`, [id])).rejects.toThrow(
    'request_transition',
  );
  await expect(ask('update request_event set kind = $2 where request_id = $1', [id, 'x'])).rejects.toThrow();
  await expect(ask('delete from request_event where request_id = $1', [id])).rejects.toThrow();
  expect(await pass(id, 'approved', 'withdrawn')).toBe(false);
  expect(await pass(id, 'pending', 'withdrawn')).toBe(true);
  const kinds = await ask<{ kind: string }>(
    'select kind from request_event where request_id = $1 order by seq',
    [id],
  );
  expect(kinds.map(({ kind }) => kind)).toEqual(['submitted', 'previewed', 'test']);
});

it('has one legal history and at most one execution, whatever fifty people do at once on two replicas', async () => {
  const { id } = await world.submit('update account set balance = balance + 1000 where id = 2', {
    run: 'by_hand',
  });
  const acts = Array.from({ length: 50 }, async (_, index) => {
    const app = index % 2 === 0 ? world.product.app : second;
    switch (index % 5) {
      case 0:
      case 1:
        return world.as('boss', 'POST', `/requests/${id}/approve`, { version: 1 }, app);
      case 2:
        return world.as('dev', 'POST', `/requests/${id}/execute`, undefined, app);
      case 3:
        return world.as('second', 'POST', `/requests/${id}/approve`, { version: 1 }, app);
      default:
        return index > 40
          ? world.as('dev', 'POST', `/requests/${id}/withdraw`, undefined, app)
          : world.as('dev', 'POST', `/requests/${id}/execute`, undefined, app);
    }
  });
  const answers = await Promise.all(acts);
  expect(answers.filter(({ statusCode }) => statusCode >= 500)).toEqual([]);
  if ((await world.see(id)).state === 'approved') await world.as('dev', 'POST', `/requests/${id}/execute`);
  const end = await world.settled(id);
  const [{ balance } = { balance: null }] = (await world.sql('select balance from account where id = 2')).map(
    ([value]) => ({ balance: value }),
  );
  expect(balance).toBe(end.state === 'executed' ? '1020.00' : '20.00');
  expect(end.attempts.length).toBe(end.state === 'executed' ? 1 : 0);
  expect(end.timeline.filter(({ what }) => what === 'approved').length).toBeLessThanOrEqual(1);
}, 60_000);

describe('an execution whose process is gone', () => {
  const lost = async (phase: ExecutionPhase, token: string | null): Promise<string> => {
    const id = await arrange('executing');
    const attempts = world.product.app.get(AttemptsRepository, { strict: false });
    const attemptId = newId();
    const past = new Date(Date.now() - 60_000);
    await attempts.insert({ id: attemptId, requestId: id, nodeId: newId(), at: past, leaseUntil: past });
    await attempts.enter(attemptId, phase, token === null ? {} : { token });
    await world.product.app.get(RecoveryService, { strict: false }).settleLost(new Date());
    return id;
  };
  const tokenOf = async (sql: string): Promise<string> => String((await world.sql(sql))[0]?.[0]);

  it('has failed when nothing was sent', async () => {
    expect(await world.see(await lost('claimed', null))).toMatchObject({
      state: 'failed',
      stateReason: expect.stringContaining('before anything was sent') as string,
    });
  });

  it('was executed when the server says that it was committed', async () => {
    const token = await tokenOf(
      'with x as (update account set balance = balance where id = 3 returning 1) select pg_current_xact_id()::text from x',
    );
    expect(await world.see(await lost('commit-sent', token))).toMatchObject({ state: 'executed' });
  });

  it('has failed when the server rolled it back', async () => {
    const sql = 'begin; select pg_current_xact_id()::text; rollback';
    const answer = await world.as('dev', 'POST', '/queries/sql', { databaseId: world.databaseId, sql });
    const { results } = answer.json<{ results: { rows: unknown[][] }[] }>();
    const token = String(results[1]?.rows[0]?.[0]);
    expect(await world.see(await lost('started', token))).toMatchObject({
      state: 'failed',
      stateReason: expect.stringContaining('rolled everything back') as string,
    });
  });

  it('waits for a person where nobody can know, and is never run again', async () => {
    const id = await lost('started', null);
    expect(await world.see(id)).toMatchObject({ state: 'failed', stateReason: 'interrupted' });
    expect((await world.as('dev', 'POST', `/requests/${id}/execute`)).statusCode).toBe(409);
    expect((await world.see(id)).attempts).toHaveLength(1);
  });
});
