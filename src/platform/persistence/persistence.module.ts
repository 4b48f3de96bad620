import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../config/config.js';
import { DirectConnections } from './direct-connections.js';
import { managementSource } from './management-source.js';
import { MANAGEMENT, Transactions } from './transactions.js';

@Global()
@Module({
  providers: [
    DirectConnections,
    Transactions,
    {
      provide: MANAGEMENT,
      inject: [CONFIG],
      useFactory: async (config: Config) =>
        managementSource(config.management.url, config.management.poolSize).initialize(),
    },
  ],
  exports: [DirectConnections, Transactions, MANAGEMENT],
})
export class PersistenceModule implements OnApplicationShutdown {
  constructor(@Inject(MANAGEMENT) private readonly source: DataSource) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }
}
