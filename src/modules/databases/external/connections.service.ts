import { Injectable } from '@nestjs/common';
import { EngineRegistry } from '../../../engines/engine-registry.js';
import type { EngineKind, LoginFacts } from '../../../engines/engine.js';
import type { Actor } from '../../../platform/access/actor.js';
import { AppError, notFound } from '../../../platform/errors/app-error.js';
import { newId } from '../../../platform/persistence/ids.js';
import { Transactions } from '../../../platform/persistence/transactions.js';
import { TenantsService } from '../../tenants/tenants.service.js';
import { DatabaseJournal } from '../database-journal.js';
import { DatabasesRepository } from '../databases.repository.js';
import {
  ConnectionChecks,
  type CheckFailure,
  type CheckResult,
  type CheckStep,
} from './connection-checks.js';
import { connectionFrom, type PlaceFields } from './connection-input.js';
import { ExternalTargets } from './external-targets.js';
import type { ExternalDatabase, ExternalEnvironment, OpenConnection } from './external.types.js';
import { readRules } from './statement-rules.policy.js';

export interface NewConnection extends PlaceFields {
  readonly engine: EngineKind;
  readonly name: string;
  readonly environment: ExternalEnvironment;
  readonly podId?: string | undefined;
}

export interface ConnectionChanges extends PlaceFields {
  readonly name?: string | undefined;
  readonly environment?: ExternalEnvironment | undefined;
  /** Null for those of the environment. */
  readonly rules?: object | null | undefined;
}

/** What was tried, and how far it came. */
export interface CheckedConnection {
  readonly connection: OpenConnection;
  readonly result: CheckResult;
}

@Injectable()
export class ConnectionActs {
  constructor(
    readonly tenants: TenantsService,
    readonly databases: DatabasesRepository,
    readonly journal: DatabaseJournal,
    readonly transactions: Transactions,
    readonly engines: EngineRegistry,
  ) {}
}

/** Registers databases that are not ours, changes and removes them. Nothing is stored that has not been tried. */
@Injectable()
export class ConnectionsService {
  constructor(
    private readonly targets: ExternalTargets,
    private readonly checks: ConnectionChecks,
    private readonly acts: ConnectionActs,
  ) {}

  /** Engines that can be registered here. */
  engines(): readonly EngineKind[] {
    return this.acts.engines.kinds().filter((kind) => kind !== 'sqlite' || this.targets.hasFolder);
  }

  async register(actor: Actor, input: NewConnection): Promise<ExternalDatabase> {
    const connection = this.draft(input.engine, input);
    await this.refuseTaken(actor, input.name, connection);
    const { loginFacts } = await this.tryOut(actor, connection, null);
    const database = this.newDatabase(actor, input, connection, loginFacts);
    await this.acts.transactions.run(async () => {
      await this.acts.tenants.lockQuota(actor.tenantId);
      await this.refuseTaken(actor, input.name, connection);
      await this.targets.databases.insert(database);
      await this.acts.journal.write(actor, 'connection.register', database, factsOf(database));
    });
    return database;
  }

  /** Tries what a form says, without keeping anything of it. */
  async checkDraft(actor: Actor, engine: EngineKind, fields: PlaceFields): Promise<CheckedConnection> {
    const connection = this.draft(engine, fields);
    return { connection, result: await this.check(actor, connection, null) };
  }

  /** Tries a registered connection, with the changes that a form has on it. */
  async checkStored(actor: Actor, id: string, fields: PlaceFields): Promise<CheckedConnection> {
    const stored = await this.get(actor, id);
    const connection = connectionFrom(stored.engine, fields, this.targets.open(stored));
    return { connection, result: await this.check(actor, connection, stored) };
  }

  async change(actor: Actor, id: string, changes: ConnectionChanges): Promise<ExternalDatabase> {
    const before = await this.get(actor, id);
    const rules = rulesFrom(changes.rules, before);
    const connection = connectionFrom(before.engine, changes, this.targets.open(before));
    const moved = !isSame(connection, this.targets.open(before));
    const name = changes.name ?? before.name;
    if (name.toLowerCase() !== before.name.toLowerCase()) await this.refuseTaken(actor, name, connection);
    const checked = moved ? await this.tryOut(actor, connection, before) : null;
    return this.acts.transactions.run(async () => {
      await this.acts.tenants.lockQuota(actor.tenantId);
      const present = await this.targets.databases.findForUpdate(actor.tenantId, id);
      if (present === undefined) throw notFound('database');
      if (name.toLowerCase() !== present.name.toLowerCase()) await this.refuseTaken(actor, name, connection);
      const after: ExternalDatabase = {
        ...present,
        name,
        environment: changes.environment ?? present.environment,
        rules,
        ...(checked !== null && {
          connection: this.targets.seal(id, connection),
          loginFacts: checked.loginFacts,
          checkedAt: this.acts.journal.clock.now(),
        }),
      };
      await this.targets.databases.update(after);
      await this.acts.journal.write(actor, 'connection.change', after, changedFacts(present, after));
      return after;
    });
  }

  /** `confirm` is the database's name, typed by whoever removes it. The server is left as it is. */
  async remove(actor: Actor, id: string, confirm: string): Promise<ExternalDatabase> {
    return this.acts.transactions.run(async () => {
      const found = await this.targets.databases.findForUpdate(actor.tenantId, id);
      if (found === undefined) throw notFound('database');
      if (found.name !== confirm) {
        throw new AppError('invalid', 'confirmation_wrong', 'This is not the name of the database.', {
          fields: { confirm: `is “${found.name}”` },
        });
      }
      await this.targets.databases.remove(actor.tenantId, id, this.acts.journal.clock.now());
      await this.acts.journal.write(actor, 'connection.remove', found, factsOf(found));
      return found;
    });
  }

  private draft(engine: EngineKind, fields: PlaceFields): OpenConnection {
    if (!this.engines().includes(engine)) {
      const text = 'is not set up in this installation';
      throw new AppError(
        'invalid',
        'engine_unavailable',
        'This kind of database cannot be registered here.',
        {
          fields: { engine: text },
        },
      );
    }
    return connectionFrom(engine, fields, null);
  }

  private async get(actor: Actor, id: string): Promise<ExternalDatabase> {
    const found = await this.targets.databases.find(actor.tenantId, id);
    if (found === undefined) throw notFound('database');
    return found;
  }

  private async check(
    actor: Actor,
    connection: OpenConnection,
    stored: ExternalDatabase | null,
  ): Promise<CheckResult> {
    await this.checks.countFor(actor.tenantId).catch(async (error: unknown) => {
      await this.acts.journal.recordCheck(actor, stored, { code: 'too_many_requests' });
      throw error;
    });
    const result = await this.checks.check(connection);
    const { host, port, database, engine } = connection;
    const { journal } = this.acts;
    await journal.recordCheck(actor, stored, {
      ...{ engine, host, port, database },
      ...(result.failure !== null && { step: result.failure.step, code: result.failure.code }),
    });
    return result;
  }

  /** Throws what failed, at the field that is to blame. */
  private async tryOut(
    actor: Actor,
    connection: OpenConnection,
    stored: ExternalDatabase | null,
  ): Promise<CheckResult> {
    const result = await this.check(actor, connection, stored);
    if (result.failure !== null) throw refusalOf(result.failure);
    return result;
  }

  private async refuseTaken(actor: Actor, name: string, { engine, database }: OpenConnection): Promise<void> {
    if (await this.acts.databases.nameTaken(actor.tenantId, name)) {
      throw new AppError('conflict', 'name_taken', 'There already is a database with this name.', {
        fields: { name: 'is taken: choose another one' },
      });
    }
    if (engine === 'sqlite' && (await this.targets.databases.fileTaken(actor.tenantId, database))) {
      throw new AppError('conflict', 'file_taken', 'This file belongs to another organisation.', {
        fields: { database: 'belongs to another organisation' },
      });
    }
  }

  private newDatabase(
    actor: Actor,
    { engine, name, environment, podId }: NewConnection,
    connection: OpenConnection,
    loginFacts: LoginFacts | null,
  ): ExternalDatabase {
    const id = newId();
    const now = this.acts.journal.clock.now();
    return {
      origin: 'external',
      id,
      tenantId: actor.tenantId,
      ownerId: actor.membershipId,
      podId: podId === undefined || podId === '' ? null : podId,
      name,
      engine,
      status: 'running',
      statusReason: null,
      statusSince: now,
      lastUsedAt: null,
      storageBytes: null,
      storageMeasuredAt: null,
      deletedAt: null,
      purgeAt: null,
      createdAt: now,
      environment,
      connection: this.targets.seal(id, connection),
      rules: null,
      loginFacts,
      checkedAt: now,
    };
  }
}

const FIELDS: Readonly<Record<CheckStep, string>> = {
  name: 'host',
  address: 'host',
  port: 'port',
  tls: 'tls',
  login: 'read.password',
  database: 'database',
  'write login': 'write.password',
};

function refusalOf({ step, code, message }: CheckFailure): AppError {
  return new AppError('invalid', code, message, { fields: { [FIELDS[step]]: message }, extra: { step } });
}

function rulesFrom(given: object | null | undefined, before: ExternalDatabase): ExternalDatabase['rules'] {
  if (given === undefined) return before.rules;
  if (given === null) return null;
  const rules = readRules(given);
  if (rules !== undefined) return rules;
  throw new AppError('invalid', 'validation_failed', 'Some of the input cannot be accepted.', {
    fields: { rules: 'says for each role and class: run, needs_approval or refuse' },
  });
}

function isSame(one: OpenConnection, other: OpenConnection): boolean {
  const text = ({ host, port, database, tlsMode, tlsCa, options, read, write }: OpenConnection): string =>
    JSON.stringify([host, port, database, tlsMode, tlsCa, Object.entries(options).sort(), read, write]);
  return text(one) === text(other);
}

/** For the audit log: never a secret. */
function factsOf({ engine, environment, connection }: ExternalDatabase): Record<string, unknown> {
  const { host, port, database, tlsMode: tls, readUsername, writeUsername } = connection;
  return { engine, environment, host, port, database, tls, readUsername, writeUsername };
}

function changedFacts(before: ExternalDatabase, after: ExternalDatabase): Record<string, unknown> {
  const [old, now] = [
    { name: before.name, ...factsOf(before) },
    { name: after.name, ...factsOf(after) },
  ];
  const changed = Object.entries(now).filter(
    ([key, value]) => (old as Record<string, unknown>)[key] !== value,
  );
  const secrets = before.connection !== after.connection ? { connection: 'stored anew' } : {};
  const rules = JSON.stringify(before.rules) !== JSON.stringify(after.rules) ? { rules: after.rules } : {};
  return { ...Object.fromEntries(changed), ...secrets, ...rules };
}
