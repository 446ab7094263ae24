import { idAtMs } from '../domain/ids.ts';
import type { Database } from './queryable.ts';

/** The tables that are partitioned by the time in their ids. */
const PARTITIONED_TABLES = ['messages', 'transactions', 'patient_history', 'audit'] as const;

/**
 * Rows of these tables are written once. Vacuuming them after each fifth more (the server's default) writes every page
 * a second time while it is busy; after each doubling is early enough for them to be frozen.
 */
const WRITTEN_ONCE = 'autovacuum_vacuum_insert_threshold = 1000000, autovacuum_vacuum_insert_scale_factor = 1';

/**
 * How long before its month a partition is made. No longer than safe: every partition that is there costs each statement
 * that joins by id a little, also when it is empty.
 */
const AHEAD_MS = 10 * 24 * 3_600_000;

/**
 * Makes the monthly partitions for ids from `fromMs` until ten days from now. Safe to call from several nodes at once and
 * again at any time; a running node calls it every hour.
 */
export async function ensurePartitions(db: Database, nowMs: number, fromMs: number = nowMs): Promise<void> {
  const first = new Date(fromMs);
  const last = new Date(nowMs + AHEAD_MS);
  const months = (last.getUTCFullYear() - first.getUTCFullYear()) * 12 + last.getUTCMonth() - first.getUTCMonth() + 1;
  await db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(7237001)');
    for (let month = 0; month < months; month++) {
      const from = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1);
      const to = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month + 1, 1);
      const suffix = new Date(from).toISOString().slice(0, 7).replace('-', '_');
      for (const table of PARTITIONED_TABLES) {
        await tx.query(
          `create table if not exists ${table}_${suffix} partition of ${table} for values from (${idAtMs(from)}) to (${idAtMs(to)}) with (${WRITTEN_ONCE})`,
        );
      }
    }
  });
}
