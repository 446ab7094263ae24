import { idAtMs } from '../domain/ids.ts';
import type { Database, Queryable } from './queryable.ts';

/** The tables that are partitioned by the time in their ids. */
const PARTITIONED_TABLES = ['messages', 'transactions', 'patient_history', 'clinical_history', 'audit'] as const;

/**
 * Rows of these tables are written once. Vacuuming them after each fifth more (the server's default) writes every page
 * a second time while it is busy; after each doubling is early enough for them to be frozen.
 */
const WRITTEN_ONCE =
  'autovacuum_vacuum_insert_threshold = 1000000, autovacuum_vacuum_insert_scale_factor = 1, autovacuum_analyze_scale_factor = 0.5';

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

/** A month of a table. */
export interface Partition {
  readonly name: string;
  /** The first id that is no longer in it. */
  readonly end: bigint;
}

/** How long a statement waits for a table to be free: whoever writes to it waits as long behind it. */
const LOCK_PATIENCE = '2s';
/** SQLSTATE: the lock was not free in time. */
const LOCK_NOT_AVAILABLE = '55P03';

/** The partitions of a table whose ids are all below one, oldest first. */
export async function partitionsBelow(
  db: Queryable,
  table: (typeof PARTITIONED_TABLES)[number],
  id: bigint,
): Promise<Partition[]> {
  const { rows } = await db.query<{ name: string; bounds: string }>(
    `select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bounds
     from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::regclass`,
    [table],
  );
  return rows
    .flatMap(({ name, bounds }) => {
      const end = /TO \('(\d+)'\)/.exec(bounds)?.[1];
      return end === undefined ? [] : [{ name, end: BigInt(end) }];
    })
    .filter((partition) => partition.end <= id)
    .toSorted((one, other) => (one.end < other.end ? -1 : 1));
}

/** Removes a partition with all that is in it. Answers false when the table was not free for it: try again later. */
export async function dropPartition(db: Database, { name }: Partition): Promise<boolean> {
  try {
    await db.transaction(async (tx) => {
      await tx.query(`set local lock_timeout = '${LOCK_PATIENCE}'`);
      await tx.query(`drop table if exists "${name.replaceAll('"', '""')}"`);
    });
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === LOCK_NOT_AVAILABLE) return false;
    throw error;
  }
}
