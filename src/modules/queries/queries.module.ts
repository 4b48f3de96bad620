import { Module } from '@nestjs/common';
import { Registry } from '../../platform/health/registry.js';
import { AuditModule } from '../audit/audit.module.js';
import { DatabasesModule } from '../databases/databases.module.js';
import { ActiveRuns } from './active-runs.js';
import { EditorController } from './editor/editor.controller.js';
import { EditorService } from './editor/editor.service.js';
import { ExplainController } from './explain/explain.controller.js';
import { ExplainService } from './explain/explain.service.js';
import { ExportController } from './export/export.controller.js';
import { ExportJournal } from './export/export-journal.js';
import { ExportRuns } from './export/export-runs.js';
import { ExportsRepository } from './export/exports.repository.js';
import { ExportsService } from './export/exports.service.js';
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
import { RunFinder } from './run-finder.js';
import { RunJournal } from './run-journal.js';
import { RunsRepository } from './runs.repository.js';
import { RunsService } from './runs.service.js';
import { SchemaFinder } from './schema/schema-finder.js';
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
    ExportController,
    QueriesController,
    ResultsController,
    SchemaTreeController,
    WorkbenchController,
  ],
  providers: [
    ActiveRuns,
    EditorService,
    ExplainService,
    ExportJournal,
    ExportRuns,
    ExportsRepository,
    ExportsService,
    HistoryService,
    QueriesJobs,
    QueryAnswers,
    ResultKeeper,
    ResultReader,
    ResultsJobs,
    ResultsRepository,
    ResultsService,
    RunFinder,
    RunJournal,
    RunsRepository,
    RunsService,
    SchemaFinder,
    SchemasService,
    SchemaTreePages,
    WorkbenchPages,
  ],
  exports: [HistoryService],
})
export class QueriesModule {
  constructor(registry: Registry, schemas: SchemaFinder, runs: RunFinder) {
    registry.addFrameItem({
      group: null,
      label: 'Workbench',
      href: '/workbench',
      icon: 'square-terminal',
      permission: 'queries:run',
      order: 30,
    });
    registry.addSearchSource({
      group: 'Tables and columns',
      icon: 'table-2',
      order: 30,
      permission: 'queries:read',
      find: async (actor, query, limit) => schemas.find(actor, query, limit),
    });
    registry.addSearchSource({
      group: 'Your queries',
      icon: 'square-terminal',
      order: 40,
      permission: 'queries:read',
      find: async (actor, query, limit) => runs.find(actor, query, limit),
    });
  }
}
