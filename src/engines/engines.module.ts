import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { EngineRegistry } from './engine-registry.js';
import { MysqlDriver } from './mysql/mysql-driver.js';
import { PostgresDriver } from './postgres/postgres-driver.js';

@Global()
@Module({
  providers: [
    {
      provide: EngineRegistry,
      useFactory: async () => new EngineRegistry([await PostgresDriver.load(), new MysqlDriver()]),
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
