import { Inject, Injectable } from '@nestjs/common';
import type { Encoding } from '../../engines/provisioning.js';
import { Clock } from '../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import type { Endpoint } from '../../platform/egress/egress.js';
import { AppError } from '../../platform/errors/app-error.js';
import { newId } from '../../platform/persistence/ids.js';
import { ENGINE_NAMES, type SandboxEngine } from './databases.types.js';
import { SandboxServersRepository, type ServerRoom } from './sandbox-servers.repository.js';
import { ServerDirectory, type ServerWork } from './server-directory.js';

const PREPARE_LOCK = 7_120_432;

/** A server that the configuration names. */
interface Seed {
  readonly engine: SandboxEngine;
  readonly name: string;
  readonly setting: string;
  readonly url: string;
  readonly usualPort: number;
}

/** The servers on which sandboxes are made. */
@Injectable()
export class SandboxServersService {
  constructor(
    private readonly servers: SandboxServersRepository,
    private readonly directory: ServerDirectory,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** At start: the servers of the configuration are known, are not the management server, and are ready for sandboxes. */
  async ensureSeeded(): Promise<void> {
    await Promise.all(this.seeds().map(async (seed) => this.plant(seed)));
  }

  /** The server for a new sandbox: the one that was asked for, or the one with most room. */
  async choose(engine: SandboxEngine, serverId?: string): Promise<ServerRoom> {
    const active = (await this.servers.listActive()).filter((server) => server.engine === engine);
    const wanted = serverId === undefined ? active : active.filter(({ id }) => id === serverId);
    const [server] = wanted;
    if (server === undefined && serverId !== undefined) {
      throw new AppError('invalid', 'invalid_input', 'There is no such server for this engine.', {
        fields: { serverId: 'is no server that takes new databases of this engine' },
      });
    }
    if (server === undefined || server.used >= server.capacity) {
      const full = server === undefined ? 'There is no server' : 'There is no room on the servers';
      const text = `${full} for new ${ENGINE_NAMES[engine]} databases at present.`;
      throw new AppError('unavailable', 'no_sandbox_server', text);
    }
    return server;
  }

  encodingsOf(engine: SandboxEngine): readonly Encoding[] {
    return this.directory.encodingsOf(engine);
  }

  /** Servers that take new databases, for people to choose from. */
  async offers(): Promise<ServerRoom[]> {
    return this.servers.listActive();
  }

  /** Where people must not come by registering a database of their own. */
  async endpoints(): Promise<Endpoint[]> {
    const servers = await this.servers.list();
    return servers.map(({ host, port }) => ({ host: host.replace(/^\[|\]$/g, ''), port }));
  }

  /** Asks every server whether it answers. */
  async ping(): Promise<void> {
    const servers = await this.servers.list();
    await Promise.all(
      servers.map(async ({ id }) => (await this.directory.workOn(id)).admin.ask(null, 'select 1')),
    );
  }

  private seeds(): Seed[] {
    const { postgresUrl, mysqlUrl } = this.config.sandbox;
    const postgres: Seed = {
      engine: 'postgres',
      name: 'postgres-1',
      setting: 'SANDBOX_POSTGRES_URL',
      url: postgresUrl,
      usualPort: 5432,
    };
    if (mysqlUrl === null) return [postgres];
    const setting = 'SANDBOX_MYSQL_URL';
    return [postgres, { engine: 'mysql', name: 'mysql-1', setting, url: mysqlUrl, usualPort: 3306 }];
  }

  private async plant(seed: Seed): Promise<void> {
    const { engine, name, url } = seed;
    const known = await this.servers.findByName(name);
    const id = known?.id ?? newId();
    const work = this.directory.workWith(id, engine, url);
    const version = await this.inspect(work, seed);
    const { hostname, port } = new URL(url);
    await this.servers.save({
      id,
      engine,
      name,
      host: hostname,
      port: port === '' ? seed.usualPort : Number(port),
      version,
      sealedAdminUrl: this.directory.sealAdminUrl(id, url),
      status: known?.status ?? 'active',
      createdAt: known?.createdAt ?? this.clock.now(),
    });
    const { provisioner, admin } = work;
    await admin.locked(PREPARE_LOCK, async () => admin.run(provisioner.prepareServer()));
  }

  /** Its version. Throws when it cannot hold sandboxes, or is the management database's cluster by another name. */
  private async inspect({ provisioner, admin }: ServerWork, { engine, setting }: Seed): Promise<string> {
    const [own, server] = await Promise.all([
      this.servers.managementClusterId(),
      provisioner.inspector.identify(admin.ask),
    ]);
    if (own === server.clusterId) {
      throw new Error(`${setting} names the server of the management database: sandboxes need another one.`);
    }
    if (server.obstacle !== null) {
      throw new Error(`${setting} names a server that cannot be used: ${server.obstacle}.`);
    }
    return shortVersion(engine, server.version);
  }
}

/** The part of a version that people go by: `18` of 18.4, `MariaDB 10.11` of 10.11.19. */
function shortVersion(engine: SandboxEngine, version: string): string {
  const parts = version.split('.');
  return parts.slice(0, engine === 'postgres' ? 1 : 2).join('.');
}
