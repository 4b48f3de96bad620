import { createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { AppError } from '../errors/app-error.js';
import { Egress } from './egress.js';
import { Resolver } from './resolver.js';

const MANAGEMENT = 'postgres://app:secret@management.internal:5432/clouddb';
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'db.example.com': ['93.184.215.14'],
  'both.example.com': ['93.184.215.14', '2606:2800:21f:cb07::1'],
  'mixed.example.com': ['203.0.113.5', '127.0.0.1'],
  'loop.example.com': ['127.0.0.1'],
  'inside.example.com': ['10.0.0.5'],
  'sixfour.example.com': ['64:ff9b::7f00:1'],
  'management.internal': ['10.1.1.1'],
  'alias-of-management.example.com': ['10.1.1.1'],
  'public-management.example.com': ['93.184.215.20'],
};

/** Answers from a table; what it lacks does not exist. */
class TableResolver extends Resolver {
  asked = 0;

  constructor(private readonly answers: (name: string, asked: number) => readonly string[] | undefined) {
    super();
  }

  override async resolve(name: string): Promise<readonly string[]> {
    const found = this.answers(name, this.asked);
    this.asked += 1;
    return found === undefined ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve(found);
  }
}

function gate(allow: readonly string[] = [], url = MANAGEMENT): Egress {
  const management = { url, migrationUrl: url, poolSize: 2 };
  return new Egress({ egress: { allow }, management }, new TableResolver((name) => NAMES[name]));
}

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'allowed',
    (error: unknown) => (error as { code: string }).code,
  );

const tenant = async (host: string, egress = gate(), port = 5432): Promise<string> =>
  codeOf(egress.pin('tenant', host, port));

describe('a host that a tenant names', () => {
  it.each([
    'db.example.com',
    'both.example.com',
    '93.184.215.14',
    '2606:2800:21f:cb07:6820:80da:af6b:8b2c',
    'DB.Example.COM',
  ])('%s is reached', async (host) => {
    expect(await tenant(host)).toBe('allowed');
  });

  it.each([
    '169.254.169.254',
    '169.254.170.2',
    'fd00:ec2::254',
    '100.100.100.200',
    '168.63.129.16',
    'metadata.google.internal',
    'Metadata',
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.5',
    '100.64.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:93.184.215.14',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fc00::1',
    'fd12::1',
    'fe80::1',
    'ff02::1',
    'loop.example.com',
    'inside.example.com',
    'mixed.example.com',
    'sixfour.example.com',
  ])('%s is not allowed', async (host) => {
    expect(await tenant(host)).toBe('address_not_allowed');
  });

  it.each([
    '',
    ' ',
    '127.1',
    '0x7f.1',
    '0x7f000001',
    '017700000001',
    '0177.0.0.1',
    '2130706433',
    '0',
    '①②⑦.0.0.1',
    '0xa9fea9fe',
    '1.2.3.4.5',
    'example.0x10',
    'fe80::1%lo',
    '[::1]',
    'db.example.com.',
    'db.example.com:22',
    '10.0.0.1,169.254.169.254',
    'db.example.com,127.0.0.1',
    'db.example.com/x',
    '/var/run/postgresql',
    '@abstract',
    'socket:/tmp/x',
    '%2Fvar%2Frun',
    'host\\x',
    'db.example.com\r\nHELO',
    'db example.com',
    ' db.example.com',
    'db..example.com',
    '-db.example.com',
    'bücher.example.com',
    `${'a'.repeat(64)}.com`,
    `${'a.'.repeat(130)}com`,
    'db.example.com\0',
  ])('%j is no host', async (host) => {
    expect(await tenant(host)).toBe('host_invalid');
  });

  it.each([0, -1, 65_536, 1.5, Number.NaN])('port %s is none', async (port) => {
    expect(await tenant('db.example.com', gate(), port)).toBe('port_invalid');
  });

  it('that has no address is said to have none', async () => {
    expect(await tenant('nowhere.example.com')).toBe('name_not_found');
  });

  it('is pinned to the address that was checked, and resolved once', async () => {
    const resolver = new TableResolver((_, asked) => (asked === 0 ? ['93.184.215.14'] : ['127.0.0.1']));
    const management = {
      url: 'postgres://a@10.1.1.1/x',
      migrationUrl: 'postgres://a@10.1.1.1/x',
      poolSize: 2,
    };
    const egress = new Egress({ egress: { allow: [] }, management }, resolver);
    const pinned = await egress.pin('tenant', 'rebind.example.com', 5432);
    expect(pinned).toEqual({ host: 'rebind.example.com', address: '93.184.215.14', port: 5432 });
    expect(resolver.asked).toBe(1);
  });
});

describe('EGRESS_ALLOW', () => {
  const opened = gate(['10.0.0.0/8', 'fd12::/16']);

  it.each(['10.0.0.5', 'inside.example.com', 'fd12::1', 'db.example.com'])('opens %s', async (host) => {
    expect(await tenant(host, opened)).toBe('allowed');
  });

  it.each(['127.0.0.1', '169.254.169.254', '192.168.1.1', 'fd00:ec2::254', 'fd13::1'])(
    'leaves %s closed',
    async (host) => {
      expect(await tenant(host, opened)).toBe('address_not_allowed');
    },
  );

  it.each(['0.0.0.0/0', '::/0'])('of %s opens no metadata, link-local or hidden address', async (all) => {
    const wide = gate([all]);
    for (const host of ['169.254.169.254', 'fd00:ec2::254', 'fe80::1', '::ffff:10.0.0.5', '64:ff9b::a00:5'])
      expect([host, await tenant(host, wide)]).toEqual([host, 'address_not_allowed']);
    expect(await tenant(all.includes('.') ? '10.0.0.5' : 'fd13::1', wide)).toBe('allowed');
  });
});

describe('the product’s own servers', () => {
  const wide = ['0.0.0.0/0', '::/0'];

  it('are closed to tenants by every name, at their port only', async () => {
    const egress = gate(wide);
    egress.protect(() => [{ host: '93.184.215.20', port: 6000 }]);
    for (const host of ['management.internal', 'alias-of-management.example.com', '10.1.1.1'])
      expect([host, await tenant(host, egress)]).toEqual([host, 'address_not_allowed']);
    expect(await tenant('10.1.1.1', egress, 5433)).toBe('allowed');
    expect(await tenant('public-management.example.com', egress, 6000)).toBe('address_not_allowed');
    expect(await tenant('public-management.example.com', egress)).toBe('allowed');
  });

  it('on this machine are closed by each of its addresses', async () => {
    const here = Object.values(networkInterfaces()).flatMap((list) =>
      (list ?? []).map(({ address }) => address),
    );
    const reachable = here.filter((address) => !address.startsWith('fe80'));
    const egress = gate(wide, 'postgres://app@127.0.0.1:5432/clouddb');
    for (const host of [...reachable, '127.0.0.1', '127.7.7.7', '::1'])
      expect([host, await tenant(host, egress)]).toEqual([host, 'address_not_allowed']);
    expect(await tenant('127.0.0.1', egress, 5433)).toBe('allowed');
    expect(await tenant('10.0.0.5', egress)).toBe('allowed');
  });

  it('are open to the platform, as are networks of the organisation, but metadata is not', async () => {
    const platform = async (host: string): Promise<string> => codeOf(gate().pin('platform', host, 5432));
    for (const host of ['management.internal', '127.0.0.1', '::1', '10.0.0.5', 'db.example.com'])
      expect([host, await platform(host)]).toEqual([host, 'allowed']);
    for (const host of ['169.254.169.254', 'fe80::1', '::ffff:10.0.0.5', '0.0.0.0'])
      expect([host, await platform(host)]).toEqual([host, 'address_not_allowed']);
    expect(await platform('127.1')).toBe('host_invalid');
  });
});

it('no refusal names an address that was found behind a name', async () => {
  const refused = gate().pin('tenant', 'inside.example.com', 5432);
  const error = await refused.catch((found: unknown) => found as AppError);
  expect(error).toMatchObject({ code: 'address_not_allowed' });
  const { message, fields, extra } = error as AppError;
  expect(JSON.stringify([message, fields, extra])).not.toContain('10.0.0.5');
});

describe('the machine’s own resolver', () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterAll(() => server.close());

  it('knows localhost, which a tenant reaches only where loopback is open', async () => {
    const management = { url: MANAGEMENT, migrationUrl: MANAGEMENT, poolSize: 2 };
    const closed = new Egress({ egress: { allow: [] }, management }, new Resolver());
    const open = new Egress({ egress: { allow: ['127.0.0.0/8', '::1/128'] }, management }, new Resolver());
    const { port } = server.address() as { port: number };
    expect(await tenant('localhost', closed, port)).toBe('address_not_allowed');
    expect(await tenant('localhost', open, port)).toBe('allowed');
  });
});
