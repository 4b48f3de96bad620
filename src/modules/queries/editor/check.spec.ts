import { analyse, loadGrammar } from '../../../engines/postgres/analysis/analyse.js';
import { checkText } from './check.js';

const postgres = { kind: 'postgres', analyse } as const;
const check = (sql: string, canWrite = true) =>
  checkText(postgres, sql, { role: 'developer', canWrite, ruleFor: null });

beforeAll(async () => {
  await loadGrammar();
});

it('says of each statement where it is, its class and whether it may run', () => {
  const sql = 'select 1;\n-- then\ninsert into t values (1)';
  expect(check(sql).statements).toEqual([
    { from: 0, to: 8, class: 'read', verb: 'select', may: true, reason: null },
    { from: 18, to: sql.length, class: 'dml', verb: 'insert', may: true, reason: null },
  ]);
  expect(check(sql, false).statements.map(({ may }) => may)).toEqual([true, false]);
  expect(check(sql, false).statements[1]?.reason).toMatch(/only read/);
});

it('refuses with the reason what nobody may run', () => {
  expect(check('create role x').statements).toMatchObject([
    { class: 'admin', may: false, reason: expect.stringContaining('Logins') as string },
  ]);
});

it('marks the word at which the grammar gives up', () => {
  expect(check('select * frm orders').problems).toEqual([
    { from: 9, to: 12, severity: 'error', code: '42601', message: 'syntax error at or near "frm"' },
  ]);
});

it('marks the last character where the text ends too early', () => {
  expect(check('select 1 from \n').problems).toMatchObject([{ from: 12, to: 13, severity: 'error' }]);
});

it('knows the statements around a broken one', () => {
  const sql = `select 1; select frm from; update t set a = 'é😀'; delete frm x`;
  const { statements, problems } = check(sql);
  expect(statements.map(({ from, to }) => sql.slice(from, to))).toEqual([
    'select 1',
    `update t set a = 'é😀'`,
  ]);
  const marked = problems.filter(({ severity }) => severity === 'error');
  expect(marked.map(({ from, to }) => sql.slice(from, to))).toEqual(['m', 'frm']);
});

it('reads parameters where values may stand, and keeps every place', () => {
  const sql = 'select :a_long_name, * frm t where x = :b';
  expect(check('select * from t where x = :long_name::int and y > :b').problems).toMatchObject([
    { severity: 'info', from: 0, to: 6 },
  ]);
  expect(check(sql).problems.map(({ from, to }) => sql.slice(from, to))).toEqual(['frm']);
});

it('tells what is worth telling before it runs', () => {
  expect(check('delete from orders').problems).toMatchObject([
    { from: 0, to: 6, severity: 'warning', code: 'delete_without_where' },
  ]);
});

it('leaves what is too long to the run', () => {
  expect(check('select 1;'.repeat(20_000))).toEqual({ statements: [], problems: [], checked: false });
  expect(check('')).toEqual({ statements: [], problems: [], checked: true });
});
