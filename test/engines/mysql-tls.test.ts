import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineError, Target } from '../../src/engines/engine.js';
import { MysqlDriver } from '../../src/engines/mysql/mysql-driver.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { describeOnMysql } from '../support/servers.js';
import { only, runIn } from './engine.contract.js';

/** A certificate for a name and an address, signed by an authority of our own. */
function makeCertificates(folder: string): void {
  mkdirSync(folder, { mode: 0o755 });
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=Test authority',
  );
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost');
  writeFileSync(join(folder, 'names.cnf'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  openssl(
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '2',
    '-out',
    'server.pem',
    '-extfile',
    'names.cnf',
  );
  for (const file of ['ca.pem', 'server.pem', 'server.key']) chmodSync(join(folder, file), 0o644);
}

async function startServer(
  folder: string,
  certificates: string,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const options = ['ca=ca.pem', 'cert=server.pem', 'key=server.key'].map((option) => {
    const [name = '', file = ''] = option.split('=');
    return `--ssl-${name}=${join(certificates, file)}`;
  });
  const program = join(import.meta.dirname, '..', 'support', 'mariadb-owner.mjs');
  const child = spawn(process.execPath, [program, folder, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  const stop = async (): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  return { url: chunk.toString().trim(), stop };
}

describeOnMysql('TLS beside', () => {
  const driver = new MysqlDriver();
  let folder: DataFolder;
  let server: { url: string; stop: () => Promise<void> };
  let target: Target;
  let ca: string;

  beforeAll(async () => {
    folder = await dataFolder();
    const certificates = join(folder.path, 'certificates');
    makeCertificates(certificates);
    ca = readFileSync(join(certificates, 'ca.pem'), 'utf8');
    server = await startServer(folder.path, certificates);
    const { port, username, password } = new URL(server.url);
    target = {
      host: '127.0.0.1',
      port: Number(port),
      database: 'mysql',
      username,
      password,
      tls: { mode: 'off' },
    };
  }, 60_000);

  afterAll(async () => {
    await driver.close();
    await server.stop();
    await folder[Symbol.asyncDispose]();
  });

  async function cipher(to: Target): Promise<unknown> {
    await using session = await driver.open(to, 'read');
    const { sink } = await runIn(session, only(driver, "show status like 'ssl_cipher'"));
    return sink.rows()[0]?.[1];
  }

  const codeOf = async (to: Target): Promise<string> =>
    driver.open(to, 'read').then(
      () => 'no error',
      (error: unknown) => (error as EngineError).problem.code,
    );

  it('is off where it is off, and encrypts where it is on', async () => {
    expect(await cipher(target)).toBe('');
    expect(await cipher({ ...target, tls: { mode: 'on' } })).toMatch(/^(?:TLS|ECDHE)/);
  });

  it('cancels over a connection that is encrypted too', async () => {
    const to: Target = { ...target, tls: { mode: 'verify', ca } };
    await using session = await driver.open(to, 'read');
    const running = runIn(session, only(driver, 'select sleep(20)')).catch(
      (error: unknown) => (error as EngineError).problem.code,
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    await driver.cancel(to, session.backendId);
    expect(await running).toBe('cancelled');
  });

  it('verifies against the given authority, by name and by address', async () => {
    const tls = { mode: 'verify', ca } as const;
    expect(await cipher({ ...target, tls })).toMatch(/^(?:TLS|ECDHE)/);
    expect(await cipher({ ...target, host: 'localhost', tls })).toMatch(/^(?:TLS|ECDHE)/);
  });

  it('does not trust an authority that was not given', async () => {
    expect(await codeOf({ ...target, tls: { mode: 'verify' } })).toBe('tls_untrusted');
  });

  it('goes to the checked address and verifies the name that was registered', async () => {
    const tls = { mode: 'verify', ca } as const;
    expect(await cipher({ ...target, host: 'localhost', address: '127.0.0.1', tls })).toMatch(
      /^(?:TLS|ECDHE)/,
    );
    expect(await codeOf({ ...target, host: 'db.example', address: '127.0.0.1', tls })).toBe('tls_untrusted');
    expect(await codeOf({ ...target, host: '10.1.2.3', address: '127.0.0.1', tls })).toBe('tls_untrusted');
    expect(
      await cipher({ ...target, host: 'db.example', address: '127.0.0.1', tls: { mode: 'on' } }),
    ).not.toBe('');
  });
});
