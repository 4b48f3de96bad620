import { Global, Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import type { NestApplicationContextOptions } from '@nestjs/common/interfaces/nest-application-context-options.interface.js';
import { NestFactory } from '@nestjs/core';
import { pino } from 'pino';
import { EnginesModule } from '../../src/engines/engines.module.js';
import { AuditModule } from '../../src/modules/audit/audit.module.js';
import { DatabasesModule } from '../../src/modules/databases/databases.module.js';
import { DatabaseCreationService } from '../../src/modules/databases/database-creation.service.js';
import { DatabaseLifecycleService } from '../../src/modules/databases/database-lifecycle.service.js';
import { DatabasePages } from '../../src/modules/databases/database-pages.js';
import { DatabaseUpkeepService } from '../../src/modules/databases/database-upkeep.service.js';
import { DatabasesRepository } from '../../src/modules/databases/databases.repository.js';
import { DatabasesService } from '../../src/modules/databases/databases.service.js';
import { SandboxServersService } from '../../src/modules/databases/sandbox-servers.service.js';
import { BlobsModule } from '../../src/platform/blobs/blobs.module.js';
import { Clock } from '../../src/platform/clock/clock.js';
import { completeConfig, readSettings, type Config } from '../../src/platform/config/config.js';
import { SettingsModule } from '../../src/platform/config/settings.module.js';
import { EgressModule } from '../../src/platform/egress/egress.module.js';
import { Registry } from '../../src/platform/health/registry.js';
import { PersistenceModule } from '../../src/platform/persistence/persistence.module.js';
import { SealingModule } from '../../src/platform/sealing/sealing.module.js';
import { LimitsModule } from '../../src/platform/limits/limits.module.js';
import { Refusals } from '../../src/platform/http/refusals.js';
import { Drain } from '../../src/platform/http/drain.js';
import { LiveModule } from '../../src/platform/live/live.module.js';
import { SignalsModule } from '../../src/platform/signals/signals.module.js';
import { managementDatabase } from './management-database.js';
import { postgresServers, type TestServer } from './servers.js';

const KEY = Buffer.alloc(32, 7).toString('base64');

/** A clock that tests move forward. */
export class TestClock extends Clock {
  private ahead = 0;

  override now(): Date {
    return new Date(Date.now() + this.ahead);
  }

  advance(ms: number): void {
    this.ahead += ms;
  }
}

@Global()
@Module({
  providers: [{ provide: Clock, useClass: TestClock }, Drain, Refusals, Registry],
  exports: [Clock, Drain, Refusals, Registry],
})
class WorldModule {}

/** Everything below the HTTP floor on two real clusters, without the clock of the jobs. */
export interface DatabasesWorld {
  readonly app: INestApplicationContext;
  readonly clock: TestClock;
  /** The server of the sandboxes. */
  readonly sandboxes: TestServer;
  readonly config: Config;
  close(): Promise<void>;
}

/** What the databases module does, under short names. */
export interface DatabaseServices {
  readonly creation: DatabaseCreationService;
  readonly lifecycle: DatabaseLifecycleService;
  readonly databases: DatabasesService;
  readonly pages: DatabasePages;
  readonly upkeep: DatabaseUpkeepService;
  readonly rows: DatabasesRepository;
}

export function databasesOf(app: INestApplicationContext): DatabaseServices {
  const loose = { strict: false };
  return {
    creation: app.get(DatabaseCreationService, loose),
    lifecycle: app.get(DatabaseLifecycleService, loose),
    databases: app.get(DatabasesService, loose),
    pages: app.get(DatabasePages, loose),
    upkeep: app.get(DatabaseUpkeepService, loose),
    rows: app.get(DatabasesRepository, loose),
  };
}

/** `more` are further settings, such as SANDBOX_MYSQL_URL. */
export async function openDatabases(more: Readonly<Record<string, string>> = {}): Promise<DatabasesWorld> {
  const management = await managementDatabase();
  const [sandboxes] = postgresServers();
  if (sandboxes === undefined) throw new Error('There is no PostgreSQL for sandboxes.');
  const config = configOf(management.url, sandboxes.url, more);
  const app = await startContext(config);
  await app.get(SandboxServersService, { strict: false }).ensureSeeded();
  return {
    app,
    clock: app.get<TestClock>(Clock, { strict: false }),
    sandboxes,
    config,
    close: async () => {
      await app.close();
      await management.drop();
    },
  };
}

export async function startContext(config: Config): Promise<INestApplicationContext> {
  const logger = pino({ level: 'silent' });
  const world: DynamicModule = {
    module: WorldModule,
    imports: [
      SettingsModule.with(config, logger),
      PersistenceModule,
      SealingModule,
      EgressModule,
      SignalsModule,
      BlobsModule,
      LimitsModule,
      LiveModule,
      EnginesModule,
      AuditModule,
      DatabasesModule,
    ],
  };
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class, and takes literals
  const options: NestApplicationContextOptions = { logger: false, abortOnError: false };
  return NestFactory.createApplicationContext(world, options);
}

export function configOf(
  managementUrl: string,
  sandboxUrl: string,
  more: Readonly<Record<string, string>> = {},
): Config {
  const settings = readSettings({
    NODE_ENV: 'test',
    MANAGEMENT_DATABASE_URL: managementUrl,
    SANDBOX_POSTGRES_URL: sandboxUrl,
    SANDBOX_PUBLIC_HOST: 'localhost',
    MASTER_KEY: KEY,
    SIGNING_KEY: KEY,
    MANAGEMENT_POOL_SIZE: '25',
    ...more,
  });
  return completeConfig(settings, {
    management: { ...settings.management, url: managementUrl, migrationUrl: managementUrl },
    sandbox: { ...settings.sandbox, postgresUrl: sandboxUrl },
    masterKeys: KEY,
    signingKeys: KEY,
  });
}
