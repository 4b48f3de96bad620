import type { AppError } from '../../../platform/errors/app-error.js';
import { connectionFrom, type PlaceFields } from './connection-input.js';
import type { OpenConnection } from './external.types.js';

const STORED: OpenConnection = {
  engine: 'postgres',
  host: 'db.example.com',
  port: 5432,
  database: 'shop',
  tlsMode: 'verify',
  tlsCa: null,
  options: {},
  read: { username: 'reader', password: 'stored-read' },
  write: { username: 'writer', password: 'stored-write' },
};

const problemOf = (fields: PlaceFields, current: OpenConnection | null = null): AppError => {
  try {
    connectionFrom('postgres', fields, current);
  } catch (error) {
    return error as AppError;
  }
  throw new Error('It was accepted.');
};

const WHOLE = { host: 'db.example.com', database: 'shop', read: { username: 'reader', password: 'p' } };

describe('a new connection', () => {
  it('has the usual port, verified TLS and no write login unless told otherwise', () => {
    expect(connectionFrom('postgres', WHOLE, null)).toEqual({
      ...{ engine: 'postgres', host: 'db.example.com', port: 5432, database: 'shop' },
      ...{ tlsMode: 'verify', tlsCa: null, options: {}, read: WHOLE.read, write: null },
    });
    expect(connectionFrom('mysql', WHOLE, null).port).toBe(3306);
    expect(connectionFrom('mongodb', { ...WHOLE, read: undefined }, null).read).toEqual({
      username: '',
      password: '',
    });
  });

  it('is taken from a form, whose empty fields say nothing', () => {
    const form = { ...WHOLE, uri: '', writeUri: '', ca: '', write: { username: '', password: '' } };
    expect(connectionFrom('postgres', form, null)).toEqual(connectionFrom('postgres', WHOLE, null));
  });

  it('is taken from connection strings, which TLS as a field overrides', () => {
    const uri = 'postgres://reader:p@db.example.com/shop?sslmode=require';
    const writeUri = 'postgres://writer:w@db.example.com:5432/shop';
    const connection = connectionFrom('postgres', { uri, writeUri }, null);
    expect(connection).toMatchObject({
      tlsMode: 'on',
      read: WHOLE.read,
      write: { username: 'writer', password: 'w' },
    });
    expect(connectionFrom('postgres', { uri, tls: 'off' }, null).tlsMode).toBe('off');
  });

  it('is refused with every field that is wrong', () => {
    expect(problemOf({}).fields).toEqual({
      host: 'is needed',
      database: 'is needed',
      'read.username': 'is needed',
    });
    expect(problemOf({ ...WHOLE, read: { username: 'reader' } }).fields).toEqual({
      'read.password': 'is needed',
    });
    expect(problemOf({ ...WHOLE, write: { username: 'w' } }).fields).toEqual({
      'write.password': 'is needed',
    });
    for (const ca of [
      'nonsense',
      '-----BEGIN CERTIFICATE-----\nQUFB\n-----END CERTIFICATE-----',
      '/etc/passwd',
    ])
      expect(problemOf({ ...WHOLE, ca }).fields).toEqual({ ca: 'is a certificate in PEM' });
    const uri = 'postgres://reader:p@db.example.com/shop';
    const elsewhere = 'postgres://writer:w@other.example.com/shop';
    expect(Object.keys(problemOf({ uri, writeUri: elsewhere }).fields)).toEqual(['writeUri']);
    expect(problemOf({ uri: `${uri}?sslrootcert=/etc/passwd` })).toMatchObject({ code: 'uri_invalid' });
  });
});

describe('a stored password', () => {
  it('stays while the server and the user stay', () => {
    for (const fields of [
      {},
      { database: 'other' },
      { host: 'db.example.com', port: 5432, tls: 'verify' as const },
    ])
      expect(connectionFrom('postgres', fields, STORED)).toMatchObject({
        read: STORED.read,
        write: STORED.write,
      });
  });

  it.each([
    ['host', { host: 'evil.example.com' }],
    ['port', { port: 5433 }],
    ['TLS mode', { tls: 'off' as const }],
    ['connection string', { uri: 'postgres://reader@evil.example.com/shop' }],
  ])('is forgotten with a changed %s, and asked for again', (_, fields) => {
    const problem = problemOf(fields, STORED);
    expect(problem.code).toBe('password_needed');
    expect(Object.keys(problem.fields)).toEqual(['read.password', 'write.password']);
  });

  it('is forgotten with its user only', () => {
    expect(Object.keys(problemOf({ read: { username: 'other' } }, STORED).fields)).toEqual(['read.password']);
    expect(
      connectionFrom('postgres', { read: { username: 'other', password: 'new' } }, STORED),
    ).toMatchObject({
      read: { username: 'other', password: 'new' },
      write: STORED.write,
    });
  });

  it('is replaced by what is given with the new server, and gone with a write login that is removed', () => {
    const moved = { host: 'new.example.com', read: { password: 'r2' }, write: { password: 'w2' } };
    expect(connectionFrom('postgres', moved, STORED)).toMatchObject({
      host: 'new.example.com',
      read: { username: 'reader', password: 'r2' },
      write: { username: 'writer', password: 'w2' },
    });
    expect(connectionFrom('postgres', { write: null }, STORED).write).toBeNull();
    expect(connectionFrom('postgres', { write: { username: '', password: '' } }, STORED).write).toBeNull();
  });
});

describe('a file of SQLite', () => {
  const pathOf = (database: string): string => connectionFrom('sqlite', { database }, null).database;

  it.each(['shop.db', 'team/shop 2.sqlite', 'a-b_c.db'])('may be %s', (path) => {
    expect(pathOf(path)).toBe(path);
    expect(
      connectionFrom('sqlite', { database: path, write: { username: 'file' } }, null).write,
    ).not.toBeNull();
    expect(connectionFrom('sqlite', { database: path }, null).write).toBeNull();
  });

  it.each([
    '',
    '/etc/passwd',
    '../x.db',
    'a/../../x.db',
    'a/./b',
    'a//b',
    '.hidden',
    'a/.x',
    'a\\b',
    'x?mode=rw',
    'file:x',
  ])('may not be %j', (path) => {
    expect(() => pathOf(path)).toThrow(/cannot be accepted/);
  });
});
