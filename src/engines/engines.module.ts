import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config/config.js';
import { EngineRegistry } from './engine-registry.js';
import { MysqlDriver } from './mysql/mysql-driver.js';
import { MongodbDriver } from './mongodb/mongodb-driver.js';
import { PostgresDriver } from './postgres/postgres-driver.js';
import { SqliteDriver } from './sqlite/sqlite-driver.js';

@Global()
@Module({
  providers: [
    {
      provide: EngineRegistry,
      useFactory: async ({ sqlite }: Config) =>
        new EngineRegistry([
          await PostgresDriver.load(),
          new MysqlDriver(),
          new SqliteDriver(sqlite.folder),
          new MongodbDriver(),
        ]),
      inject: [CONFIG],
    },
  ],
  exports: [EngineRegistry],
})
export class EnginesModule implements OnApplicationShutdown {
  constructor(private readonly engines: EngineRegistry) {}

  async onApplicationShutdown(): Promise<void> {
    await this.engines.close();
  }
}
