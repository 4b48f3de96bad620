import { lstatSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { AccessMode } from '../../engine.js';
import { identityOf } from '../identity.js';
import type { Order, RowLimits } from '../messages.js';
import { authorizer } from './authorizer.js';
import { pour, type RowEnd } from './rows.js';

/** A value of text or bytes: what one cell may take of this process's memory. */
const MAX_VALUE_BYTES = 33_554_432;
const ALL_ROWS: RowLimits = { maxRows: Infinity, maxBytes: Infinity, maxCellBytes: MAX_VALUE_BYTES };

export interface StatementEnd extends RowEnd {
  /** Rows changed by the statement itself, not by its triggers. */
  readonly affected: number;
}

/** The one file that this process has open. */
export class ChildDatabase {
  readonly connection: DatabaseSync;
  private readonly access: AccessMode;
  private readonly authorize: ReturnType<typeof authorizer>;
  private readonly counter: StatementSync;

  constructor({ path, identity, access }: Extract<Order, { do: 'open' }>) {
    this.access = access;
    this.authorize = authorizer(access);
    this.connection = connect(path, access);
    if (identityOf(lstatSync(path, { bigint: true })) !== identity)
      throw new Error('The file was exchanged.');
    this.counter = this.connection.prepare('select total_changes(), changes()');
    // Reads the file for the first time: what is no database, or has to be recovered first, says so here.
    this.connection.prepare('select count(*) from sqlite_schema').get();
  }

  get inTransaction(): boolean {
    return this.connection.isTransaction;
  }

  /** A person's statement: SQLite asks the authorizer for each part of it. */
  run({ text, busyMs, ...limits }: Extract<Order, { do: 'run' }>): StatementEnd {
    this.connection.setAuthorizer(null);
    this.connection.exec(`pragma busy_timeout = ${String(Math.trunc(busyMs))}`);
    this.connection.setAuthorizer(this.authorize);
    return this.execute(text, limits);
  }

  /** A statement of our own. */
  ask(text: string): StatementEnd {
    this.connection.setAuthorizer(null);
    return this.execute(text, ALL_ROWS);
  }

  private execute(text: string, limits: RowLimits): StatementEnd {
    const statement = this.connection.prepare(text);
    // SQLite compiles the first statement and leaves the rest, so there must be none.
    if (statement.sourceSQL.length !== text.length) throw new Error('This is more than one statement.');
    const [before] = this.changes();
    const end = pour(statement, limits, this.access === 'write');
    const [after, affected] = this.changes();
    return { ...end, affected: after === before ? 0 : Number(affected) };
  }

  /** All changes of this connection, and those of the last statement that changed anything. */
  private changes(): [bigint, bigint] {
    return this.counter.get() as unknown as [bigint, bigint];
  }
}

function connect(path: string, access: AccessMode): DatabaseSync {
  const connection = new DatabaseSync(path, {
    readOnly: access === 'read',
    readBigInts: true,
    returnArrays: true,
    defensive: true,
    limits: { length: MAX_VALUE_BYTES, attach: access === 'read' ? 0 : 1, triggerDepth: 100 },
  });
  connection.exec(`
    pragma trusted_schema = off;
    pragma cell_size_check = on;
    pragma mmap_size = 0;
    pragma temp_store = memory;
    pragma query_only = ${access === 'read' ? 'on' : 'off'};
    pragma busy_timeout = 5000;`);
  return connection;
}
