import { Inject, Injectable } from '@nestjs/common';
import { EngineRegistry } from '../../engines/engine-registry.js';
import type { Provisioner } from '../../engines/provisioning.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import type { SandboxSource } from '../../platform/persistence/sandbox-sources.js';
import { Sealing } from '../../platform/sealing/sealing.js';
import { SandboxServersRepository, type SandboxServerRow } from './sandbox-servers.repository.js';
import type { ServerFacts } from './databases.types.js';

/** Sandbox servers by id: how to reach them with the admin login, and what may be shown of them. */
@Injectable()
export class ServerDirectory {
  constructor(
    private readonly servers: SandboxServersRepository,
    private readonly engines: EngineRegistry,
    private readonly sealing: Sealing,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async factsOf(serverId: string): Promise<ServerFacts> {
    return this.facts(await this.servers.get(serverId));
  }

  async listFacts(): Promise<Map<string, ServerFacts>> {
    const rows = await this.servers.list();
    return new Map(rows.map((row) => [row.id, this.facts(row)]));
  }

  async sourceOf(serverId: string): Promise<SandboxSource> {
    const { sealedAdminUrl } = await this.servers.get(serverId);
    return { serverId, url: this.sealing.open(sealedAdminUrl, contextOf(serverId)) };
  }

  sealAdminUrl(serverId: string, url: string): string {
    return this.sealing.seal(url, contextOf(serverId));
  }

  provisioner(): Provisioner {
    const { provisioner } = this.engines.get('postgres');
    if (provisioner === undefined) throw new Error('The engine postgres has no provisioner.');
    return provisioner;
  }

  private facts({ id, host, port, version, sealedAdminUrl }: SandboxServerRow): ServerFacts {
    const publicHost = this.config.sandbox.publicHost ?? host;
    const tls = tlsOf(this.sealing.open(sealedAdminUrl, contextOf(id)));
    return { id, engineName: `PostgreSQL ${version}`, publicHost, host, port, tls };
  }
}

/** Runs are encrypted as the admin's connection is. */
function tlsOf(url: string): ServerFacts['tls'] {
  const mode = new URL(url).searchParams.get('sslmode') ?? 'disable';
  if (mode.startsWith('verify')) return 'verify';
  return mode === 'disable' ? 'off' : 'on';
}

function contextOf(serverId: string): string {
  return `sandbox_server:${serverId}`;
}
