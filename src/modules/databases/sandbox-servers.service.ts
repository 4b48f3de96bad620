import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import type { Endpoint } from '../../platform/egress/egress.js';
import { AppError } from '../../platform/errors/app-error.js';
import { newId } from '../../platform/persistence/ids.js';
import { SandboxServersRepository, type SandboxServerRow } from './sandbox-servers.repository.js';
import { ServerDirectory, type ServerWork } from './server-directory.js';

const PREPARE_LOCK = 7_120_432;
const FIRST_NAME = 'postgres-1';

/** The servers on which sandboxes are made. */
@Injectable()
export class SandboxServersService {
  constructor(
    private readonly servers: SandboxServersRepository,
    private readonly directory: ServerDirectory,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** At start: the server of the configuration is known, is not the management server, and is ready for sandboxes. */
  async ensureSeeded(): Promise<void> {
    const url = this.config.sandbox.postgresUrl;
    const known = await this.servers.findByName(FIRST_NAME);
    const id = known?.id ?? newId();
    const work = this.directory.workWith(id, 'postgres', url);
    const version = await this.inspect(work);
    const { hostname, port } = new URL(url);
    await this.servers.save({
      id,
      engine: 'postgres',
      name: FIRST_NAME,
      host: hostname,
      port: port === '' ? 5432 : Number(port),
      version,
      sealedAdminUrl: this.directory.sealAdminUrl(id, url),
      status: known?.status ?? 'active',
      createdAt: known?.createdAt ?? this.clock.now(),
    });
    const { provisioner, admin } = work;
    await admin.locked(PREPARE_LOCK, async () => admin.run(provisioner.prepareServer()));
  }

  /** The server for a new sandbox. */
  async choose(): Promise<SandboxServerRow> {
    const [server] = await this.servers.listActive('postgres');
    if (server === undefined) {
      throw new AppError(
        'unavailable',
        'no_sandbox_server',
        'There is no server for new databases at present.',
      );
    }
    return server;
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

  /** Its major version. Throws when it cannot hold sandboxes, or is the management database's cluster by another name. */
  private async inspect({ provisioner, admin }: ServerWork): Promise<string> {
    const [own, server] = await Promise.all([
      this.servers.managementClusterId(),
      provisioner.inspector.identify(admin.ask),
    ]);
    if (own === server.clusterId) {
      throw new Error(
        'SANDBOX_POSTGRES_URL names the server of the management database: sandboxes need another one.',
      );
    }
    if (server.obstacle !== null) {
      throw new Error(`SANDBOX_POSTGRES_URL names a server that cannot be used: ${server.obstacle}.`);
    }
    return server.version.split('.', 1)[0] ?? server.version;
  }
}
