import type { Database, Queryable } from '../store/queryable.ts';
import { RecordsError } from './records-error.ts';

/** How long one statement of a search may take before it is ended. */
const STATEMENT_TIMEOUT_MS = 5_000;

/**
 * Runs reads that see one state of the database (a message that moves from the queue to its transaction meanwhile is seen
 * in one place), and that end when they take too long: a search never slows the engine for more than seconds.
 *
 * @throws RecordsError `search_too_wide`
 */
export async function boundedRead<T>(db: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  try {
    return await db.transaction(async (tx) => {
      await tx.query(
        `set transaction isolation level repeatable read, read only; set local statement_timeout = ${STATEMENT_TIMEOUT_MS}; set local jit = off`,
      );
      return work(tx);
    });
  } catch (error) {
    // SQLSTATE 57014, query_canceled.
    if ((error as { code?: unknown } | null)?.code === '57014') {
      throw new RecordsError('search_too_wide', { cause: error });
    }
    throw error;
  }
}
