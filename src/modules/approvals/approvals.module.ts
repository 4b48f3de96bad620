import { Module } from '@nestjs/common';
import { Registry } from '../../platform/health/registry.js';
import { AuditModule } from '../audit/audit.module.js';
import { DatabasesModule } from '../databases/databases.module.js';
import { UsersModule } from '../users/users.module.js';
import { ApprovalsJobs } from './approvals.jobs.js';
import { AttemptsRepository } from './executions/attempts.repository.js';
import { ExecutionClaims } from './executions/execution-claims.js';
import { ExecutionsService } from './executions/executions.service.js';
import { ExecutionPlaces } from './executions/execution-places.js';
import { RecoveryService } from './executions/recovery.service.js';
import { UndoService } from './executions/undo.service.js';
import { RequestActsController } from './requests/request-acts.controller.js';
import { RequestDecisionsService } from './requests/request-decisions.service.js';
import { RequestDraftsService } from './requests/request-drafts.service.js';
import { RequestPages } from './requests/request-pages.js';
import { RequestPreviewsService } from './requests/request-previews.service.js';
import { RequestsController } from './requests/requests.controller.js';
import { RequestsRepository } from './requests/requests.repository.js';
import { RequestsService, RequestStore } from './requests/requests.service.js';

@Module({
  imports: [AuditModule, DatabasesModule, UsersModule],
  controllers: [RequestsController, RequestActsController],
  providers: [
    ApprovalsJobs,
    AttemptsRepository,
    ExecutionClaims,
    ExecutionPlaces,
    ExecutionsService,
    RecoveryService,
    RequestDecisionsService,
    RequestDraftsService,
    RequestPages,
    RequestPreviewsService,
    RequestStore,
    RequestsRepository,
    RequestsService,
    UndoService,
  ],
  exports: [RequestsService],
})
export class ApprovalsModule {
  constructor(registry: Registry) {
    registry.addFrameItem({
      group: null,
      label: 'Requests',
      href: '/requests',
      icon: 'git-pull-request',
      permission: 'requests:read',
      order: 40,
    });
    registry.addOffer(['approval_required', 'write_not_allowed', 'no_write_login'], {
      label: 'Request this change',
      action: '/requests/draft',
      permission: 'requests:submit',
    });
  }
}
