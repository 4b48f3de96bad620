import type { PooledConnection } from '../connection-pool.js';
import type { Target } from '../engine.js';
import { connect } from './connect.js';
import { readTypes } from './types-lookup.js';
import type { ServerType } from './types.js';
import type { Wire } from './wire/wire.js';

/** A pooled connection, with what was learnt about the types of its database. */
export class PostgresConnection implements PooledConnection {
  /** The time limit for which the statements of the read fence are prepared; null when they are not. */
  fencedFor: number | null = null;
  /** What is prepared here stays: false behind a pooler that gives each transaction another session. */
  keepsStatements = true;

  constructor(
    readonly wire: Wire,
    readonly types: Map<number, ServerType>,
  ) {}

  get usable(): boolean {
    return this.wire.usable;
  }

  close(): void {
    this.wire.close();
  }
}

/** Opens connections to one target; they share what they know of its types. */
export function connector(target: Target): () => Promise<PostgresConnection> {
  const types = new Map<number, ServerType>();
  return async () => {
    const wire = await connect(target);
    try {
      if (types.size === 0) await readTypes(wire, types);
    } catch (error) {
      wire.close();
      throw error;
    }
    return new PostgresConnection(wire, types);
  };
}
