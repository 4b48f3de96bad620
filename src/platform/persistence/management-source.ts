import { DataSource, getMetadataArgsStorage } from 'typeorm';
import { MANAGEMENT_MIGRATIONS } from './management-migrations.js';

/**
 * The data source of the management database. Its entities are all classes that carry `@Entity` and were loaded when
 * it is made, so that no floor below the modules has to name them.
 */
export function managementSource(url: string, poolSize: number): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: getMetadataArgsStorage().tables.map((table) => table.target as () => unknown),
    migrations: [...MANAGEMENT_MIGRATIONS],
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    poolSize,
    applicationName: 'clouddb-manager',
    synchronize: false,
    logging: false,
    extra: { keepAlive: true },
  });
}
