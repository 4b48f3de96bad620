import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Drain } from '../../src/platform/http/drain.js';
import { LiveEvent, type Audience } from '../../src/platform/live/live-event.js';
import { Live } from '../../src/platform/live/live.js';
import { LiveStreams } from '../../src/platform/live/live-streams.js';
import { Transactions } from '../../src/platform/persistence/transactions.js';
import { makeActor, makeTenant } from '../factories/people.js';
import { makeSession } from '../factories/sessions.js';
import { openStream, type EventStream } from '../support/event-stream.js';
import { startProduct, type Product } from '../support/product.js';

const THING = new LiveEvent<{ id: string }>('thing');

let product: Product;
let first: NestFastifyApplication;
let second: NestFastifyApplication;
const opened: EventStream[] = [];

beforeAll(async () => {
  product = await startProduct();
  first = product.app;
  second = await product.replica();
  await first.listen(0, '127.0.0.1');
  await second.listen(0, '127.0.0.1');
}, 120_000);

afterEach(() => {
  for (const stream of opened.splice(0)) stream.close();
});

afterAll(async () => {
  await second.close();
  await product.close();
});

async function listen(app: NestFastifyApplication, token: string, query = ''): Promise<EventStream> {
  const stream = await openStream(`${await app.getUrl()}/api/v1/live${query}`, token);
  opened.push(stream);
  return stream;
}

const publish = (audience: Audience, id: string, app = first): void => {
  app.get(Live, { strict: false }).publish(audience, THING, { id });
};

describe('what is published', () => {
  it('reaches the tenant’s people on every replica, and nobody of another tenant', async () => {
    const mine = await makeSession(first, {});
    const other = await makeSession(first, {});
    const here = await listen(first, mine.token);
    const there = await listen(second, mine.token);
    const foreign = await listen(second, other.token);
    publish({ tenantId: mine.actor.tenantId }, 'a');
    publish({ tenantId: other.actor.tenantId }, 'theirs');
    expect(await here.next('thing')).toEqual({ id: 'a' });
    expect(await there.next('thing')).toEqual({ id: 'a' });
    expect(await foreign.next('thing')).toEqual({ id: 'theirs' });
  });

  it('for a membership, an account or a pod reaches only these', async () => {
    const tenant = await makeTenant(first);
    const ada = await makeSession(first, { tenant });
    const bob = await makeSession(first, { tenant });
    const adas = await listen(second, ada.token);
    const bobs = await listen(second, bob.token);
    publish({ membershipId: ada.actor.membershipId }, 'membership');
    expect(await adas.next('thing')).toEqual({ id: 'membership' });
    publish({ accountId: ada.actor.accountId }, 'account');
    expect(await adas.next('thing')).toEqual({ id: 'account' });
    publish({ podId: '018f0000-0000-7000-8000-000000000000' }, 'pod');
    publish({ membershipId: bob.actor.membershipId }, 'bob');
    expect(await bobs.next('thing')).toEqual({ id: 'bob' });
  });

  it('for a permission reaches only those of the tenant who have it', async () => {
    const tenant = await makeTenant(first);
    const { tenantId } = (await makeActor(first, { tenant })) as { tenantId: string };
    const admin = await listen(first, (await makeSession(first, { tenant })).token);
    const viewer = await listen(first, (await makeSession(first, { tenant, role: 'viewer' })).token);
    publish({ tenantId, permission: 'audit:read' }, 'secret');
    publish({ tenantId }, 'open');
    expect(await admin.next('thing')).toEqual({ id: 'secret' });
    expect(await viewer.next('thing')).toEqual({ id: 'open' });
  });

  it('goes out when the transaction commits, not when it is rolled back, and the same thing once', async () => {
    const { actor, token } = await makeSession(first, {});
    const stream = await listen(second, token);
    const transactions = first.get(Transactions, { strict: false });
    const audience = { membershipId: actor.membershipId };
    const undone = transactions.run(async () => {
      publish(audience, 'undone');
      return Promise.reject(new Error('undone on purpose'));
    });
    await expect(undone).rejects.toThrow('undone on purpose');
    await transactions.run(async () => {
      for (let i = 0; i < 100; i += 1) publish(audience, 'once');
      return Promise.resolve();
    });
    expect(await stream.next('thing')).toEqual({ id: 'once' });
    publish(audience, 'last');
    expect(await stream.next('thing')).toEqual({ id: 'last' });
  });
});

describe('a stream', () => {
  it('begins with what happened since the page was made', async () => {
    const { actor, token } = await makeSession(first, {});
    const since = Date.now();
    publish({ membershipId: actor.membershipId }, 'missed');
    const early = await listen(first, token);
    await early.next('thing');
    const stream = await listen(second, token, `?since=${String(since)}`);
    expect(await stream.next('thing')).toEqual({ id: 'missed' });
  });

  it('says so when it does not know what happened since', async () => {
    const { token } = await makeSession(first, {});
    const stream = await listen(first, token, '?since=1000');
    expect(await stream.next('gap')).toEqual({});
  });

  it('ends at once when its session ends, on whatever replica, with a word that says so', async () => {
    const { token } = await makeSession(first, {});
    const stream = await listen(second, token);
    const started = performance.now();
    const answer = await first.inject({
      method: 'POST',
      url: '/api/v1/auth/logout',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.statusCode).toBe(200);
    expect(await stream.next('end')).toEqual({});
    await stream.ended;
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('ends when the time of its session is over, and goes on when it is not', async () => {
    const over = await makeSession(first, {});
    const lasting = await makeSession(first, {});
    const ending = await listen(first, over.token);
    const going = await listen(first, lasting.token);
    const { manager } = first.get(Transactions, { strict: false });
    await manager.query(
      `update session set last_seen_at = now() - interval '1 day' where membership_id = $1`,
      [over.actor.membershipId],
    );
    await first.get(LiveStreams, { strict: false }).endOverdue();
    expect(await ending.next('end')).toEqual({});
    publish({ membershipId: lasting.actor.membershipId }, 'still');
    expect(await going.next('thing')).toEqual({ id: 'still' });
  });

  it('is refused to strangers, to clients that want no stream, and to a session that has many', async () => {
    const url = `${await first.getUrl()}/api/v1/live`;
    const { token } = await makeSession(first, {});
    const ask = async (headers: Record<string, string>): Promise<number> => {
      const abort = new AbortController();
      const { status } = await fetch(url, { headers, signal: abort.signal });
      abort.abort();
      return status;
    };
    const accept = 'text/event-stream';
    expect(await ask({ accept })).toBe(401);
    expect(await ask({ authorization: `Bearer ${token}` })).toBe(422);
    for (let i = 0; i < 8; i += 1) await listen(first, token);
    expect(await ask({ accept, authorization: `Bearer ${token}` })).toBe(429);
  });

  it('leaves nothing behind when the browser goes', async () => {
    const streams = first.get(LiveStreams, { strict: false });
    const { token } = await makeSession(first, {});
    const before = streams.size;
    const stream = await listen(first, token);
    expect(streams.size).toBe(before + 1);
    stream.close();
    while (streams.size > before) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(streams.size).toBe(before);
  });

  it('does not hold up the end of the process', async () => {
    const leaving = await product.replica();
    await leaving.listen(0, '127.0.0.1');
    const { token } = await makeSession(first, {});
    const stream = await listen(leaving, token);
    const started = performance.now();
    await leaving.get(Drain, { strict: false }).run(8000);
    expect(performance.now() - started).toBeLessThan(500);
    await stream.ended;
    await leaving.close();
  });
});

it('people hear of their databases and runs', async () => {
  const { token } = await makeSession(first, {});
  const stream = await listen(second, token);
  const post = async (url: string, payload: object): Promise<{ id: string }> => {
    const headers = { authorization: `Bearer ${token}` };
    return (await first.inject({ method: 'POST', url: `/api/v1${url}`, headers, payload })).json();
  };
  const { id } = await post('/databases', { name: 'told', engine: 'postgres', template: 'blank' });
  expect(await stream.next('database')).toEqual({ id });
  await post('/queries/sql', { databaseId: id, sql: 'select 1' });
  expect(await stream.eventually('runs')).toEqual({});
});
