import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Order } from '../messages.js';
import { ChildDatabase, type StatementEnd } from './database.js';
import { codeOf } from './failure.js';
import { positionOf } from './position.js';
import { nextOrder, say } from './streams.js';

/** What the process may take in all: SQLite sorts and gathers in memory, and a runtime without a limit of its own. */
const MAX_MEMORY_BYTES = 402_653_184;
const MAX_MESSAGE = 2000;

let database: ChildDatabase | null = null;

function obey(order: Order): StatementEnd {
  if (order.do === 'open') {
    database = new ChildDatabase(order);
    return { stoppedBy: null, affected: 0 };
  }
  if (database === null) throw new Error('Nothing is open.');
  return order.do === 'run' ? database.run(order) : database.ask(order.text);
}

function answer(order: Order): void {
  try {
    const { stoppedBy, affected } = obey(order);
    say({ say: 'done', stoppedBy, affected, inTransaction: database?.inTransaction ?? false });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position =
      order.do === 'open' || database === null ? null : positionOf(database.connection, order.text, message);
    say({
      say: 'failed',
      code: codeOf(error),
      message: message.slice(0, MAX_MESSAGE),
      position,
      inTransaction: database?.inTransaction ?? false,
    });
  }
}

// A worker that shares this process's output would make it non-blocking, and then nothing holds a query back.
new Worker(join(import.meta.dirname, 'lifeline.js'), {
  workerData: { maxMemoryBytes: MAX_MEMORY_BYTES },
  stdout: true,
  stderr: true,
});
for (let order = nextOrder(); order !== null; order = nextOrder()) answer(order);
process.kill(process.pid, 'SIGKILL');
