import { Module } from '@nestjs/common';
import { Registry } from '../../platform/health/registry.js';
import { AuditModule } from '../audit/audit.module.js';
import { DatabasesModule } from '../databases/databases.module.js';
import { ActiveRuns } from './active-runs.js';
import { EditorController } from './editor/editor.controller.js';
import { EditorService } from './editor/editor.service.js';
import { ExplainController } from './explain/explain.controller.js';
import { ExplainService } from './explain/explain.service.js';
import { HistoryService } from './history.service.js';
import { QueriesController } from './queries.controller.js';
import { QueriesJobs } from './queries.jobs.js';
import { QueryAnswers } from './query-answers.js';
import { ResultKeeper } from './results/result-keeper.js';
import { ResultReader } from './results/result-reader.js';
import { ResultsController } from './results/results.controller.js';
import { ResultsJobs } from './results/results.jobs.js';
import { ResultsRepository } from './results/results.repository.js';
import { ResultsService } from './results/results.service.js';
import { RunJournal } from './run-journal.js';
import { RunsRepository } from './runs.repository.js';
import { RunsService } from './runs.service.js';
import { SchemaTreeController } from './schema/schema-tree.controller.js';
import { SchemaTreePages } from './schema/schema-tree-pages.js';
import { SchemasService } from './schemas.service.js';
import { WorkbenchController } from './workbench.controller.js';
import { WorkbenchPages } from './workbench-pages.js';

@Module({
  imports: [AuditModule, DatabasesModule],
  controllers: [
    EditorController,
    ExplainController,
    QueriesController,
    ResultsController,
    SchemaTreeController,
    WorkbenchController,
  ],
  providers: [
    ActiveRuns,
    EditorService,
    ExplainService,
    HistoryService,
    QueriesJobs,
    QueryAnswers,
    ResultKeeper,
    ResultReader,
    ResultsJobs,
    ResultsRepository,
    ResultsService,
    RunJournal,
    RunsRepository,
    RunsService,
    SchemasService,
    SchemaTreePages,
    WorkbenchPages,
  ],
  exports: [HistoryService],
})
export class QueriesModule {
  constructor(registry: Registry) {
    registry.addFrameItem({
      group: null,
      label: 'Workbench',
      href: '/workbench',
      icon: 'square-terminal',
      permission: 'queries:run',
      order: 30,
    });
  }
}
