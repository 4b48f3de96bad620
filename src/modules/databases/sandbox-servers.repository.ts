import { Injectable } from '@nestjs/common';
import { Transactions } from '../../platform/persistence/transactions.js';

export interface SandboxServerRow {
  readonly id: string;
  readonly engine: 'postgres';
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Major version. */
  readonly version: string;
  readonly sealedAdminUrl: string;
  readonly status: 'active' | 'draining';
  readonly createdAt: Date;
}

const SELECT = `select id, engine, name, host, port, version, sealed_admin_url as "sealedAdminUrl", status,
  created_at as "createdAt" from sandbox_server`;

@Injectable()
export class SandboxServersRepository {
  constructor(private readonly transactions: Transactions) {}

  async list(): Promise<SandboxServerRow[]> {
    return this.ask(`${SELECT} order by name`);
  }

  async listActive(engine: string): Promise<SandboxServerRow[]> {
    return this.ask(`${SELECT} where engine = $1 and status = 'active' order by name`, [engine]);
  }

  async findByName(name: string): Promise<SandboxServerRow | undefined> {
    const [row] = await this.ask(`${SELECT} where name = $1`, [name]);
    return row;
  }

  async get(id: string): Promise<SandboxServerRow> {
    const [row] = await this.ask(`${SELECT} where id = $1`, [id]);
    if (row === undefined) throw new Error(`There is no sandbox server ${id}.`);
    return row;
  }

  async save(row: SandboxServerRow): Promise<void> {
    await this.ask(
      `insert into sandbox_server (id, engine, name, host, port, version, sealed_admin_url, status, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (name) do update set host = excluded.host, port = excluded.port, version = excluded.version,
         sealed_admin_url = case when sandbox_server.id = excluded.id then excluded.sealed_admin_url
                                 else sandbox_server.sealed_admin_url end`,
      [
        row.id,
        row.engine,
        row.name,
        row.host,
        row.port,
        row.version,
        row.sealedAdminUrl,
        row.status,
        row.createdAt,
      ],
    );
  }

  /** Which cluster the management database is in. */
  async managementClusterId(): Promise<string> {
    const [row] = await this.ask<{ id: string }>(
      'select system_identifier::text as id from pg_control_system()',
    );
    if (row === undefined) throw new Error('The management server does not say which cluster it is.');
    return row.id;
  }

  private async ask<T = SandboxServerRow>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return this.transactions.manager.query<T[]>(sql, parameters);
  }
}
