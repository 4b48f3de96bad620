import { Module } from '@nestjs/common';
import { Egress } from '../../platform/egress/egress.js';
import { Registry } from '../../platform/health/registry.js';
import { AuditModule } from '../audit/audit.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { UsersModule } from '../users/users.module.js';
import { DatabaseActsController } from './database-acts.controller.js';
import { DatabaseCache } from './database-cache.js';
import { DatabaseCreationService, DatabasePlaces } from './database-creation.service.js';
import { DatabaseFinder } from './database-finder.js';
import { DatabaseJournal } from './database-journal.js';
import { DatabaseLifecycleService } from './database-lifecycle.service.js';
import { DatabasePassages } from './database-passages.js';
import { DatabasePages, PageSources } from './database-pages.js';
import { DatabaseUpkeepService, UpkeepActs } from './database-upkeep.service.js';
import { DatabasesController } from './databases.controller.js';
import { DatabasesJobs } from './databases.jobs.js';
import { DatabasesRepository } from './databases.repository.js';
import { DatabasesService } from './databases.service.js';
import { ConnectionChecks } from './external/connection-checks.js';
import { ConnectionPages } from './external/connection-pages.js';
import { ConnectionsController } from './external/connections.controller.js';
import { ConnectionActs, ConnectionsService } from './external/connections.service.js';
import { ExternalRepository } from './external/external.repository.js';
import { ExternalTargets } from './external/external-targets.js';
import { SandboxServersRepository } from './sandbox-servers.repository.js';
import { SandboxServersService } from './sandbox-servers.service.js';
import { ServerDirectory } from './server-directory.js';
import { SandboxesRepository } from './sandboxes.repository.js';

@Module({
  imports: [AuditModule, TenantsModule, UsersModule],
  controllers: [DatabasesController, DatabaseActsController, ConnectionsController],
  providers: [
    ConnectionActs,
    ConnectionChecks,
    ConnectionPages,
    ConnectionsService,
    DatabaseCache,
    DatabaseCreationService,
    DatabaseFinder,
    DatabaseJournal,
    DatabaseLifecycleService,
    DatabasePages,
    DatabasePassages,
    DatabasePlaces,
    DatabaseUpkeepService,
    DatabasesJobs,
    DatabasesRepository,
    DatabasesService,
    ExternalRepository,
    ExternalTargets,
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
  constructor(registry: Registry, egress: Egress, servers: SandboxServersService, finder: DatabaseFinder) {
    registry.addFrameItem({
      group: null,
      label: 'Databases',
      href: '/databases',
      icon: 'database',
      permission: 'databases:read',
      order: 20,
    });
    registry.addSearchSource({
      group: 'Databases',
      icon: 'database',
      order: 20,
      permission: 'databases:read',
      find: async (actor, query, limit) => finder.find(actor, query, limit),
    });
    egress.protect(async () => servers.endpoints());
    registry.addCheck({ name: 'sandbox servers', check: async () => servers.ping() });
  }
}
