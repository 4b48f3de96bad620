import { Injectable } from '@nestjs/common';
import { Transactions } from '../../platform/persistence/transactions.js';
import type { SandboxEngine } from './databases.types.js';

export interface SandboxServerRow {
  readonly id: string;
  readonly engine: SandboxEngine;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** As people know it: `18`, `MariaDB 10.11`. */
  readonly version: string;
  readonly sealedAdminUrl: string;
  readonly status: 'active' | 'draining';
  readonly createdAt: Date;
}

/** A server with how full it is. */
export interface ServerRoom extends SandboxServerRow {
  /** Databases that may be made on it in all. */
  readonly capacity: number;
  /** Databases that are on it, those in the bin included. */
  readonly used: number;
}

const COLUMNS = `s.id, s.engine, s.name, s.host, s.port, s.version, s.sealed_admin_url as "sealedAdminUrl", s.status,
  s.created_at as "createdAt"`;
const SELECT = `select ${COLUMNS} from sandbox_server s`;

@Injectable()
export class SandboxServersRepository {
  constructor(private readonly transactions: Transactions) {}

  async list(): Promise<SandboxServerRow[]> {
    return this.ask(`${SELECT} order by name`);
  }

  /** Those that take new databases, the one with most room first. */
  async listActive(): Promise<ServerRoom[]> {
    return this.ask<ServerRoom>(
      `select ${COLUMNS}, s.capacity, count(d.id)::int as used
         from sandbox_server s left join database d on d.server_id = s.id and d.status <> 'purged'
        where s.status = 'active' group by s.id order by s.capacity - count(d.id) desc, s.name`,
    );
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
