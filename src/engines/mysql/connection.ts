import type { PooledConnection } from '../connection-pool.js';
import { EngineError, type RunLimits, type Target } from '../engine.js';
import { engineError } from '../engine-error.js';
import { connect } from './connect.js';
import { runError } from './errors.js';
import { CollectExchange } from './exchange.js';
import { query, RESET, useDatabase } from './wire/commands.js';
import type { Wire } from './wire/wire.js';

/**
 * Modes in which the server reads a text differently from the lexer, the names that stand for several of them included.
 * The rest of the server's own sql_mode stays as it is.
 */
const LEXICAL_MODES: ReadonlySet<string> = new Set([
  'ANSI_QUOTES',
  'NO_BACKSLASH_ESCAPES',
  'IGNORE_SPACE',
  'ANSI',
  'DB2',
  'MAXDB',
  'MSSQL',
  'ORACLE',
  'POSTGRESQL',
]);

const NO_LIMIT = '18446744073709551615';

export interface ServerFacts {
  readonly mariadb: boolean;
  /** What was pinned; read back when the connection was made. */
  readonly sqlMode: string;
}

/** A pooled connection whose session is known: the same text has the same meaning, the same value the same text. */
export class MysqlConnection implements PooledConnection {
  private limits = '';

  private constructor(
    readonly wire: Wire,
    private readonly database: string,
    private readonly facts: ServerFacts,
  ) {}

  static async open(target: Target): Promise<MysqlConnection> {
    const wire = await connect(target);
    try {
      const connection = new MysqlConnection(wire, target.database, await factsOf(wire));
      await connection.pin();
      return connection;
    } catch (error) {
      wire.destroy();
      throw error instanceof EngineError ? error : runError(error);
    }
  }

  get usable(): boolean {
    return this.wire.usable;
  }

  get mariadb(): boolean {
    return this.facts.mariadb;
  }

  close(): void {
    this.wire.close();
  }

  /**
   * The command that sets the limits on the server, unless they are set already. SQL_SELECT_LIMIT stops a SELECT that
   * has no LIMIT of its own after one row more than wanted, without a word in its text.
   */
  limitCommands({ timeoutMs }: RunLimits, maxRows: number): Buffer[] {
    const { mariadb } = this.facts;
    const time = mariadb
      ? `max_statement_time = ${String(timeoutMs / 1000)}`
      : `max_execution_time = ${String(timeoutMs)}`;
    const limits = `${time}, sql_select_limit = ${maxRows === Infinity ? NO_LIMIT : String(maxRows + 1)}`;
    if (limits === this.limits) return [];
    this.limits = limits;
    return [query(`set session ${limits}`)];
  }

  /** Takes everything back that a session can keep. Resetting keeps the database that was chosen, and loses the pins. */
  async reset(): Promise<boolean> {
    const answer = new CollectExchange();
    const commands = [query('rollback'), RESET, useDatabase(this.database), query(this.pins())];
    await this.wire.talk(commands, answer).catch(() => undefined);
    return answer.problem === null && this.wire.usable && !this.wire.inTransaction;
  }

  private pins(): string {
    const limits = this.limits === '' ? '' : `, ${this.limits}`;
    return `set names utf8mb4, session sql_mode = '${this.facts.sqlMode}', time_zone = '+00:00', autocommit = 1${limits}`;
  }

  /** Sets what must hold and reads it back: a server in between might have its own mind. */
  private async pin(): Promise<void> {
    const answer = new CollectExchange();
    const check = 'select @@sql_mode, @@character_set_client, @@time_zone, @@autocommit';
    await this.wire.talk([query(this.pins()), query(check)], answer);
    if (answer.problem !== null) throw new EngineError(answer.problem);
    const expected = [this.facts.sqlMode, 'utf8mb4', '+00:00', '1'];
    const [found = []] = answer.rows;
    if (!expected.every((value, index) => found[index] === value)) {
      throw engineError('connection_failed', 'The server does not keep the settings of the session.');
    }
  }
}

async function factsOf(wire: Wire): Promise<ServerFacts> {
  const answer = new CollectExchange();
  await wire.talk([query('select version(), @@sql_mode')], answer);
  if (answer.problem !== null) throw new EngineError(answer.problem);
  const [[version = null, modes = null] = []] = answer.rows;
  const kept = (modes ?? '').split(',').filter((mode) => /^[A-Z_]+$/.test(mode) && !LEXICAL_MODES.has(mode));
  return { mariadb: /mariadb/i.test(version ?? ''), sqlMode: kept.join(',') };
}

/** Opens connections to one target. */
export function connector(target: Target): () => Promise<MysqlConnection> {
  return async () => MysqlConnection.open(target);
}
