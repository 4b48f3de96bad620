import { Module } from '@nestjs/common';
import { Registry } from '../../platform/health/registry.js';
import { AuditModule } from '../audit/audit.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { UsersModule } from '../users/users.module.js';
import { DatabaseActsController } from './database-acts.controller.js';
import { DatabaseCache } from './database-cache.js';
import { DatabaseCreationService, DatabasePlaces } from './database-creation.service.js';
import { DatabaseJournal } from './database-journal.js';
import { DatabaseLifecycleService } from './database-lifecycle.service.js';
import { DatabasePassages } from './database-passages.js';
import { DatabasePages, PageSources } from './database-pages.js';
import { DatabaseUpkeepService, UpkeepActs } from './database-upkeep.service.js';
import { DatabasesController } from './databases.controller.js';
import { DatabasesJobs } from './databases.jobs.js';
import { DatabasesRepository } from './databases.repository.js';
import { DatabasesService } from './databases.service.js';
import { SandboxServersRepository } from './sandbox-servers.repository.js';
import { SandboxServersService } from './sandbox-servers.service.js';
import { ServerDirectory } from './server-directory.js';
import { SandboxesRepository } from './sandboxes.repository.js';

@Module({
  imports: [AuditModule, TenantsModule, UsersModule],
  controllers: [DatabasesController, DatabaseActsController],
  providers: [
    DatabaseCache,
    DatabaseCreationService,
    DatabaseJournal,
    DatabaseLifecycleService,
    DatabasePages,
    DatabasePassages,
    DatabasePlaces,
    DatabaseUpkeepService,
    DatabasesJobs,
    DatabasesRepository,
    DatabasesService,
    PageSources,
    SandboxServersRepository,
    SandboxServersService,
    SandboxesRepository,
    ServerDirectory,
    UpkeepActs,
  ],
  exports: [
    DatabasesService,
    DatabaseCreationService,
    DatabaseLifecycleService,
    DatabaseUpkeepService,
    SandboxServersService,
  ],
})
export class DatabasesModule {
  constructor(registry: Registry, servers: SandboxServersService) {
    registry.addFrameItem({
      group: null,
      label: 'Databases',
      href: '/databases',
      icon: 'database',
      permission: 'databases:read',
      order: 20,
    });
    registry.addCheck({ name: 'sandbox servers', check: async () => servers.ping() });
  }
}
