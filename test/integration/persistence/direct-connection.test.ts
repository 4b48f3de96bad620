import pg from 'pg';
import { DirectConnection } from '../../../src/platform/persistence/direct-connection.js';
import { managementDatabase, type ManagementDatabase } from '../../support/management-database.js';

let database: ManagementDatabase;
let direct: DirectConnection;

beforeAll(async () => {
  database = await managementDatabase();
  direct = new DirectConnection(database.url);
}, 60_000);

afterAll(async () => {
  await direct.close();
  await database.drop();
});

const echo = { name: 'echo', text: 'select $1::text, $2::int + 1, null' };
const pid = { name: 'pid', text: 'select pg_backend_pid()' };
const fail = { name: 'fail', text: 'select 1 / $1::int' };

it('runs a statement again and again, and answers rows as text', async () => {
  await expect(direct.run(echo, ['é"\\', '41'])).resolves.toEqual([['é"\\', '42', null]]);
  await expect(direct.run(echo, ['', '1'])).resolves.toEqual([['', '2', null]]);
});

it('answers calls at the same time in their order, over one connection', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => direct.run(echo, ['x', String(index)])),
  );
  expect(answers.map(([row]) => row?.[1])).toEqual(
    Array.from({ length: 20 }, (_, index) => String(index + 1)),
  );
  const pids = await Promise.all(Array.from({ length: 5 }, async () => direct.run(pid, [])));
  expect(new Set(pids.map(([row]) => row?.[0])).size).toBe(1);
});

it('goes on after a statement that failed, also with the same one', async () => {
  await expect(direct.run(fail, ['0'])).rejects.toMatchObject({ code: '22012' });
  await expect(direct.run(fail, ['nonsense'])).rejects.toMatchObject({ code: '22P02' });
  await expect(direct.run(fail, ['1'])).resolves.toEqual([['1']]);
});

it('fails what is under way when the connection is lost, and opens another for the next', async () => {
  const [first] = await direct.run(pid, []);
  const slow = direct.run({ name: 'slow', text: 'select pg_sleep(30)' }, []);
  const failed = expect(slow).rejects.toThrow();
  const owner = new pg.Client({ connectionString: database.migrationUrl });
  await owner.connect();
  await owner.query('select pg_terminate_backend($1::int)', [first?.[0]]);
  await owner.end();
  await failed;
  const [second] = await direct.run(pid, []);
  expect(second?.[0]).not.toBe(first?.[0]);
  await expect(direct.run(echo, ['x', '1'])).resolves.toEqual([['x', '2', null]]);
});

it('says that the server cannot be reached, and tries again with the next call', async () => {
  const nowhere = new DirectConnection('postgres://nobody:x@127.0.0.1:1/none');
  await expect(nowhere.run(pid, [])).rejects.toThrow('ECONNREFUSED');
  await expect(nowhere.run(pid, [])).rejects.toThrow('ECONNREFUSED');
});
