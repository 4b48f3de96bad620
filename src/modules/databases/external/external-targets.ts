import { Inject, Injectable } from '@nestjs/common';
import { join } from 'node:path';
import type { Target } from '../../../engines/engine.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { AppError } from '../../../platform/errors/app-error.js';
import { Egress } from '../../../platform/egress/egress.js';
import { Sealing } from '../../../platform/sealing/sealing.js';
import { ExternalRepository } from './external.repository.js';
import type { ExternalDatabase, Login, OpenConnection, StoredConnection } from './external.types.js';
import { DEFAULT_RULES, type RuleFacts } from './statement-rules.policy.js';

/** Registered databases as a run needs them: unsealed in memory, their address checked and pinned. */
@Injectable()
export class ExternalTargets {
  constructor(
    readonly databases: ExternalRepository,
    private readonly sealing: Sealing,
    private readonly egress: Egress,
    @Inject(CONFIG) private readonly config: Pick<Config, 'sqlite'>,
  ) {}

  /** Files of SQLite can be registered. */
  get hasFolder(): boolean {
    return this.config.sqlite.folder !== null;
  }

  /** Both targets of a registered database; the one for writing is null where none is registered. */
  async targetsOf(database: ExternalDatabase): Promise<{ read: Target; write: Target | null }> {
    const open = this.open(database);
    const read = await this.target(open, open.read);
    return { read, write: open.write === null ? null : { ...read, ...open.write } };
  }

  /** Resolves the host and checks what is behind it; the target goes to that address and no other. */
  async target(place: OpenConnection, login: Login): Promise<Target> {
    if (place.engine === 'sqlite') return this.file(place, login);
    const { host, port, database, tlsMode, tlsCa, options } = place;
    const { address } = await this.egress.pin('tenant', host, port);
    return {
      host,
      address,
      port,
      database,
      ...login,
      tls: { mode: tlsMode, ...(tlsCa !== null && { ca: tlsCa }) },
      options,
    };
  }

  /** Whether the path stays in the folder, links and all, is the engine's to look at when it opens the file. */
  private file({ database, host, port }: OpenConnection, login: Login): Target {
    const { folder } = this.config.sqlite;
    if (folder === null) {
      throw new AppError(
        'unavailable',
        'sqlite_off',
        'This installation has no folder for SQLite databases.',
      );
    }
    return { host, port, database: join(folder, database), ...login, tls: { mode: 'off' } };
  }

  open({ id, engine, connection }: ExternalDatabase): OpenConnection {
    const { readUsername, sealedReadPassword, writeUsername, sealedWritePassword, ...place } = connection;
    return {
      ...place,
      engine,
      read: { username: readUsername, password: this.unseal(sealedReadPassword, id, 'read') },
      write:
        writeUsername === null
          ? null
          : { username: writeUsername, password: this.unseal(sealedWritePassword, id, 'write') },
    };
  }

  /** The connection as it is stored: passwords sealed for this row and login alone. */
  seal(id: string, connection: OpenConnection): StoredConnection {
    const { host, port, database, tlsMode, tlsCa, options, read, write } = connection;
    return {
      ...{ host, port, database, tlsMode, tlsCa, options },
      readUsername: read.username,
      sealedReadPassword:
        read.password === '' ? null : this.sealing.seal(read.password, contextOf(id, 'read')),
      writeUsername: write?.username ?? null,
      sealedWritePassword: write === null ? null : this.sealing.seal(write.password, contextOf(id, 'write')),
    };
  }

  private unseal(sealed: string | null, id: string, login: 'read' | 'write'): string {
    return sealed === null ? '' : this.sealing.open(sealed, contextOf(id, login));
  }
}

/** What decides over the statements of a registered database. */
export function ruleFactsOf({ environment, rules, loginFacts, connection }: ExternalDatabase): RuleFacts {
  return {
    environment,
    rules: rules ?? DEFAULT_RULES[environment],
    readLoginWrites: loginFacts === null ? null : loginFacts.writes.length > 0,
    hasWriteLogin: connection.writeUsername !== null,
  };
}

function contextOf(databaseId: string, login: string): string {
  return `external_connection:${databaseId}:${login}`;
}
