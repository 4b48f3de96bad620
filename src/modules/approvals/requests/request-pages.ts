import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../platform/access/actor.js';
import { DatabasesService, type VisibleDatabase } from '../../databases/databases.service.js';
import { UsersService } from '../../users/users.service.js';
import { AttemptsRepository } from '../executions/attempts.repository.js';
import type { NewRequestQuery, RequestsQuery } from './requests.dto.js';
import { mayAct } from './requests.policy.js';
import { RequestsService } from './requests.service.js';
import type { RequestRecord } from './requests.types.js';
import {
  requestPage,
  requestRow,
  type Names,
  type RequestForm,
  type RequestPage,
  type RequestsPage,
} from './requests.view.js';

const PAGE_SIZE = 50;
const TABS = [
  ['waiting', 'Waiting for you'],
  ['mine', 'Yours'],
  ['all', 'All'],
] as const;

/** Puts together what the pages of requests show. */
@Injectable()
export class RequestPages {
  constructor(
    private readonly requests: RequestsService,
    private readonly attempts: AttemptsRepository,
    private readonly databases: DatabasesService,
    private readonly users: UsersService,
  ) {}

  async list(actor: Actor, { show = 'waiting', before }: RequestsQuery): Promise<RequestsPage> {
    const filter = {
      ...(show === 'waiting' ? { states: ['pending'] as const } : {}),
      ...(show === 'mine' ? { requesterId: actor.membershipId } : {}),
      ...(before === undefined ? {} : { before }),
    };
    const slice = await this.requests.list(actor, filter, PAGE_SIZE);
    const found =
      show === 'waiting'
        ? slice.found.filter((one) => mayAct('approve', one.record, one) === 'yes')
        : slice.found;
    const names = await this.namesFor(
      actor,
      found.map(({ record }) => record),
    );
    return {
      show,
      tabs: TABS.map(([value, label]) => ({
        label,
        href: `/requests?show=${value}`,
        current: value === show,
      })),
      requests: found.map((one) => requestRow(one, names)),
      next: slice.next === null ? null : `/requests?show=${show}&before=${String(slice.next)}`,
    };
  }

  async show(actor: Actor, id: string): Promise<RequestPage> {
    const found = await this.requests.get(actor, id);
    const [names, attempts] = await Promise.all([
      this.namesFor(actor, [found.record]),
      this.attempts.list(found.record.id),
    ]);
    return requestPage({ ...found, attempts }, names);
  }

  /** An empty form, one with a text from elsewhere, or one with what an earlier request had. */
  async form(actor: Actor, { databaseId, text, from }: Partial<NewRequestQuery>): Promise<RequestForm> {
    if (from !== undefined && from !== '') return this.filled(actor, from, null);
    const draft = { title: '', text: text ?? '', reason: '', run: 'on_approval' };
    return { id: null, draft, ...(await this.choices(actor, databaseId, null)) };
  }

  /** The form to change a request. */
  async editForm(actor: Actor, id: string): Promise<RequestForm> {
    return this.filled(actor, id, id);
  }

  private async filled(actor: Actor, source: string, id: string | null): Promise<RequestForm> {
    const { record } = await this.requests.get(actor, source);
    const { title, text, reason, run, databaseId, podId } = record;
    return { id, draft: { title, text, reason, run }, ...(await this.choices(actor, databaseId, podId)) };
  }

  private async choices(
    actor: Actor,
    databaseId: string | undefined,
    podId: string | null,
  ): Promise<Pick<RequestForm, 'databases' | 'pods'>> {
    const [visible, pods] = await Promise.all([
      this.databases.list(actor),
      this.users.podNames(actor.tenantId, actor.podIds),
    ]);
    return {
      databases: visible
        .filter(isUsable)
        .map(({ record: { id, name } }) => ({ id, name, selected: id === databaseId })),
      pods: pods.map(({ id, name }) => ({ id, name, selected: id === podId })),
    };
  }

  private async namesFor(actor: Actor, records: readonly RequestRecord[]): Promise<Names> {
    const { tenantId } = actor;
    const podIds = records.flatMap(({ podId }) => (podId === null ? [] : [podId]));
    const [people, databases, pods] = await Promise.all([
      this.users.namesOf(
        tenantId,
        records.map(({ requesterId }) => requesterId),
      ),
      this.databases.namesOf(
        tenantId,
        records.map(({ databaseId }) => databaseId),
      ),
      this.users.podNames(tenantId, podIds),
    ]);
    return { people, databases, pods: new Map(pods.map(({ id, name }) => [id, name])) };
  }
}

function isUsable({ record: { status } }: VisibleDatabase): boolean {
  return status === 'running' || status === 'stopped';
}
