import type { Target } from '../engine.js';
import { connect } from './connect.js';
import { CollectExchange } from './exchange.js';
import { ALL_TYPES, typesByOid, type ServerType } from './types.js';
import { query } from './wire/messages.js';
import type { Wire } from './wire/wire.js';

/** Reads every type once, for a new connection. */
export async function readTypes(wire: Wire, types: Map<number, ServerType>): Promise<void> {
  await ask(wire, ALL_TYPES, types);
}

/** Types that were made since; asked on a connection of its own, because this one is in the middle of a result. */
export async function learnTypes(
  target: Target,
  oids: readonly number[],
  types: Map<number, ServerType>,
): Promise<void> {
  const wire = await connect(target);
  try {
    await ask(wire, typesByOid(oids), types);
  } finally {
    wire.close();
  }
}

async function ask(wire: Wire, sql: string, types: Map<number, ServerType>): Promise<void> {
  const answer = new CollectExchange();
  await wire.talk([query(sql)], 1, answer);
  for (const [oid, name, category] of answer.rows) {
    types.set(Number(oid), { name: name ?? '', category: category ?? 'X' });
  }
}
