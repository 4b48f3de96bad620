import '../../../src/modules/auth/api-keys/api-key.entity.js';
import '../../../src/modules/auth/session.entity.js';
import '../../../src/modules/tenants/tenant.entity.js';
import '../../../src/modules/users/account.entity.js';
import '../../../src/modules/users/invitations/invitation.entity.js';
import '../../../src/modules/users/membership.entity.js';
import { MANAGEMENT_MIGRATIONS } from '../../../src/platform/persistence/management-migrations.js';
import { managementSource } from '../../../src/platform/persistence/management-source.js';
import { migrate, revert } from '../../../src/platform/persistence/migrate.js';
import { managementDatabase } from '../../support/management-database.js';

it('entities say what migrations made; foreign keys and checks stand in migrations only', async () => {
  await using database = await managementDatabase();
  const source = await managementSource(database.migrationUrl, 2).initialize();
  try {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    const wanted = upQueries
      .map(({ query }) => query)
      .filter((query) => !/DROP CONSTRAINT "[fc]k_/.test(query));
    expect(wanted).toEqual([]);
    expect(source.entityMetadatas.length).toBeGreaterThan(5);
  } finally {
    await source.destroy();
  }
});

it('every migration can be taken back and made again', async () => {
  await using database = await managementDatabase();
  for (let left = MANAGEMENT_MIGRATIONS.length; left > 0; left -= 1) await revert(database.migrationUrl);
  const options = { migrationUrl: database.migrationUrl, applicationUrl: database.url };
  expect(await migrate(options)).toBe(MANAGEMENT_MIGRATIONS.length);
  expect(await migrate(options)).toBe(0);
});
