import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { EngineRegistry } from '../../engines/engine-registry.js';
import type { EngineKind } from '../../engines/engine.js';
import type { Encoding, Provisioner, ServerAdmin } from '../../engines/provisioning.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { Sealing } from '../../platform/sealing/sealing.js';
import { SandboxServersRepository, type SandboxServerRow } from './sandbox-servers.repository.js';
import type { ServerFacts } from './databases.types.js';

/** A server with what makes sandboxes on it. */
export interface ServerWork {
  readonly provisioner: Provisioner;
  readonly admin: ServerAdmin;
}

/** Sandbox servers by id: how to reach them with the admin login, and what may be shown of them. */
@Injectable()
export class ServerDirectory implements OnApplicationShutdown {
  private readonly admins = new Map<string, { readonly url: string; readonly admin: ServerAdmin }>();

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

  async workOn(serverId: string): Promise<ServerWork> {
    const { engine, sealedAdminUrl } = await this.servers.get(serverId);
    return this.workWith(serverId, engine, this.sealing.open(sealedAdminUrl, contextOf(serverId)));
  }

  /** Connections are kept; another URL of the same server closes them. */
  workWith(serverId: string, engine: EngineKind, url: string): ServerWork {
    const provisioner = this.provisionerOf(engine);
    const known = this.admins.get(serverId);
    if (known?.url === url) return { provisioner, admin: known.admin };
    void known?.admin.close();
    const admin = provisioner.connect(url);
    this.admins.set(serverId, { url, admin });
    return { provisioner, admin };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.admins.values()].map(async ({ admin }) => admin.close()));
  }

  /** What new databases of an engine may be in, the usual one first; empty where there is nothing to choose. */
  encodingsOf(engine: EngineKind): readonly Encoding[] {
    return this.provisionerOf(engine).encodings ?? [];
  }

  sealAdminUrl(serverId: string, url: string): string {
    return this.sealing.seal(url, contextOf(serverId));
  }

  private provisionerOf(engine: EngineKind): Provisioner {
    const { provisioner } = this.engines.get(engine);
    if (provisioner === undefined) throw new Error(`The engine ${engine} has no provisioner.`);
    return provisioner;
  }

  private facts(row: SandboxServerRow): ServerFacts {
    const { id, host, port, sealedAdminUrl } = row;
    const publicHost = this.config.sandbox.publicHost ?? host;
    const tls = tlsOf(this.sealing.open(sealedAdminUrl, contextOf(id)));
    return { id, engineName: engineNameOf(row), publicHost, host, port, tls };
  }
}

/** The engine with its version: `PostgreSQL 18`, `MariaDB 10.11`. */
export function engineNameOf({ engine, version }: Pick<SandboxServerRow, 'engine' | 'version'>): string {
  return engine === 'postgres' ? `PostgreSQL ${version}` : version;
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
