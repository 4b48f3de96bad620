import { Injectable } from '@nestjs/common';
import { SANDBOX_TEMPLATES } from '../../engines/provisioning.js';
import type { Actor } from '../../platform/access/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { UsersService } from '../users/users.service.js';
import { connectionStrings } from './connection-strings.view.js';
import { DatabaseCreationService, type NewDatabase } from './database-creation.service.js';
import {
  accessOf,
  autoStopAt,
  autoStopChoices,
  encodingOptions,
  encodingText,
  engineChoices,
  quotaEffects,
  serverOptions,
  templateChoice,
  type DraftValues,
} from './database-details.view.js';
import {
  connectionOf,
  createRefusal,
  credentialsOf,
  databaseEvent,
  databaseRow,
  databasesPage,
  type RowContext,
} from './database-rows.view.js';
import { DatabasesService } from './databases.service.js';
import { ENGINE_NAMES, type AnyDatabase, type DatabaseRecord } from './databases.types.js';
import type {
  DatabaseAccess,
  DatabaseConfirmPage,
  DatabaseCredentials,
  DatabaseFormPage,
  DatabasePage,
  DatabaseRow,
  DatabasesPage,
  DatabaseTab,
} from './databases.view.js';
import { SandboxesRepository } from './sandboxes.repository.js';
import { SandboxServersService } from './sandbox-servers.service.js';
import { engineNameOf } from './server-directory.js';

const HISTORY_LENGTH = 50;

@Injectable()
export class PageSources {
  constructor(
    readonly users: UsersService,
    readonly audit: AuditService,
  ) {}
}

/** Puts together what the pages of databases show. */
@Injectable()
export class DatabasePages {
  constructor(
    private readonly databases: DatabasesService,
    private readonly creation: DatabaseCreationService,
    private readonly sources: PageSources,
    private readonly sandboxes: SandboxesRepository,
    private readonly servers: SandboxServersService,
  ) {}

  async list(actor: Actor): Promise<DatabasesPage> {
    const [found, state] = await Promise.all([this.databases.list(actor), this.creation.quotaState(actor)]);
    return databasesPage(
      found,
      state,
      await this.contextOf(
        actor,
        found.map(({ record }) => record),
      ),
    );
  }

  async row(actor: Actor, id: string): Promise<DatabaseRow> {
    const found = await this.databases.get(actor, id);
    return databaseRow(found, await this.contextOf(actor, [found.record]));
  }

  /** Also of a database that is gone: its act is answered with its last line. */
  async lastRow(actor: Actor, record: DatabaseRecord): Promise<DatabaseRow> {
    return databaseRow(
      { record, reach: 'manage', writable: true, ruleFor: null },
      await this.contextOf(actor, [record]),
    );
  }

  async form(
    actor: Actor,
    draft: DraftValues,
    errors: Readonly<Record<string, string>> = {},
  ): Promise<DatabaseFormPage> {
    const [state, offers] = await Promise.all([this.creation.quotaState(actor), this.servers.offers()]);
    const engines = engineChoices(offers, draft.engine);
    const encodings = engines.some(({ value }) => value === 'mysql') ? this.servers.encodingsOf('mysql') : [];
    return {
      name: draft.name ?? '',
      engines,
      servers: serverOptions(offers, draft.serverId),
      encodings: encodingOptions(encodings, draft.collation),
      templates: SANDBOX_TEMPLATES.map((template) =>
        templateChoice(template, template === (draft.template ?? 'blank')),
      ),
      errors: {
        name: errors['name'] ?? null,
        engine: errors['engine'] ?? null,
        serverId: errors['serverId'] ?? null,
        collation: errors['collation'] ?? null,
        template: errors['template'] ?? null,
      },
      refusal: createRefusal(state),
      quotas: quotaEffects(state),
    };
  }

  async confirm(actor: Actor, wanted: NewDatabase): Promise<DatabaseConfirmPage> {
    const { name, engine, template, serverId } = wanted;
    await this.creation.check(actor, name);
    const encoding = this.creation.encodingFor(wanted);
    const [state, server] = await Promise.all([
      this.creation.quotaState(actor),
      this.servers.choose(engine, serverId),
    ]);
    const { label, sentence } = templateChoice(template, true);
    return {
      name,
      engine,
      engineName: engineNameOf(server),
      serverId: serverId ?? null,
      serverName: serverId === undefined ? null : server.name,
      characterSet: encoding?.characterSet ?? null,
      collation: encoding?.collation ?? null,
      template,
      templateName: label,
      templateSentence: sentence,
      autoStopMinutes: this.creation.autoStopMinutes,
      quotas: quotaEffects(state),
    };
  }

  async show(actor: Actor, id: string, tab: DatabaseTab): Promise<DatabasePage> {
    const found = await this.databases.getProvisioned(actor, id);
    const { record } = found;
    const [context, grants, events, activity] = await Promise.all([
      this.contextOf(actor, [record]),
      this.grantsOf(actor, id),
      this.sources.audit.listAbout(actor.tenantId, id, HISTORY_LENGTH),
      // A server that does not answer must not take the page along: nothing is known then.
      record.status === 'running' ? this.sandboxes.activity(record).catch(() => null) : null,
    ]);
    const connection = connectionOf(record, await this.sandboxes.serverOf(record));
    const { autoStopMinutes } = record;
    return {
      ...databaseRow(found, context),
      tab,
      clientName: ENGINE_NAMES[record.engine],
      encoding: encodingText(record),
      connection,
      strings: connectionStrings(record.engine, connection),
      activity: {
        connections: activity?.connections ?? null,
        connectionLimit: record.connectionLimit,
        autoStopAt: autoStopAt(record),
      },
      autoStopMinutes,
      protected: record.protected,
      purgeAt: record.purgeAt?.toISOString() ?? null,
      access: accessOf(record, grants),
      history: events.map(databaseEvent),
      autoStopChoices: autoStopChoices(autoStopMinutes),
    };
  }

  private async grantsOf(actor: Actor, id: string): Promise<DatabaseAccess['grants']> {
    const grants = await this.databases.listGrants(actor, id);
    const ids = grants.flatMap(({ membershipId }) => (membershipId === null ? [] : [membershipId]));
    const names = await this.sources.users.namesOf(actor.tenantId, ids);
    return grants.map(({ id: grantId, membershipId, podId, level }) => ({
      id: grantId,
      name: names.get(membershipId ?? '') ?? podId ?? '',
      kind: membershipId === null ? 'pod' : 'person',
      level,
    }));
  }

  async credentials(record: DatabaseRecord): Promise<DatabaseCredentials> {
    const server = await this.sandboxes.serverOf(record);
    return credentialsOf(record, server, this.sandboxes.writePassword(record));
  }

  private async contextOf(actor: Actor, records: readonly AnyDatabase[]): Promise<RowContext> {
    const [owners, servers] = await Promise.all([
      this.sources.users.namesOf(
        actor.tenantId,
        records.map((record) => record.ownerId),
      ),
      this.sandboxes.listServers(),
    ]);
    return { actor, owners, servers };
  }
}
