import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { LightMyRequestResponse } from 'fastify';
import type { RequestPage } from '../../src/modules/approvals/requests/requests.view.js';
import type { Role } from '../../src/platform/access/roles.js';
import type { TenantFacts } from '../../src/modules/tenants/tenants.types.js';
import { makeTenant } from '../factories/people.js';
import { makeSession } from '../factories/sessions.js';
import { startProduct, type Product } from './product.js';

export type Who = 'dev' | 'boss' | 'second' | 'admin' | 'viewer' | 'stranger';

const ROLES: Readonly<Record<Exclude<Who, 'stranger'>, Role>> = {
  dev: 'developer',
  boss: 'manager',
  second: 'manager',
  admin: 'tenant_admin',
  viewer: 'viewer',
};

/** A tenant with people of every role, and a database of the developer's with a table of accounts. */
export interface RequestsWorld {
  readonly product: Product;
  readonly tenant: TenantFacts;
  readonly databaseId: string;
  as(
    who: Who,
    method: Method,
    url: string,
    body?: object,
    app?: NestFastifyApplication,
  ): Promise<LightMyRequestResponse>;
  /** Runs statements as the developer; answers the rows of the last one. */
  sql(text: string): Promise<unknown[][]>;
  submit(text: string, more?: object): Promise<RequestPage>;
  see(id: string): Promise<RequestPage>;
  /** Waits until it is neither pending, approved nor executing. */
  settled(id: string): Promise<RequestPage>;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

const TABLE = `create table account (id int primary key, owner text not null, balance numeric(12,2) not null);
               insert into account select i, 'owner ' || i, i * 10 from generate_series(1, 20) i`;

export async function openRequests(): Promise<RequestsWorld> {
  const product = await startProduct();
  const tenant = await makeTenant(product.app);
  const tokens = new Map<Who, string>();
  for (const [who, role] of Object.entries(ROLES) as [Who, Role][])
    tokens.set(who, (await makeSession(product.app, { role, tenant })).token);
  tokens.set('stranger', (await makeSession(product.app, { role: 'tenant_admin' })).token);

  const as: RequestsWorld['as'] = async (who, method, url, body, app = product.app) =>
    app.inject({
      method,
      url: `/api/v1${url}`,
      headers: { authorization: `Bearer ${tokens.get(who) ?? ''}` },
      ...(body && { payload: body }),
    });
  const made = await as('dev', 'POST', '/databases', {
    name: 'ledger',
    engine: 'postgres',
    template: 'blank',
  });
  const databaseId = made.json<{ id: string }>().id;

  const sql: RequestsWorld['sql'] = async (text) => {
    const { results } = (await as('dev', 'POST', '/queries/sql', { databaseId, sql: text })).json<{
      results: { rows: unknown[][]; error: unknown }[];
    }>();
    expect(results.map(({ error }) => error)).toEqual(results.map(() => null));
    return results.at(-1)?.rows ?? [];
  };
  const see: RequestsWorld['see'] = async (id) =>
    (await as('dev', 'GET', `/requests/${id}`)).json<RequestPage>();
  await sql(TABLE);
  return {
    ...{ product, tenant, databaseId, as, sql, see },
    submit: async (text, more = {}) => {
      const answer = await as('dev', 'POST', '/requests', {
        databaseId,
        text,
        reason: 'It is needed.',
        ...more,
      });
      if (answer.statusCode !== 201) throw new Error(answer.body);
      return answer.json<RequestPage>();
    },
    settled: async (id) => {
      for (;;) {
        const page = await see(id);
        if (!['pending', 'approved', 'executing'].includes(page.state)) return page;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}
