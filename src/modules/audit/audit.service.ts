import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/access/actor.js';
import { Clock } from '../../platform/clock/clock.js';
import { newId } from '../../platform/persistence/ids.js';
import type { TextRow } from '../../platform/persistence/prepared-call.js';
import { AuditRepository } from './audit.repository.js';
import type {
  AlongChange,
  AuditActor,
  AuditFacts,
  AuditFilter,
  AuditRecord,
  NewEntry,
  StoredEntry,
} from './audit.types.js';

const MAX_DETAILS = 8192;
const MAX_TEXT = 500;
const PAGE_SIZE = 50;

export interface AuditSlice {
  readonly entries: readonly StoredEntry[];
  /** Where the next page begins; null on the last one. */
  readonly next: string | null;
}

/** Who did what, on what, from where and when. Entries are linked into the tenant's hash chain by the sealer. */
@Injectable()
export class AuditService {
  private readonly lateWriters: (() => Promise<void>)[] = [];

  constructor(
    private readonly entries: AuditRepository,
    private readonly clock: Clock,
  ) {}

  /** Writes one entry in the open transaction: what is not recorded does not happen. */
  async record(actor: Actor | AuditActor, action: string, facts: AuditFacts = {}): Promise<void> {
    await this.recordMany([{ actor, action, ...facts }]);
  }

  /** Writes several entries with one statement. */
  async recordMany(records: readonly AuditRecord[]): Promise<void> {
    if (records.length === 0) return;
    const at = this.clock.now().toISOString();
    await this.entries.insert(records.map((record) => entryOf(record, at)));
  }

  /**
   * Writes the entries and makes the change that they record in one statement: both or neither, in one round trip;
   * answers the rows of the change's answer. For what happens a thousand times a second, outside of transactions.
   */
  async recordAlong(
    records: readonly AuditRecord[],
    change: AlongChange,
    parameters: readonly string[],
  ): Promise<readonly TextRow[]> {
    const at = this.clock.now().toISOString();
    return this.entries.insertAlong(
      records.map((record) => entryOf(record, at)),
      change,
      parameters,
    );
  }

  /** For what is recorded a moment after it happened: `write` resolves when all of it stands. */
  beforeReading(write: () => Promise<void>): void {
    this.lateWriters.push(write);
  }

  async list(actor: Actor, filter: AuditFilter): Promise<AuditSlice> {
    await this.catchUp();
    const rows = await this.entries.list(actor.tenantId, filter, PAGE_SIZE + 1);
    const entries = rows.slice(0, PAGE_SIZE);
    return { entries, next: rows.length > PAGE_SIZE ? (entries.at(-1)?.id ?? null) : null };
  }

  /** The newest entries about one object of the tenant. */
  async listAbout(tenantId: string, objectId: string, limit: number): Promise<StoredEntry[]> {
    await this.catchUp();
    return this.entries.list(tenantId, { objectId }, limit);
  }

  async listActions(actor: Actor): Promise<string[]> {
    await this.catchUp();
    return this.entries.actions(actor.tenantId);
  }

  private async catchUp(): Promise<void> {
    for (const write of this.lateWriters) await write();
  }
}

function entryOf({ actor, action, object, outcome, details }: AuditRecord, at: string): NewEntry {
  return {
    id: newId(),
    tenant_id: actor.tenantId,
    at,
    account_id: actor.accountId,
    actor_name: cut(actor.name),
    actor_email: actor.email === null ? null : cut(actor.email),
    ip: actor.ip,
    request_id: actor.requestId,
    action,
    object_type: object?.type ?? null,
    object_id: object?.id ?? null,
    object_name: object?.name === undefined ? null : cut(object.name),
    outcome: outcome ?? 'done',
    details: bounded(details ?? {}),
  };
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

function bounded(details: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const text = JSON.stringify(details);
  return text.length <= MAX_DETAILS
    ? details
    : { beginning: text.slice(0, MAX_DETAILS / 2), length: text.length };
}
