import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createApp } from '../../src/create-app.js';
import { FirstStartService } from '../../src/modules/auth/first-start.service.js';
import { SandboxServersService } from '../../src/modules/databases/sandbox-servers.service.js';
import { Outbox, type Letter } from '../../src/platform/mail/outbox.js';
import { configOf } from './databases-world.js';
import { managementDatabase } from './management-database.js';
import { postgresServers } from './servers.js';

const ADMIN = { email: 'admin@example.com', password: 'Correct-Horse-9' };

/** The whole product on two real clusters, asked without a socket. */
export interface Product {
  readonly app: NestFastifyApplication;
  /** Another process's view of the same databases: an application of its own. */
  replica(): Promise<NestFastifyApplication>;
  /** The management database with the owner's login. */
  readonly migrationUrl: string;
  /** Asks the API as the first administrator. */
  api(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object): Promise<LightMyRequestResponse>;
  /** Asks for a page, or sends a form, as the browser of the first administrator. */
  browse(options: InjectOptions): Promise<LightMyRequestResponse>;
  /** The next mail to an address that was not read yet, as soon as there is one. */
  mail(to: string): Promise<Letter>;
  close(): Promise<void>;
}

/** `settings` are environment variables that differ from those of the other tests. */
export async function startProduct(settings: Readonly<Record<string, string>> = {}): Promise<Product> {
  const management = await managementDatabase();
  const [sandboxes] = postgresServers();
  if (sandboxes === undefined) throw new Error('There is no PostgreSQL for sandboxes.');
  const dataDir = await mkdtemp(join(tmpdir(), 'clouddb-product-'));
  const config = configOf(management.url, sandboxes.url, {
    DATA_DIR: dataDir,
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
    BCRYPT_COST: '4',
    ...settings,
  });
  const app = await createApp(config, pino({ level: 'silent' }));
  await app.get(SandboxServersService).ensureSeeded();
  await app.get(FirstStartService).run();
  const token = await signIn(app);
  const cookie = await signInBrowser(app);
  return {
    app,
    replica: async () => createApp(config, pino({ level: 'silent' })),
    migrationUrl: management.migrationUrl,
    api: async (method, url, body) =>
      app.inject({
        method,
        url: `/api/v1${url}`,
        headers: { authorization: `Bearer ${token}` },
        ...(body && { payload: body }),
      }),
    browse: async (options) =>
      app.inject({
        ...options,
        headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin', cookie, ...options.headers },
      }),
    mail: mailReader(app.get(Outbox, { strict: false })),
    close: async () => {
      await app.close();
      await management.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function mailReader(outbox: Outbox): Product['mail'] {
  const read = new Set<string>();
  return async (to) => {
    for (const end = performance.now() + 15_000; performance.now() < end;) {
      const letter = (await outbox.list()).findLast((one) => one.to === to && !read.has(one.id));
      if (letter !== undefined) {
        read.add(letter.id);
        return letter;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`No mail came to ${to}.`);
  };
}

async function signIn(app: NestFastifyApplication): Promise<string> {
  const answer = await app.inject({ method: 'POST', url: '/api/v1/auth/login', payload: ADMIN });
  return answer.json<{ token: string }>().token;
}

async function signInBrowser(app: NestFastifyApplication): Promise<string> {
  const answer = await app.inject({
    method: 'POST',
    url: '/auth/login',
    headers: {
      accept: 'text/html',
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
    },
    payload: new URLSearchParams(ADMIN).toString(),
  });
  return answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}
