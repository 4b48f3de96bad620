import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { DirectConnection } from './direct-connection.js';
import type { PreparedStatement, TextRow } from './prepared-call.js';

/**
 * Statements that run thousands of times a second on the management database, beside the ORM's pool and its
 * transactions. Each has a connection of its own, so that none waits behind another.
 */
@Injectable()
export class DirectConnections implements OnApplicationShutdown {
  private readonly byStatement = new Map<string, DirectConnection>();

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'management'>) {}

  /** Runs a statement that finds its rows by their keys, each call a transaction; answers its rows as text. */
  async run(statement: PreparedStatement, values: readonly string[]): Promise<readonly TextRow[]> {
    return this.connectionFor(statement).run(statement, values);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.byStatement.values()].map(async (connection) => connection.close()));
  }

  private connectionFor({ name }: PreparedStatement): DirectConnection {
    const known = this.byStatement.get(name);
    if (known !== undefined) return known;
    const connection = new DirectConnection(this.config.management.url);
    this.byStatement.set(name, connection);
    return connection;
  }
}
