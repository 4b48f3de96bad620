import { Injectable } from '@nestjs/common';
import type { EngineKind } from '../../../engines/engine.js';
import type { Actor } from '../../../platform/access/actor.js';
import { databaseEvent } from '../database-rows.view.js';
import { PageSources } from '../database-pages.js';
import { DatabasesService, type VisibleDatabase } from '../databases.service.js';
import { ConnectionsService } from './connections.service.js';
import {
  connectionRow,
  emptyForm,
  filledForm,
  newConnectionPage,
  ownRules,
  ruleRows,
  type ConnectionPage,
  type ConnectionRow,
  type ConnectionsPage,
  type ConnectionTab,
  type NewConnectionPage,
} from './connections.view.js';
import { ruleFactsOf } from './external-targets.js';
import type { ExternalDatabase } from './external.types.js';

const HISTORY_LENGTH = 50;

/** Puts together what the pages of registered databases show. */
@Injectable()
export class ConnectionPages {
  constructor(
    private readonly databases: DatabasesService,
    private readonly connections: ConnectionsService,
    private readonly sources: PageSources,
  ) {}

  async list(actor: Actor): Promise<ConnectionsPage> {
    const found = (await this.databases.list(actor)).filter(isExternal);
    const owners = await this.ownersOf(actor, found);
    return {
      connections: found.map((each) => connectionRow(each, actor, owners)),
      can: { register: actor.permissions.has('connections:manage') },
    };
  }

  async row(actor: Actor, id: string): Promise<ConnectionRow> {
    return this.rowOf(actor, await this.databases.getExternal(actor, id));
  }

  /** Also of one that was removed: its act is answered with its last line. */
  async lastRow(actor: Actor, record: ExternalDatabase): Promise<ConnectionRow> {
    return this.rowOf(actor, { record, reach: 'manage', writable: true, ruleFor: null });
  }

  draft(engine: EngineKind | undefined): NewConnectionPage {
    const engines = this.connections.engines();
    return newConnectionPage(engines, engines.find((kind) => kind === engine) ?? engines[0] ?? 'postgres');
  }

  async show(actor: Actor, id: string, tab: ConnectionTab): Promise<ConnectionPage> {
    const found = await this.databases.getExternal(actor, id);
    const { record } = found;
    const facts = ruleFactsOf(record);
    const manages = actor.permissions.has('connections:manage');
    return {
      ...(await this.rowOf(actor, found)),
      tab: manages || tab === 'rules' ? tab : 'overview',
      rules: ruleRows(facts, actor.role, manages),
      usualRules: record.rules === null,
      own: ownRules(facts, actor.role),
      form: manages ? filledForm(record) : emptyForm(record.engine),
      history: manages
        ? (await this.sources.audit.listAbout(actor.tenantId, id, HISTORY_LENGTH)).map(databaseEvent)
        : [],
    };
  }

  private async rowOf(actor: Actor, found: VisibleDatabase<ExternalDatabase>): Promise<ConnectionRow> {
    return connectionRow(found, actor, await this.ownersOf(actor, [found]));
  }

  private async ownersOf(
    actor: Actor,
    found: readonly VisibleDatabase[],
  ): Promise<ReadonlyMap<string, string>> {
    return this.sources.users.namesOf(
      actor.tenantId,
      found.map(({ record }) => record.ownerId),
    );
  }
}

function isExternal(found: VisibleDatabase): found is VisibleDatabase<ExternalDatabase> {
  return found.record.origin === 'external';
}
