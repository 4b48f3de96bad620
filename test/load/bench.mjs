// Compares POST /api/v1/queries/sql with a bare Fastify route over the bare driver: same run, same machine, same
// database, alternating rounds. Prints ratios; nothing here passes or fails.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { Client, load, median } from './http-client.mjs';
import { startProduct } from './product.mjs';

const CLIENTS = 8;
const ROUNDS = 3;
const ROUND_MS = Number(process.env.BENCH_ROUND_MS ?? 5000);

const CASES = [
  { name: 'select 1', sql: 'select 1' },
  {
    name: '1,000 rows x 10 columns',
    sql: `select n as a, n * 2 as b, 'customer ' || n as c, md5(n::text) as d, n / 7.0 as e, n % 2 = 0 as f,
                 timestamp '2026-01-01' + n * interval '1 minute' as g, 'city ' || n % 50 as h, n * 1000 as i,
                 case when n % 5 = 0 then null else 'note ' || n end as j
            from generate_series(1, 1000) n`,
  },
];

const product = await startProduct();
const client = new Client(CLIENTS);
const database = await product.post('/databases', { name: 'bench', engine: 'postgres', template: 'sample' });
const { bare, stop: stopBare } = await startBare(database.connection);

try {
  for (const { name, sql } of CASES) await compare(name, sql);
  await measureMemory();
  await measureCreation();
} finally {
  client.close();
  stopBare();
  await product.stop();
}

async function compare(name, sql) {
  const governedCall = () =>
    client.post(`${product.api}/queries/sql`, { databaseId: database.id, sql }, product.headers);
  const bareCall = () => client.post(`${bare}/sql`, { sql });
  await load(CLIENTS, 2 * ROUND_MS, governedCall);
  await load(CLIENTS, ROUND_MS, bareCall);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const governed = await load(CLIENTS, ROUND_MS, governedCall);
    rounds.push({ governed, bare: await load(CLIENTS, ROUND_MS, bareCall) });
  }
  console.log(`\n${name}, ${CLIENTS} clients, medians of ${ROUNDS} alternating rounds`);
  for (const side of ['bare', 'governed']) {
    const of = (key) => median(rounds.map((round) => round[side][key]));
    console.log(
      `  ${side.padEnd(9)} ${of('rate').toFixed(0).padStart(6)} requests/s   p50 ${of('p50').toFixed(2)} ms   p99 ${of('p99').toFixed(2)} ms`,
    );
  }
  const ratio = median(rounds.map(({ governed, bare: other }) => governed.rate / other.rate));
  console.log(`  ratio     ${ratio.toFixed(2)}`);
}

async function measureMemory() {
  const cases = [
    [
      'one SELECT of 1,000,000 rows, cut at the limit',
      1,
      'select n, md5(n::text) from generate_series(1, 1000000) n',
      10_000,
    ],
    [
      'eight SELECTs of 1,000,000 rows at once',
      8,
      'select n, md5(n::text) from generate_series(1, 1000000) n',
      10_000,
    ],
    [
      'eight SELECTs of 5,000,000 rows at once',
      8,
      'select n, md5(n::text) from generate_series(1, 5000000) n',
      10_000,
    ],
    ['one cell of 200 MB', 1, "select repeat('x', 200000000)", 10],
  ];
  console.log('\nGrowth of resident memory');
  for (const [name, clients, sql, maxRows] of cases) {
    const before = product.residentMb();
    let peak = before;
    const watch = setInterval(() => (peak = Math.max(peak, product.residentMb())), 20);
    const call = () =>
      client.post(`${product.api}/queries/sql`, { databaseId: database.id, sql, maxRows }, product.headers);
    await Promise.all(Array.from({ length: clients }, call));
    clearInterval(watch);
    console.log(`  ${name.padEnd(48)} ${(peak - before).toFixed(0)} MB (from ${before.toFixed(0)} MB)`);
  }
}

async function measureCreation() {
  console.log('\nCreating a database, median of 7');
  for (const template of ['blank', 'sample']) {
    const times = [];
    for (let index = 0; index < 7; index += 1) {
      const started = performance.now();
      await product.post('/databases', { name: `${template}_${index}`, engine: 'postgres', template });
      times.push(performance.now() - started);
    }
    console.log(`  ${template.padEnd(8)} ${median(times).toFixed(0)} ms`);
  }
}

async function startBare({ host, port, database: name, username, password }) {
  const url = new URL(`postgres://${host}:${port}/${name}`);
  url.username = username;
  url.password = password;
  const child = fork(join(import.meta.dirname, 'bare-server.mjs'), {
    env: { ...process.env, BARE_URL: url.toString() },
  });
  const { address } = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`The bare server ended with ${code}.`)));
  });
  return { bare: address, stop: () => child.disconnect() };
}
