import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/access/actor.js';
import { Clock } from '../../platform/clock/clock.js';
import { DatabasesService } from '../databases/databases.service.js';
import { DatabaseCreationService } from '../databases/database-creation.service.js';
import { HistoryService } from '../queries/history.service.js';
import { overviewPage, type OverviewPage } from './workspace.view.js';

const RUNS_SHOWN = 8;

/** What the overview shows: what waits, the databases, the last runs, the quota. */
@Injectable()
export class OverviewPages {
  constructor(
    private readonly databases: DatabasesService,
    private readonly creation: DatabaseCreationService,
    private readonly history: HistoryService,
    private readonly clock: Clock,
  ) {}

  async of(actor: Actor): Promise<OverviewPage> {
    const [visible, state, { runs }] = await Promise.all([
      this.databases.list(actor),
      this.creation.quotaState(actor),
      this.history.list(actor, null, RUNS_SHOWN),
    ]);
    return overviewPage(actor, visible, state, { runs, now: this.clock.now() });
  }
}
