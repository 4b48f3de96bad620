import { Injectable } from '@nestjs/common';
import { jsonText } from '../../platform/persistence/json-text.js';
import { Transactions } from '../../platform/persistence/transactions.js';
import type { AlongChange, AuditFilter, NewEntry, StoredEntry } from './audit.types.js';

@Injectable()
export class AuditRepository {
  constructor(private readonly transactions: Transactions) {}

  async insert(entries: readonly NewEntry[]): Promise<void> {
    await this.transactions.manager.query('select audit_record($1)', [jsonText(entries)]);
  }

  /** One statement: the entries, and what they record. */
  async insertAlong<T>(entries: readonly NewEntry[], { call, parameters }: AlongChange): Promise<T> {
    const noted = entries.length === 0 ? '$1::jsonb' : 'audit_record($1)';
    const [row] = await this.transactions.manager.query<{ answer: T }[]>(
      `select ${noted} as noted, ${call} as answer`,
      [jsonText(entries), ...parameters],
    );
    if (row === undefined) throw new Error('A statement with one row answered none.');
    return row.answer;
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
