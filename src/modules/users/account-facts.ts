import type { Row } from '../../platform/persistence/row.js';
import type { Account } from './account.entity.js';
import type { AccountFacts } from './users.types.js';

export function accountFacts(account: Row<Account>): AccountFacts {
  const { id, email, name, passwordHash, passwordChangedAt, mustChangePassword, platformRole } = account;
  return {
    id,
    email,
    name,
    passwordHash,
    passwordChangedAt,
    mustChangePassword,
    platformRole,
    emailVerified: account.emailVerifiedAt !== null,
    active: account.status === 'active',
  };
}
