import type { INestApplicationContext } from '@nestjs/common';
import type { GrantLevel } from '../../src/modules/databases/databases.types.js';
import type { Actor } from '../../src/platform/access/actor.js';
import { newId } from '../../src/platform/persistence/ids.js';
import { Transactions } from '../../src/platform/persistence/transactions.js';

/** Gives a person rights on a database of their organisation. */
export async function makeGrant(
  app: INestApplicationContext,
  actor: Actor,
  databaseId: string,
  level: GrantLevel,
): Promise<void> {
  await app.get(Transactions, { strict: false }).manager.query(
    `insert into database_grant (id, tenant_id, database_id, membership_id, pod_id, level, created_at)
     values ($1, $2, $3, $4, null, $5, now())`,
    [newId(), actor.tenantId, databaseId, actor.membershipId, level],
  );
}
