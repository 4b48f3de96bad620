import pg from 'pg';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { managementSource } from '../../../src/platform/persistence/management-source.js';
import { Transactions } from '../../../src/platform/persistence/transactions.js';
import { Signals } from '../../../src/platform/signals/signals.js';
import { configOf } from '../../support/databases-world.js';
import { managementDatabase, type ManagementDatabase } from '../../support/management-database.js';

let database: ManagementDatabase;
let source: DataSource;
let transactions: Transactions;
const replicas: Signals[] = [];

beforeAll(async () => {
  database = await managementDatabase();
  source = await managementSource(database.url, 4).initialize();
  transactions = new Transactions(source);
}, 60_000);

afterAll(async () => {
  for (const replica of replicas) await replica.onApplicationShutdown();
  await source.destroy();
  await database.drop();
});

async function replica(): Promise<{ signals: Signals; heard: string[] }> {
  const config = configOf(database.url, database.url);
  const signals = new Signals(transactions, config, pino({ level: 'silent' }));
  const heard: string[] = [];
  signals.on('test', (payload) => heard.push(payload));
  signals.onGap(() => heard.push('(gap)'));
  await signals.onModuleInit();
  replicas.push(signals);
  return { signals, heard };
}

const until = async (holds: () => boolean): Promise<void> => {
  for (const end = performance.now() + 10_000; !holds();) {
    if (performance.now() > end) throw new Error('It did not come true within ten seconds.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

it('reach every replica when the transaction commits, and none when it is rolled back', async () => {
  const [first, second] = [await replica(), await replica()];
  const undone = transactions.run(async () => {
    await first.signals.publish('test', 'undone');
    throw new Error('no');
  });
  await expect(undone).rejects.toThrow('no');
  await transactions.run(async () => first.signals.publish('test', 'done'));
  await until(() => first.heard.length > 0 && second.heard.length > 0);
  expect([first.heard, second.heard]).toEqual([['done'], ['done']]);
});

it('that were missed are a gap: caches are dropped when the connection goes and when it is back', async () => {
  const { signals, heard } = await replica();
  const owner = new pg.Client({ connectionString: database.migrationUrl });
  await owner.connect();
  await owner.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'clouddb-manager signals' and datname = current_database()`,
  );
  await owner.end();
  await until(() => !signals.connected || heard.length > 0);
  await until(() => signals.connected && heard.length >= 2);
  expect(heard).toEqual(['(gap)', '(gap)']);
  await signals.publish('test', 'after');
  await until(() => heard.includes('after'));
});
