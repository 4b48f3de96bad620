import { UUID } from 'mongodb';
import type { Target } from '../engine.js';
import { engineError } from '../engine-error.js';
import { connect } from './connect.js';
import { runError } from './errors.js';

/** Ends a session of the server with all that it runs; everybody may end those of their own login. */
export async function cancelBackend(target: Target, backendId: string): Promise<void> {
  if (!UUID.isValid(backendId)) throw new Error('This names no session of MongoDB.');
  const connection = await connect(target);
  try {
    await connection.client.db('admin').command({ killSessions: [{ id: new UUID(backendId) }] });
  } catch (error) {
    const known = runError(error);
    if (known.problem.code === 'CommandNotFound') {
      throw engineError('cancelled_elsewhere', 'This server cannot end what another connection runs.', error);
    }
    throw known;
  } finally {
    connection.close();
  }
}
