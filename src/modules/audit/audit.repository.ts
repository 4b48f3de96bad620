import { Injectable } from '@nestjs/common';
import { Transactions } from '../../platform/persistence/transactions.js';
import type { AlongChange, AuditFilter, NewEntry, StoredEntry } from './audit.types.js';

const COLUMNS = `id uuid, tenant_id uuid, at timestamptz, account_id uuid, actor_name text, actor_email text, ip text,
  request_id text, action text, object_type text, object_id text, object_name text, outcome text, details jsonb`;
const NAMES = COLUMNS.replace(/ (?:uuid|timestamptz|text|jsonb)/g, '');

@Injectable()
export class AuditRepository {
  constructor(private readonly transactions: Transactions) {}

  async insert(entries: readonly NewEntry[], along?: AlongChange): Promise<void> {
    await this.transactions.manager.query(
      `${along === undefined ? '' : `with along as (${along.sql})`} insert into audit_entry (${NAMES}) select ${NAMES} from jsonb_to_recordset($1) as given (${COLUMNS})`,
      // PostgreSQL has no NUL in text; dropping the escape keeps an entry that somebody tried to prevent with it.
      [JSON.stringify(entries).replaceAll('\\u0000', ''), ...(along === undefined ? [] : [along.parameter])],
    );
  }

  async list(tenantId: string, filter: AuditFilter, limit: number): Promise<StoredEntry[]> {
    const parameters: unknown[] = [tenantId];
    const conditions = ['e.tenant_id = $1', ...conditionsOf(filter, parameters)];
    parameters.push(limit);
    return this.transactions.manager.query<StoredEntry[]>(
      `select e.*, l.seq, l.hash, l.previous_hash
         from audit_entry e left join audit_link l on l.entry_id = e.id
        where ${conditions.join(' and ')}
        order by e.id desc limit $${String(parameters.length)}`,
      parameters,
    );
  }

  async actions(tenantId: string): Promise<string[]> {
    const rows = await this.transactions.manager.query<{ action: string }[]>(
      `with recursive found as (
         (select action from audit_entry where tenant_id = $1 order by action limit 1)
         union all
         select (select action from audit_entry where tenant_id = $1 and action > f.action order by action limit 1)
           from found f where f.action is not null)
       select action from found where action is not null`,
      [tenantId],
    );
    return rows.map((row) => row.action);
  }
}

function conditionsOf(filter: AuditFilter, parameters: unknown[]): string[] {
  const conditions: string[] = [];
  const add = (value: unknown, condition: (place: string) => string): void => {
    if (value === undefined || value === '') return;
    parameters.push(value);
    conditions.push(condition(`$${String(parameters.length)}`));
  };
  const like = (text: string | undefined): string | undefined =>
    text === undefined || text === '' ? undefined : `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  add(like(filter.actor), (at) => `(e.actor_name ilike ${at} or e.actor_email ilike ${at})`);
  add(filter.action, (at) => `e.action = ${at}`);
  add(like(filter.object), (at) => `(e.object_name ilike ${at} or e.object_id ilike ${at})`);
  add(filter.objectId, (at) => `e.object_id = ${at}`);
  add(filter.from, (at) => `e.at >= ${at}`);
  add(filter.to, (at) => `e.at < ${at}`);
  add(filter.before, (at) => `e.id < ${at}`);
  return conditions;
}
