import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/access/actor.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { Page, type PreEncoded } from '../../platform/http/answers.js';
import { DatabasesService } from '../databases/databases.service.js';
import { HistoryService } from './history.service.js';
import { historyRow, runView } from './history.view.js';
import type { RunOutcome, WorkbenchPage, WorkbenchStatus } from './queries.view.js';
import { workbenchDatabase } from './workbench-database.view.js';
import type { ResultsView } from './results/panel.view.js';
import { ResultsService } from './results/results.service.js';
import { keptResultsView, mayOf } from './results/results.view.js';

const HISTORY_SHOWN = 20;

interface Shown {
  readonly databaseId: string | undefined;
  readonly sql: string;
  readonly outcome: ResultsView | null;
  readonly reopened: WorkbenchPage['reopened'];
  /** What to look for in the schema. */
  readonly find?: string | undefined;
}

/** The workbench, before and after a run. */
@Injectable()
export class WorkbenchPages {
  constructor(
    private readonly databases: DatabasesService,
    private readonly history: HistoryService,
    private readonly results: ResultsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async open(
    actor: Actor,
    databaseId: string | undefined,
    { run, find }: { run?: string | undefined; find?: string | undefined },
  ): Promise<Page<WorkbenchPage>> {
    const shown =
      run === undefined || run === ''
        ? { databaseId, sql: '', outcome: null, reopened: null }
        : await this.reopen(actor, run, databaseId);
    return new Page('workbench/index', null, await this.page(actor, { ...shown, find }));
  }

  /** JSON is the outcome itself; a swap shows the results; a whole page is the workbench with them. */
  after(
    actor: Actor,
    { databaseId, sql }: { databaseId: string; sql: string },
    outcome: RunOutcome & PreEncoded,
  ): Page<RunOutcome & PreEncoded> {
    const shown = { databaseId, sql, outcome, reopened: null };
    return new Page('workbench/index', 'workbench/_results', outcome).within(async () =>
      this.page(actor, shown),
    );
  }

  async status(actor: Actor, databaseId: string): Promise<Page<WorkbenchStatus>> {
    const database = workbenchDatabase(await this.databases.get(actor, databaseId), actor.role);
    const shown = { databaseId, sql: '', outcome: null, reopened: null };
    return new Page<WorkbenchStatus>('workbench/index', 'workbench/_status', {
      database,
      limits: this.limits,
    }).within(async () => this.page(actor, shown));
  }

  private get limits(): WorkbenchStatus['limits'] {
    const { maxRows, maxBytes, timeoutMs } = this.config.queries;
    return { maxRows, maxBytes, timeoutMs };
  }

  /** The workbench with a text that nobody has run yet. */
  async withText(actor: Actor, databaseId: string, sql: string): Promise<WorkbenchPage> {
    return this.page(actor, { databaseId, sql, outcome: null, reopened: null });
  }

  /** A run as it was, with those of its results that are still kept. */
  private async reopen(actor: Actor, runId: string, databaseId: string | undefined): Promise<Shown> {
    const run = await this.history.get(actor, runId);
    const kept = await this.results.listOfRun(actor, run.id);
    return {
      databaseId: databaseId ?? run.databaseId,
      sql: run.sql,
      outcome: kept.length === 0 ? null : keptResultsView(run.id, kept, mayOf(actor)),
      reopened: { ...runView(run), rowsKept: kept.length > 0 },
    };
  }

  private async page(actor: Actor, shown: Shown): Promise<WorkbenchPage> {
    const [visible, { runs }] = await Promise.all([
      this.databases.list(actor),
      this.history.list(actor, null, HISTORY_SHOWN),
    ]);
    const usable = visible.filter(({ record }) => record.status === 'running' || record.status === 'stopped');
    const chosen = usable.find(({ record }) => record.id === shown.databaseId) ?? usable[0];
    return {
      databases: usable.map(({ record: { id, name, status } }) => ({
        id,
        name,
        status,
        selected: id === chosen?.record.id,
      })),
      database: chosen === undefined ? null : workbenchDatabase(chosen, actor.role),
      tree: chosen === undefined ? null : treeAddress(chosen.record.id, shown.find),
      sql: shown.sql,
      limits: this.limits,
      reopened: shown.reopened,
      outcome: shown.outcome,
      history: runs.map(historyRow),
      production: chosen?.record.origin === 'external' && chosen.record.environment === 'production',
      can: { createDatabase: actor.permissions.has('databases:create') },
    };
  }
}

function treeAddress(databaseId: string, find = ''): string {
  const query = new URLSearchParams({ databaseId, ...(find !== '' && { q: find }) });
  return `/queries/schema/tree?${query.toString()}`;
}
