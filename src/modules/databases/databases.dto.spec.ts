import 'reflect-metadata';
import { validationPipe } from '../../platform/http/validation.js';
import { CreateDatabaseInput, SettingsInput } from './databases.dto.js';

const pipe = validationPipe();
const check = async (metatype: new () => object, value: unknown): Promise<unknown> =>
  pipe.transform(value, { type: 'body', metatype });
const named = (name: unknown): object => ({ name, engine: 'postgres', template: 'blank' });

describe('a new database', () => {
  it.each(['shop', 'Shop_2', '_', '0', 'select', 'postgres', 'template0', 'a'.repeat(64)])(
    'may be called %s: the name never reaches the server',
    async (name) => {
      await expect(check(CreateDatabaseInput, named(name))).resolves.toMatchObject({ name });
    },
  );

  it.each([
    '',
    'a'.repeat(65),
    'with space',
    'a"; DROP DATABASE x; --',
    'a`b',
    "o'brien",
    'ünïcode',
    '\u0430dmin',
    'new\nline',
    'nul\0',
    'a-b',
    7,
    null,
    ['a'],
  ])('may not be called %p', async (name) => {
    await expect(check(CreateDatabaseInput, named(name))).rejects.toMatchObject({
      kind: 'invalid',
      fields: { name: 'has letters, digits and underscores, at most 64 of them' },
    });
  });

  it.each([
    ['engine', { ...named('shop'), engine: 'oracle' }],
    ['template', { ...named('shop'), template: 'tpl_blank_v1' }],
    ['tenantId', { ...named('shop'), tenantId: 'other' }],
    ['ownerId', { ...named('shop'), ownerId: 'other' }],
    ['status', { ...named('shop'), status: 'running' }],
  ])('is refused with a wrong or smuggled %s', async (field, body) => {
    await expect(check(CreateDatabaseInput, body)).rejects.toMatchObject({
      kind: 'invalid',
      fields: { [field]: expect.any(String) as string },
    });
  });
});

describe('settings', () => {
  it.each([
    [
      { autoStopMinutes: '60', protected: 'true' },
      { autoStopMinutes: 60, protected: true },
    ],
    [{ autoStopMinutes: 0 }, { autoStopMinutes: 0 }],
    [{ protected: 'false' }, { protected: false }],
  ])('%j is taken as %j, as forms and JSON write it', async (given, taken) => {
    await expect(check(SettingsInput, given)).resolves.toMatchObject(taken);
  });

  it.each([
    { autoStopMinutes: -1 },
    { autoStopMinutes: 1.5 },
    { autoStopMinutes: 'soon' },
    { protected: 'maybe' },
  ])('%j is refused', async (given) => {
    await expect(check(SettingsInput, given)).rejects.toMatchObject({ kind: 'invalid' });
  });
});
