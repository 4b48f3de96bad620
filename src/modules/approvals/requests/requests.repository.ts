import { Injectable } from '@nestjs/common';
import { jsonText } from '../../../platform/persistence/json-text.js';
import { Transactions } from '../../../platform/persistence/transactions.js';
import type { Decision, EffectPreview, RequestEvent, RequestRecord, RequestState } from './requests.types.js';

const COLUMNS: readonly (keyof RequestRecord)[] = [
  'id',
  'tenantId',
  'number',
  'requesterId',
  'lastEditorId',
  'databaseId',
  'podId',
  'kind',
  'title',
  'text',
  'textHash',
  'reason',
  'run',
  'scheduledFor',
  'windowFrom',
  'windowUntil',
  'state',
  'stateReason',
  'stateSince',
  'expiresAt',
  'version',
  'risk',
  'environment',
  'analysis',
  'steps',
  'targetHash',
  'schemaHash',
  'effect',
  'tolerance',
  'undoOf',
  'createdAt',
];
const JSON_COLUMNS: ReadonlySet<keyof RequestRecord> = new Set(['analysis', 'steps', 'effect']);

const columnOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const SELECT = `select ${COLUMNS.map((name) => `r.${columnOf(name)} as "${name}"`).join(', ')} from query_request r`;

/** Who is named in the history of a request. */
export interface EventActor {
  /** The membership; null for the product itself. */
  readonly id: string | null;
  readonly name: string;
}

export interface NewEvent {
  readonly actor: EventActor;
  readonly at: Date;
  readonly kind: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface Transition {
  readonly from: RequestState;
  readonly to: RequestState;
  readonly reason?: string | null;
  readonly expiresAt?: Date | null;
  readonly event: NewEvent;
}

export type RequestChanges = Partial<Omit<RequestRecord, 'id' | 'tenantId' | 'number' | 'state'>>;

/** What a list of requests asks for. */
export interface RequestFilter {
  readonly states?: readonly RequestState[];
  readonly requesterId?: string;
  /** Only older ones than this number. */
  readonly before?: number;
}

export interface DecisionRow extends Decision {
  readonly requestId: string;
  readonly version: number;
}

@Injectable()
export class RequestsRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Numbers count within the tenant, without gaps as long as nothing is rolled back. */
  async nextNumber(tenantId: string): Promise<number> {
    const [row] = await this.ask<{ last: number }>(
      `insert into request_number (tenant_id, last) values ($1, 1)
       on conflict (tenant_id) do update set last = request_number.last + 1 returning last`,
      [tenantId],
    );
    return row?.last ?? 1;
  }

  async insert(record: RequestRecord): Promise<void> {
    const places = COLUMNS.map((_, index) => `$${String(index + 1)}`).join(', ');
    await this.ask(
      `insert into query_request (${COLUMNS.map(columnOf).join(', ')}) values (${places})`,
      COLUMNS.map((name) => parameter(name, record[name])),
    );
  }

  async find(tenantId: string, id: string): Promise<RequestRecord | undefined> {
    const [row] = await this.ask<RequestRecord>(`${SELECT} where r.tenant_id = $1 and r.id = $2`, [
      tenantId,
      id,
    ]);
    return row;
  }

  async findForUpdate(tenantId: string, id: string): Promise<RequestRecord | undefined> {
    const [row] = await this.ask<RequestRecord>(`${SELECT} where r.tenant_id = $1 and r.id = $2 for update`, [
      tenantId,
      id,
    ]);
    return row;
  }

  /** The newest first. */
  async list(tenantId: string, filter: RequestFilter, limit: number): Promise<RequestRecord[]> {
    return this.ask<RequestRecord>(
      `${SELECT} where r.tenant_id = $1 and ($2::text[] is null or r.state = any($2))
         and ($3::uuid is null or r.requester_id = $3) and ($4::int is null or r.number < $4)
       order by r.number desc limit $5`,
      [tenantId, filter.states ?? null, filter.requesterId ?? null, filter.before ?? null, limit],
    );
  }

  /** Of every tenant, for the jobs: what has expired, or is due to run. */
  async listExpired(now: Date, limit: number): Promise<RequestRecord[]> {
    return this.ask<RequestRecord>(
      `${SELECT} where r.state in ('pending', 'approved') and r.expires_at <= $1 order by r.expires_at limit $2`,
      [now, limit],
    );
  }

  async listDue(now: Date, limit: number): Promise<RequestRecord[]> {
    return this.ask<RequestRecord>(
      `${SELECT} where r.state = 'approved' and r.run = 'at' and r.scheduled_for <= $1 order by r.scheduled_for limit $2`,
      [now, limit],
    );
  }

  async update(tenantId: string, id: string, changes: RequestChanges): Promise<void> {
    const entries = Object.entries(changes) as [keyof RequestRecord, unknown][];
    const sets = entries.map(([name], index) => `${columnOf(name)} = $${String(index + 3)}`).join(', ');
    await this.ask(`update query_request set ${sets} where tenant_id = $1 and id = $2`, [
      tenantId,
      id,
      ...entries.map(([name, value]) => parameter(name, value)),
    ]);
  }

  /** Keeps a preview, unless the request has another text by now. */
  async keepEffect(record: RequestRecord, effect: EffectPreview): Promise<void> {
    await this.ask('update query_request set effect = $4 where tenant_id = $1 and id = $2 and version = $3', [
      record.tenantId,
      record.id,
      record.version,
      jsonText(effect),
    ]);
  }

  /** False when the request was not in the state it was to leave. */
  async transition(
    tenantId: string,
    id: string,
    { from, to, reason, expiresAt, event }: Transition,
  ): Promise<boolean> {
    const { actor, at, kind, details = {} } = event;
    const [row] = await this.ask<{ done: boolean }>(
      'select request_transition($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) as done',
      [
        tenantId,
        id,
        from,
        to,
        at,
        expiresAt ?? null,
        reason ?? null,
        actor.id,
        actor.name,
        kind,
        jsonText(details),
      ],
    );
    return row?.done ?? false;
  }

  async note(id: string, { actor, at, kind, details = {} }: NewEvent): Promise<void> {
    await this.ask('select request_note($1, $2, $3, $4, $5, $6)', [
      id,
      at,
      actor.id,
      actor.name,
      kind,
      jsonText(details),
    ]);
  }

  async events(id: string): Promise<RequestEvent[]> {
    return this.ask<RequestEvent>(
      `select seq, at, actor_id as "actorId", actor_name as "actorName", kind, details
         from request_event where request_id = $1 order by seq`,
      [id],
    );
  }

  async decisions(id: string, version: number): Promise<Decision[]> {
    return this.ask<Decision>(
      `select membership_id as "membershipId", name, step, at from request_decision
        where request_id = $1 and version = $2 order by at, membership_id`,
      [id, version],
    );
  }

  /** Of any version. */
  async decisionsOf(ids: readonly string[]): Promise<DecisionRow[]> {
    return this.ask<DecisionRow>(
      `select request_id as "requestId", version, membership_id as "membershipId", name, step, at
         from request_decision where request_id = any($1) order by at, membership_id`,
      [ids],
    );
  }

  async decide(id: string, version: number, decision: Decision): Promise<void> {
    await this.ask(
      'insert into request_decision (request_id, version, membership_id, name, step, at) values ($1, $2, $3, $4, $5, $6)',
      [id, version, decision.membershipId, decision.name, decision.step, decision.at],
    );
  }

  private async ask<T extends object>(sql: string, parameters: readonly unknown[]): Promise<T[]> {
    const rows = await this.transactions.manager.query<T[] | [T[], number]>(sql, [...parameters]);
    // TypeORM answers an UPDATE with its rows and their count.
    return sql.startsWith('update') ? (rows as [T[], number])[0] : (rows as T[]);
  }
}

function parameter(name: keyof RequestRecord, value: unknown): unknown {
  return JSON_COLUMNS.has(name) && value !== null ? jsonText(value) : value;
}
