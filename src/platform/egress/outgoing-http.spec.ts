import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Egress } from './egress.js';
import { OutgoingHttp, type OutgoingRequest } from './outgoing-http.js';
import { Resolver } from './resolver.js';

const MANAGEMENT = { url: 'postgres://a@10.1.1.1/x', migrationUrl: 'postgres://a@10.1.1.1/x', poolSize: 2 };
const NAMES: Readonly<Record<string, string>> = {
  'hook.example.com': '127.0.0.1',
  'inside.example.com': '10.0.0.5',
};

class TableResolver extends Resolver {
  override async resolve(name: string): Promise<readonly string[]> {
    const address = NAMES[name];
    return address === undefined ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve([address]);
  }
}

const http = new OutgoingHttp(
  new Egress({ egress: { allow: ['127.0.0.0/8'] }, management: MANAGEMENT }, new TableResolver()),
);
let server: Server;
let port: number;
const seen: { host: string | undefined; authorization: string | undefined; url: string; body: string }[] = [];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
  const { host, authorization } = request.headers;
  const url = request.url ?? '';
  seen.push({ host, authorization, url, body });
  const to = new URL(url, 'http://x').searchParams.get('to');
  if (to !== null) response.writeHead(302, { location: to }).end();
  else if (url === '/silent') response.writeHead(200).write('a');
  else if (url === '/long') response.writeHead(200).end('x'.repeat(5000));
  else response.writeHead(url === '/missing' ? 404 : 200, { 'x-kind': 'test' }).end(`it came: ${body}`);
}

beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  ({ port } = server.address() as AddressInfo);
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const at = (path: string, host = 'hook.example.com'): string => `http://${host}:${String(port)}${path}`;

const send = async (url: string, more: Partial<OutgoingRequest> = {}): ReturnType<OutgoingHttp['send']> =>
  http.send({ destination: 'tenant', url, timeoutMs: 2000, maxBytes: 4000, plainHttp: true, ...more });

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'answered',
    (error: unknown) => (error as { code: string }).code,
  );

it('sends to the pinned address under the host’s own name, and answers any status', async () => {
  const found = await send(at('/in'), {
    method: 'POST',
    body: 'hello',
    headers: { authorization: 'Bearer t' },
  });
  expect(found).toMatchObject({ status: 200, headers: { 'x-kind': 'test' } });
  expect(found.body.toString()).toBe('it came: hello');
  expect(seen.at(-1)).toEqual({
    host: `hook.example.com:${String(port)}`,
    authorization: 'Bearer t',
    url: '/in',
    body: 'hello',
  });
  expect((await send(at('/missing'))).status).toBe(404);
});

it('refuses what is no HTTPS address, unless plain HTTP is taken', async () => {
  for (const url of ['ftp://x/', 'file:///etc/passwd', 'nonsense', 'https://user:secret@hook.example.com/'])
    expect([url, await codeOf(send(url))]).toEqual([url, 'url_invalid']);
  expect(await codeOf(send(at('/'), { plainHttp: false }))).toBe('url_invalid');
  expect(await codeOf(send(at('/')))).toBe('answered');
});

it.each(['inside.example.com', '10.0.0.5', '169.254.169.254', '[::1]', '[::ffff:127.0.0.1]', '0x0a000005'])(
  'does not connect to %s',
  async (host) => {
    expect(await codeOf(send(`http://${host}/`))).toBe('address_not_allowed');
  },
);

it('follows a redirect only when asked to, and through the gate', async () => {
  expect(await codeOf(send(at(`/?to=${at('/here')}`)))).toBe('http_redirected');
  const followed = await send(at('/?to=/here'), { redirects: 1, headers: { authorization: 'Bearer t' } });
  expect(followed.status).toBe(200);
  expect(seen.at(-1)).toMatchObject({ url: '/here', authorization: 'Bearer t' });
  const inside = encodeURIComponent('http://169.254.169.254/latest');
  expect(await codeOf(send(at(`/?to=${inside}`), { redirects: 3 }))).toBe('address_not_allowed');
  const loop = encodeURIComponent('/?to=/here');
  expect(await codeOf(send(at(`/?to=${loop}`), { redirects: 1 }))).toBe('http_redirected');
  expect(await codeOf(send(at('/?to=/here'), { redirects: 1, method: 'POST' }))).toBe('http_redirected');
});

it('tells another host nothing of what was meant for the first', async () => {
  const to = encodeURIComponent(at('/elsewhere', '127.0.0.1'));
  await send(at(`/?to=${to}`), { redirects: 1, headers: { authorization: 'Bearer t' } });
  expect(seen.at(-1)).toMatchObject({ url: '/elsewhere', authorization: undefined });
});

it('bounds time and size', async () => {
  expect(await codeOf(send(at('/silent'), { timeoutMs: 200 }))).toBe('http_timeout');
  expect(await codeOf(send(at('/long')))).toBe('http_too_large');
  expect((await send(at('/long'), { maxBytes: 5000 })).body).toHaveLength(5000);
});

it('says that nobody answers without naming an address', async () => {
  const error = (await send('http://hook.example.com:1/').catch((found: unknown) => found)) as Error & {
    code: string;
  };
  expect(error.code).toBe('http_failed');
  expect(error.message).not.toContain('127.0.0.1');
});
