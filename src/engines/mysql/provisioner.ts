import type {
  Encoding,
  Provisioner,
  ProvisionStep,
  SandboxInspector,
  SandboxNames,
  SandboxSpec,
  SandboxTemplate,
  ServerAdmin,
} from '../provisioning.js';
import { copyContent } from './provisioner-clone.js';
import { MysqlInspector } from './provisioner-inspection.js';
import {
  endSessions,
  grantTo,
  letIn,
  LOGINS,
  mark,
  newLogin,
  passwordOf,
  regrant,
  server,
  shutOut,
} from './provisioner-logins.js';
import { SAMPLE_ROWS, SAMPLE_TABLES, sampleView } from './provisioner-sample.js';
import { account, ident, literal, OBJECTS, PLATFORM_SCHEMA } from './provisioner-sql.js';
import { MysqlServerAdmin } from './server-admin.js';

/** Those that both servers have in all of their versions. */
const ENCODINGS: readonly Encoding[] = [
  'utf8mb4_unicode_ci',
  'utf8mb4_general_ci',
  'utf8mb4_unicode_520_ci',
  'utf8mb4_bin',
  'latin1_swedish_ci',
  'latin1_general_cs',
  'latin1_bin',
  'ascii_general_ci',
  'ascii_bin',
].map((collation) => ({ characterSet: collation.replace(/_.*/, ''), collation }));

/** Names of character sets and collations are the server's; anything else is a mistake. */
const ENCODING_NAME = /^[a-z0-9_]{1,64}$/;

/**
 * Sandboxes on MySQL 8 and MariaDB 10.6 and newer. The server itself keeps them apart: a login has rights in one
 * database, by its escaped name, and none beyond; it cannot pass them on, and what it can change about itself, its
 * password, the inspector finds and repairs.
 */
export class MysqlProvisioner implements Provisioner {
  readonly inspector: SandboxInspector = new MysqlInspector();
  readonly encodings: readonly Encoding[] = ENCODINGS;

  connect(url: string): ServerAdmin {
    return new MysqlServerAdmin(url);
  }

  prepareServer(): readonly ProvisionStep[] {
    return [
      server(`create database if not exists ${ident(PLATFORM_SCHEMA)}`),
      server(`create table if not exists ${OBJECTS} (
                name varchar(64) character set ascii collate ascii_bin primary key,
                kind varchar(10) not null, marker varchar(200) not null)`),
      // Logins without a name open a server to everybody, and so do rights that are given to nobody in particular.
      {
        ...server(
          "select concat('drop user ', quote(user), '@', quote(host)) from mysql.user where user = ''",
        ),
        expands: 'in order',
      },
      {
        ...server("delete from mysql.db where user in ('', 'PUBLIC')"),
        unless: "select 1 from dual where not exists (select 1 from mysql.db where user in ('', 'PUBLIC'))",
      },
      server('flush privileges'),
    ];
  }

  create(spec: SandboxSpec, source: SandboxTemplate | SandboxNames): readonly ProvisionStep[] {
    return [
      ...LOGINS.flatMap((which) => newLogin(spec, which)),
      ...newDatabase(spec),
      // Before there is content: a view that reads a view is made only where their definer may read. Nobody can sign in.
      ...LOGINS.map((which) => grantTo(spec, which)),
      ...(typeof source === 'string' ? contentOf(spec, source) : copyContent(source, spec)),
      ...letIn(spec),
    ];
  }

  start(names: SandboxNames): readonly ProvisionStep[] {
    return letIn(names);
  }

  stop(names: SandboxNames): readonly ProvisionStep[] {
    return shutOut(names);
  }

  rotate(spec: SandboxSpec): readonly ProvisionStep[] {
    return [...LOGINS.map((which) => server(passwordOf(spec, which))), endSessions(spec)];
  }

  reset(spec: SandboxSpec, template: SandboxTemplate): readonly ProvisionStep[] {
    return [
      ...shutOut(spec),
      server(`drop database if exists ${ident(spec.database)}`),
      ...newDatabase(spec),
      ...contentOf(spec, template),
      ...letIn(spec),
    ];
  }

  drop(names: SandboxNames): readonly ProvisionStep[] {
    const { database, writeLogin, readLogin } = names;
    const marked = [database, writeLogin, readLogin].map(literal).join(', ');
    return [
      // Sessions would keep the database from going; the logins go first so that none comes back.
      server(`drop user if exists ${account(writeLogin)}, ${account(readLogin)}`),
      endSessions(names),
      server(`drop database if exists ${ident(database)}`),
      server(`delete from ${OBJECTS} where name in (${marked})`),
    ];
  }

  grant(spec: SandboxSpec): readonly ProvisionStep[] {
    return LOGINS.flatMap((which) => regrant(spec, which));
  }
}

function newDatabase({ database, marker, encoding }: SandboxSpec): ProvisionStep[] {
  return [mark(database, 'database', marker), server(createDatabase(database, encoding))];
}

export function createDatabase(database: string, encoding: SandboxSpec['encoding']): string {
  if (encoding === undefined) return `create database ${ident(database)}`;
  const { characterSet, collation } = encoding;
  if (!ENCODING_NAME.test(characterSet) || !ENCODING_NAME.test(collation)) {
    throw new Error('This is no name of a character set or a collation.');
  }
  return `create database ${ident(database)} character set ${characterSet} collate ${collation}`;
}

function contentOf({ database, writeLogin }: SandboxSpec, template: SandboxTemplate): ProvisionStep[] {
  if (template === 'blank') return [];
  const statements = [
    ...SAMPLE_TABLES,
    // The rows are known to fit: checking each of them again takes half of the time.
    'set session foreign_key_checks = 0, unique_checks = 0',
    'start transaction',
    ...SAMPLE_ROWS,
    'commit',
    'set session foreign_key_checks = 1, unique_checks = 1',
    sampleView(account(writeLogin)),
    'analyze table customers, products, orders, order_lines',
  ];
  return statements.map((sql) => ({ database, sql }));
}
