import type { EngineKind } from '../../../engines/engine.js';
import { parseUri, UriError } from './connection-uri.js';

it.each([
  [
    'postgres',
    'postgres://ada:p%40ss@db.example.com:5433/shop?sslmode=verify-full',
    {
      host: 'db.example.com',
      port: 5433,
      database: 'shop',
      username: 'ada',
      password: 'p@ss',
      tls: 'verify',
    },
  ],
  [
    'postgres',
    'postgresql://ada@db/shop',
    { host: 'db', port: null, database: 'shop', username: 'ada', password: '' },
  ],
  [
    'postgres',
    'postgres://a:b@[2001:db8::1]:5432/x?sslmode=require',
    { host: '2001:db8::1', port: 5432, tls: 'on' },
  ],
  ['mysql', 'mysql://a:b@db/x?ssl-mode=DISABLED', { host: 'db', tls: 'off' }],
  ['mysql', 'mariadb://a:b:c@db/x', { password: 'b:c' }],
  [
    'mongodb',
    'mongodb://a:b@db:27017/x?authSource=admin&tls=true&replicaSet=rs0',
    { tls: 'verify', options: { authSource: 'admin', replicaSet: 'rs0' } },
  ],
] as const)('reads the %s string %s', (engine, text, expected) => {
  expect(parseUri(engine, text)).toMatchObject(expected);
});

it.each<[EngineKind, string]>([
  ['postgres', 'postgres://a:b@db/x?sslrootcert=/etc/passwd'],
  ['postgres', 'postgres://a:b@db/x?sslcert=/proc/self/environ&sslkey=/x'],
  ['postgres', 'postgres://a:b@db/x?host=/var/run/postgresql'],
  ['postgres', 'postgres://a:b@db/x?sslmode=prefer'],
  ['postgres', 'postgres://a:b@db/x?sslmode'],
  ['postgres', 'postgres://a:b@db/x?sslmode=constructor'],
  ['postgres', 'postgres://a:b@db/x?options=-c%20x'],
  ['postgres', 'postgres://a:b@db/x?__proto__=x'],
  ['postgres', 'postgres://a:b@db/x?constructor=x'],
  ['postgres', 'postgres://a:b@one,two/x'],
  ['postgres', 'postgres://a:b@db:5432x/x'],
  ['postgres', 'postgres://a:b@db/x#y'],
  ['postgres', 'postgres://a:b%zz@db/x'],
  ['postgres', 'postgres://a:b@c@db/x'],
  ['postgres', 'mysql://a:b@db/x'],
  ['postgres', 'host=db user=a'],
  ['postgres', 'socket:/var/run/postgresql'],
  ['postgres', 'jdbc:postgresql://db/x'],
  ['postgres', ''],
  ['mysql', 'mysql://a:b@db/x?flags=+LOCAL_FILES'],
  ['mysql', 'mysql://a:b@db/x?socketPath=/tmp/x'],
  ['mysql', 'mysql://a:b@db/x?multipleStatements=true'],
  ['mongodb', 'mongodb+srv://a:b@db.example.com/x'],
  ['mongodb', 'mongodb://a:b@one,two/x'],
  ['mongodb', 'mongodb://a:b@db/x?tlsCAFile=/etc/passwd'],
  ['mongodb', 'mongodb://a:b@db/x?authMechanism=MONGODB-AWS'],
  ['mongodb', 'mongodb://a:b@db/x?proxyHost=127.0.0.1'],
  ['sqlite', 'sqlite:///x.db'],
])('refuses the %s string %j, and repeats no secret of it', (engine, text) => {
  const refuse = (): unknown => parseUri(engine, text);
  expect(refuse).toThrow(UriError);
  expect(() => parseUri(engine, text.replace(':b', ':hunter22'))).toThrow(/^(?!.*hunter22)/);
});

it('leaves what the host is to the address gate', () => {
  for (const host of ['127.1', '%2Fvar%2Frun', '①②⑦.0.0.1', '0x7f.1'])
    expect(parseUri('postgres', `postgres://a:b@${host}/x`).host).toBe(host);
});
