import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import { createApp } from '../../src/create-app.js';
import { FirstStartService } from '../../src/modules/auth/first-start.service.js';
import { SandboxServersService } from '../../src/modules/databases/sandbox-servers.service.js';
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
  close(): Promise<void>;
}

export async function startProduct(): Promise<Product> {
  const management = await managementDatabase();
  const [sandboxes] = postgresServers();
  if (sandboxes === undefined) throw new Error('There is no PostgreSQL for sandboxes.');
  const config = configOf(management.url, sandboxes.url, {
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
    BCRYPT_COST: '4',
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
    close: async () => {
      await app.close();
      await management.drop();
    },
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
