import { Injectable } from '@nestjs/common';
import { DirectConnections } from '../../platform/persistence/direct-connections.js';
import { jsonText } from '../../platform/persistence/json-text.js';
import type { TextRow } from '../../platform/persistence/prepared-call.js';
import { Transactions } from '../../platform/persistence/transactions.js';
import type { AlongChange, AuditFilter, NewEntry, StoredEntry } from './audit.types.js';

const INSERT = `insert into audit_entry (id, tenant_id, at, account_id, actor_name, actor_email, ip, request_id, action,
    object_type, object_id, object_name, outcome, details)
  select id, tenant_id, at, account_id, actor_name, actor_email, ip, request_id, action, object_type, object_id,
         object_name, outcome, details
    from json_to_recordset($1) as given (id uuid, tenant_id uuid, at timestamptz, account_id uuid, actor_name text,
         actor_email text, ip text, request_id text, action text, object_type text, object_id text, object_name text,
         outcome text, details jsonb)`;

@Injectable()
export class AuditRepository {
  constructor(
    private readonly transactions: Transactions,
    private readonly direct: DirectConnections,
  ) {}

  async insert(entries: readonly NewEntry[]): Promise<void> {
    await this.transactions.manager.query('select audit_record($1)', [jsonText(entries)]);
  }

  /** One statement: the entries, and what they record. Stands outside of any open transaction. */
  async insertAlong(
    entries: readonly NewEntry[],
    change: AlongChange,
    parameters: readonly string[],
  ): Promise<readonly TextRow[]> {
    const { name, steps, answer } = change;
    const statement = { name, text: `with recorded as (${INSERT}), ${steps} ${answer}` };
    return this.direct.run(statement, [jsonText(entries), ...parameters]);
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
