import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { verifyExport } from '../../../src/modules/audit/audit-export.js';
import { AuditSealerService } from '../../../src/modules/audit/audit-sealer.service.js';
import { AuditService } from '../../../src/modules/audit/audit.service.js';
import { AuditVerifierService } from '../../../src/modules/audit/audit-verifier.service.js';
import { Transactions } from '../../../src/platform/persistence/transactions.js';
import { makeActor } from '../../factories/people.js';
import { startProduct, type Product } from '../../support/product.js';

let product: Product;
let audit: AuditService;
let sealer: AuditSealerService;
let verifier: AuditVerifierService;

const now = new Date('2026-11-24T12:00:00Z');

beforeAll(async () => {
  product = await startProduct();
  const loose = { strict: false };
  audit = product.app.get(AuditService, loose);
  sealer = product.app.get(AuditSealerService, loose);
  verifier = product.app.get(AuditVerifierService, loose);
}, 120_000);

afterAll(async () => {
  await product.close();
});

/** A tenant's chain of five sealed entries. */
async function makeChain(): Promise<string> {
  const actor = await makeActor(product.app);
  for (const step of ['one', 'two', 'three', 'four', 'five']) {
    await audit.record(actor, 'test.step', { details: { step } });
  }
  await sealer.seal(now);
  return actor.tenantId;
}

async function asOwner<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: product.migrationUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** What somebody does who has the server itself: the triggers are switched off first. */
async function tamper(sql: string, parameters: unknown[]): Promise<void> {
  await asOwner(async (client) => {
    const tables = ['audit_entry', 'audit_link', 'audit_checkpoint'];
    for (const table of tables) await client.query(`alter table ${table} disable trigger all`);
    await client.query(sql, parameters);
    for (const table of tables)
      await client.query(`alter table ${table} enable always trigger ${table}_append_only`);
    await client.query('alter table audit_entry enable trigger audit_entry_pending');
  });
}

it('an untouched chain is intact, also after more entries', async () => {
  const chain = await makeChain();
  expect(await verifier.verify(chain, now)).toEqual({ sealed: 5n, broken: null });
  expect(await verifier.stateOf(chain)).toMatchObject({ state: 'intact', sealed: 5, waiting: 0 });
});

const entryAt = `(select entry_id from audit_link where chain_id = $1 and seq = 3)`;

it.each([
  ['a changed entry', `update audit_entry set actor_name = 'nobody' where id = ${entryAt}`, 3n],
  ['changed details', `update audit_entry set details = '{"step": "3"}' where id = ${entryAt}`, 3n],
  ['a removed entry', `delete from audit_entry where id = ${entryAt}`, 3n],
  ['a removed link', 'delete from audit_link where chain_id = $1 and seq = 3', 3n],
  ['a cut tail', 'delete from audit_link where chain_id = $1 and seq > 4', 5n],
  [
    'two swapped entries',
    `update audit_link l set entry_id = o.entry_id from audit_link o
      where l.chain_id = $1 and o.chain_id = $1 and l.seq = 2 and o.seq = 3`,
    2n,
  ],
  [
    'a forged checkpoint',
    `update audit_checkpoint set signature = repeat('A', 86) || '==' where chain_id = $1`,
    5n,
  ],
])('%s is found at its place', async (_, sql, place) => {
  const chain = await makeChain();
  if (sql.includes('set entry_id'))
    await tamper('alter table audit_link drop constraint if exists uq_audit_link_entry', []);
  await tamper(sql, [chain]);
  const { broken } = await verifier.verify(chain, now);
  expect(broken?.seq).toBe(place);
  expect(await verifier.stateOf(chain)).toMatchObject({ state: 'broken', brokenAt: Number(place) });
});

it('a chain that was computed anew does not fit its signed checkpoint', async () => {
  const chain = await makeChain();
  await tamper(`update audit_link set hash = sha256(hash) where chain_id = $1 and seq = 5`, [chain]);
  expect((await verifier.verify(chain, now)).broken?.seq).toBe(5n);
});

it('an export is checked with the public keys alone, and a changed line is found', async () => {
  const chain = await makeChain();
  const lines: string[] = [];
  for await (const line of verifier.exportLines()) if (line.includes(chain)) lines.push(line);
  const read = async function* (changed: readonly string[]): AsyncGenerator<string> {
    for (const line of changed) yield await Promise.resolve(line);
  };
  const keys = sealer.publicKeys();
  expect((await verifyExport(read(lines), keys)).get(chain)?.broken).toBeNull();
  const changed = lines.map((line) => line.replace('four', 'vier'));
  expect((await verifyExport(read(changed), keys)).get(chain)?.broken?.seq).toBe(4n);
});

describe.each(['audit_entry', 'audit_link', 'audit_checkpoint'])('%s only grows', (table) => {
  it.each([
    `delete from ${table}`,
    `truncate ${table}`,
    `update ${table} set ${table === 'audit_entry' ? 'ip' : 'hash'} = null`,
  ])('%s is refused to the application and to the owner', async (sql) => {
    await makeChain();
    const { manager } = product.app.get(Transactions, { strict: false });
    await expect(manager.query(sql)).rejects.toMatchObject({ code: '42501' });
    await expect(asOwner(async (client) => client.query(sql))).rejects.toMatchObject({ code: '42501' });
  });
});

it('an act that is rolled back leaves no entry, one that commits does', async () => {
  const actor = await makeActor(product.app);
  const transactions = product.app.get(Transactions, { strict: false });
  await expect(
    transactions.run(async () => {
      await audit.record(actor, 'test.rolled_back');
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  await transactions.run(async () => audit.record(actor, 'test.committed'));
  const { entries } = await audit.list(actor, {});
  expect(entries.map((entry) => entry.action)).toEqual(['test.committed']);
});

it('entries of other tenants are not seen, and a NUL or a huge text keeps none away', async () => {
  const [mine, theirs] = [await makeActor(product.app), await makeActor(product.app)];
  const marker = randomUUID();
  await audit.record(theirs, 'test.secret', { details: { marker } });
  await audit.record(mine, 'test.odd', { details: { text: `a\0${'x'.repeat(20_000)}` } });
  const { entries } = await audit.list(mine, {});
  expect(JSON.stringify(entries)).not.toContain(marker);
  expect(entries).toHaveLength(1);
  expect(JSON.stringify(entries[0]?.details).length).toBeLessThan(9000);
});

it('two sealers at once link every entry once', async () => {
  const actor = await makeActor(product.app);
  await Promise.all(Array.from({ length: 40 }, async () => audit.record(actor, 'test.many')));
  await Promise.all([sealer.seal(now), sealer.seal(now), sealer.seal(now)]);
  await sealer.seal(now);
  expect(await verifier.verify(actor.tenantId, now)).toEqual({ sealed: 40n, broken: null });
});
