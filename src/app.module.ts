import { Module, type DynamicModule } from '@nestjs/common';
import { ApprovalsModule } from './modules/approvals/approvals.module.js';
import { AuditModule } from './modules/audit/audit.module.js';
import { AuthModule } from './modules/auth/auth.module.js';
import { DatabasesModule } from './modules/databases/databases.module.js';
import { QueriesModule } from './modules/queries/queries.module.js';
import { TenantsModule } from './modules/tenants/tenants.module.js';
import { UsersModule } from './modules/users/users.module.js';
import { WorkspaceModule } from './modules/workspace/workspace.module.js';
import { EnginesModule } from './engines/engines.module.js';
import { BlobsModule } from './platform/blobs/blobs.module.js';
import type { Config } from './platform/config/config.js';
import { SettingsModule } from './platform/config/settings.module.js';
import { EgressModule } from './platform/egress/egress.module.js';
import { HttpModule } from './platform/http/http.module.js';
import { JobsModule } from './platform/jobs/jobs.module.js';
import { LiveModule } from './platform/live/live.module.js';
import type { Logger } from './platform/logging/logger.js';
import { LimitsModule } from './platform/limits/limits.module.js';
import { MailModule } from './platform/mail/mail.module.js';
import { PersistenceModule } from './platform/persistence/persistence.module.js';
import { SealingModule } from './platform/sealing/sealing.module.js';
import { SignalsModule } from './platform/signals/signals.module.js';

@Module({})
export class AppModule {
  static with(config: Config, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SettingsModule.with(config, logger),
        PersistenceModule,
        HttpModule,
        SealingModule,
        EgressModule,
        SignalsModule,
        LiveModule,
        JobsModule,
        LimitsModule,
        MailModule,
        BlobsModule,
        EnginesModule,
        AuditModule,
        TenantsModule,
        UsersModule,
        AuthModule,
        DatabasesModule,
        QueriesModule,
        ApprovalsModule,
        WorkspaceModule,
      ],
    };
  }
}
