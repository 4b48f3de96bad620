import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { Target } from '../../engines/engine.js';
import type {
  MarkedObject,
  Provisioner,
  ProvisionStep,
  SandboxActivity,
  SandboxNames,
  SandboxSpec,
  SandboxState,
} from '../../engines/provisioning.js';
import { EngineRegistry } from '../../engines/engine-registry.js';
import { Sealing } from '../../platform/sealing/sealing.js';
import type { DatabaseRecord, ServerFacts } from './databases.types.js';
import { ServerDirectory } from './server-directory.js';

/** The server ends a statement after this long even when nobody else does. */
const STATEMENT_TIMEOUT_MS = 600_000;
const IDLE_IN_TRANSACTION_MS = 300_000;
const TEMP_FILE_MB = 1024;
/** How much later the platform looks itself. */
const GRACE_MS = 5000;
const MARKER = 'clouddb-manager';

export interface SealedPasswords {
  readonly sealedWritePassword: string;
  readonly sealedReadPassword: string;
}

/** Sandboxes as they are on their servers; every act can be repeated after a crash. */
@Injectable()
export class SandboxesRepository {
  constructor(
    private readonly servers: ServerDirectory,
    private readonly sealing: Sealing,
    private readonly engines: EngineRegistry,
  ) {}

  async serverOf(record: DatabaseRecord): Promise<ServerFacts> {
    return this.servers.factsOf(record.serverId);
  }

  async listServers(): Promise<Map<string, ServerFacts>> {
    return this.servers.listFacts();
  }

  newPasswords(databaseId: string): SealedPasswords {
    const make = (login: string): string =>
      this.sealing.seal(randomBytes(24).toString('base64url'), contextOf(databaseId, login));
    return { sealedWritePassword: make('write'), sealedReadPassword: make('read') };
  }

  writePassword(record: DatabaseRecord): string {
    return this.sealing.open(record.sealedWritePassword, contextOf(record.id, 'write'));
  }

  /** Whatever a crash has left of an earlier attempt goes first. */
  async create(record: DatabaseRecord): Promise<void> {
    const spec = this.specOf(record);
    await this.runAll(record, (make) => [...make.drop(spec), ...make.create(spec, record.template)]);
  }

  /** Copies a sandbox from which everybody was cut off with `stop`. */
  async copy(record: DatabaseRecord, source: DatabaseRecord): Promise<void> {
    const spec = this.specOf(record);
    await this.runAll(record, (make) => [...make.drop(spec), ...make.create(spec, namesOf(source))]);
  }

  async start(record: DatabaseRecord): Promise<void> {
    await this.runAll(record, (make) => make.start(namesOf(record)));
  }

  async stop(record: DatabaseRecord): Promise<void> {
    await this.forget(record);
    await this.runAll(record, (make) => make.stop(namesOf(record)));
  }

  async reset(record: DatabaseRecord): Promise<void> {
    await this.forget(record);
    await this.runAll(record, (make) => make.reset(this.specOf(record), record.template));
  }

  async rotate(before: DatabaseRecord, after: DatabaseRecord): Promise<void> {
    await this.forget(before);
    await this.runAll(after, (make) => make.rotate(this.specOf(after)));
  }

  async drop(record: DatabaseRecord): Promise<void> {
    await this.forget(record);
    await this.runAll(record, (make) => make.drop(namesOf(record)));
  }

  /** Puts right what is not as it should be; answers what that was. */
  async repair(record: DatabaseRecord, state: SandboxState): Promise<string[]> {
    const { provisioner, admin } = await this.servers.workOn(record.serverId);
    const found = await provisioner.inspector.deviations(admin.ask, this.specOf(record), state);
    for (const { repair } of found) await admin.run(repair);
    return found.map(({ what }) => what);
  }

  /** Bytes on the server by database id. */
  async sizes(serverId: string, records: readonly DatabaseRecord[]): Promise<Map<string, number>> {
    const { provisioner, admin } = await this.servers.workOn(serverId);
    const names = records.map((record) => record.physicalName);
    const sizes = await provisioner.inspector.sizes(admin.ask, names);
    return new Map(
      records.flatMap(({ id, physicalName }) => {
        const bytes = sizes.get(physicalName);
        return bytes === undefined ? [] : [[id, bytes] as const];
      }),
    );
  }

  /** What the database's own logins do, the product's connections apart. */
  async activity(record: DatabaseRecord): Promise<Omit<SandboxActivity, 'database'>> {
    const { provisioner, admin } = await this.servers.workOn(record.serverId);
    const [found] = await provisioner.inspector.activity(admin.ask, [namesOf(record)]);
    return found ?? { connections: 0, idleMs: null };
  }

  /** Ends statements of tenants' logins that have run longer than the server should have let them. */
  async endOverdue(serverId: string): Promise<number> {
    const { provisioner, admin } = await this.servers.workOn(serverId);
    return provisioner.inspector.endOverdue(admin.ask, {
      statementMs: STATEMENT_TIMEOUT_MS + GRACE_MS,
      idleInTransactionMs: IDLE_IN_TRANSACTION_MS + GRACE_MS,
    });
  }

  /** What this product once made on the server, with the time at which its row was. */
  async listMarked(serverId: string): Promise<{ object: MarkedObject; madeAt: Date }[]> {
    const prefix = `${MARKER} ${serverId} `;
    const { provisioner, admin } = await this.servers.workOn(serverId);
    const objects = await provisioner.inspector.marked(admin.ask, prefix);
    return objects.map((object) => ({ object, madeAt: new Date(object.marker.slice(prefix.length)) }));
  }

  async remove(serverId: string, object: MarkedObject): Promise<void> {
    const { provisioner, admin } = await this.servers.workOn(serverId);
    await admin.run(provisioner.inspector.removal(object));
  }

  async target(record: DatabaseRecord, access: 'read' | 'write'): Promise<Target> {
    const { host, port, tls } = await this.servers.factsOf(record.serverId);
    const read = access === 'read';
    const sealed = read ? record.sealedReadPassword : record.sealedWritePassword;
    return {
      host,
      port,
      database: record.physicalName,
      username: read ? record.readLogin : record.writeLogin,
      password: this.sealing.open(sealed, contextOf(record.id, access)),
      tls: { mode: tls },
    };
  }

  /** Drops the connections that this process keeps to the database. */
  async forget(record: DatabaseRecord): Promise<void> {
    const driver = this.engines.get(record.engine);
    await driver.forget(await this.target(record, 'read'));
    await driver.forget(await this.target(record, 'write'));
  }

  private specOf(record: DatabaseRecord): SandboxSpec {
    return {
      ...namesOf(record),
      writePassword: this.writePassword(record),
      readPassword: this.sealing.open(record.sealedReadPassword, contextOf(record.id, 'read')),
      connectionLimit: record.connectionLimit,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      idleInTransactionTimeoutMs: IDLE_IN_TRANSACTION_MS,
      tempFileLimitMb: TEMP_FILE_MB,
      ...encodingOf(record),
      // Other products may use the same server: the id of its row tells ours from theirs.
      marker: `${MARKER} ${record.serverId} ${record.createdAt.toISOString()}`,
    };
  }

  private async runAll(
    record: DatabaseRecord,
    steps: (provisioner: Provisioner) => readonly ProvisionStep[],
  ): Promise<void> {
    const { provisioner, admin } = await this.servers.workOn(record.serverId);
    await admin.run(steps(provisioner));
  }
}

function namesOf({ physicalName, writeLogin, readLogin }: DatabaseRecord): SandboxNames {
  return { database: physicalName, writeLogin, readLogin };
}

function encodingOf({
  characterSet,
  textCollation: collation,
}: DatabaseRecord): Pick<SandboxSpec, 'encoding'> {
  return characterSet === null || collation === null ? {} : { encoding: { characterSet, collation } };
}

function contextOf(databaseId: string, login: string): string {
  return `database:${databaseId}:${login}`;
}
