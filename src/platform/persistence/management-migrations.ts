import type { MigrationInterface } from 'typeorm';
import { Jobs1795000000050 } from '../../../migrations/management/1795000000050-jobs.js';
import { Audit1795000000100 } from '../../../migrations/management/1795000000100-audit.js';
import { People1795000000200 } from '../../../migrations/management/1795000000200-people.js';
import { Databases1795000000300 } from '../../../migrations/management/1795000000300-databases.js';
import { Queries1795000000400 } from '../../../migrations/management/1795000000400-queries.js';
import { RunJournal1795000000450 } from '../../../migrations/management/1795000000450-run-journal.js';
import { Blobs1795000000510 } from '../../../migrations/management/1795000000510-blobs.js';
import { Results1795000000511 } from '../../../migrations/management/1795000000511-results.js';
import { Exports1795000000512 } from '../../../migrations/management/1795000000512-exports.js';
import { MysqlSandboxes1795000000530 } from '../../../migrations/management/1795000000530-mysql-sandboxes.js';
import { ExternalDatabases1795000000600 } from '../../../migrations/management/1795000000600-external-databases.js';
import { Invitations1795000000700 } from '../../../migrations/management/1795000000700-invitations.js';
import { Mail1795000000701 } from '../../../migrations/management/1795000000701-mail.js';
import { AccountLinks1795000000702 } from '../../../migrations/management/1795000000702-account-links.js';
import { RateLimits1795000000703 } from '../../../migrations/management/1795000000703-rate-limits.js';
import { SecondFactor1795000000704 } from '../../../migrations/management/1795000000704-second-factor.js';
import { ApiKeys1795000000705 } from '../../../migrations/management/1795000000705-api-keys.js';
import { Requests1795000000900 } from '../../../migrations/management/1795000000900-requests.js';

/** The migrations of the management database, oldest first. */
export const MANAGEMENT_MIGRATIONS: readonly (new () => MigrationInterface)[] = [
  Jobs1795000000050,
  Audit1795000000100,
  People1795000000200,
  Databases1795000000300,
  Queries1795000000400,
  RunJournal1795000000450,
  Blobs1795000000510,
  Results1795000000511,
  Exports1795000000512,
  MysqlSandboxes1795000000530,
  ExternalDatabases1795000000600,
  Invitations1795000000700,
  Mail1795000000701,
  AccountLinks1795000000702,
  RateLimits1795000000703,
  SecondFactor1795000000704,
  ApiKeys1795000000705,
  Requests1795000000900,
];
