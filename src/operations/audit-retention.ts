import { SYSTEM_ACTOR } from '../domain/actor.ts';
import { idAtMs, idTimeMs } from '../domain/ids.ts';
import type { AuditWriter } from '../security/audit-append.ts';
import type { AuditKeys } from '../security/audit-entry.ts';
import { recordAuditPrune } from '../security/audit-prune.ts';
import { verifyAudit } from '../security/verify-audit.ts';
import { dropPartition, partitionsBelow, type Partition } from '../store/partitions.ts';
import type { Database } from '../store/queryable.ts';

/** What one look at the retention of the audit log came to. */
export type AuditRetention =
  | { readonly kind: 'nothing-due' }
  | { readonly kind: 'removed'; readonly partition: string; readonly entries: number }
  /** The month is written off, but the table was in use: the next look removes it. */
  | { readonly kind: 'busy'; readonly partition: string }
  /** The month does not verify, so it is evidence: it stays until a person has looked. */
  | { readonly kind: 'not-intact'; readonly partition: string; readonly problem: string };

/**
 * Removes the oldest month of the audit log when all of it is older than the retention: verifies it, makes its last
 * entries the sealed bases of their chains, audits that, and drops the partition. One month at a time, so that a clock
 * that is wrong for an hour takes no more than that; call it once a day. Safe on several nodes at once.
 */
export async function retainAudit(deps: {
  readonly db: Database;
  readonly keys: AuditKeys;
  readonly audit: AuditWriter;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  readonly years: number;
}): Promise<AuditRetention> {
  const { db, keys } = deps;
  const limit = new Date(deps.now());
  limit.setUTCFullYear(limit.getUTCFullYear() - deps.years);
  const [oldest] = await partitionsBelow(db, 'audit', idAtMs(limit.getTime()));
  if (oldest === undefined) return { kind: 'nothing-due' };
  const partition = oldest.name;
  const verified = await verifyAudit(db, keys, { before: oldest.end });
  if (!verified.intact) return { kind: 'not-intact', partition, problem: verified.problems[0]?.sentence ?? '' };
  await writeOff(deps, oldest, verified.checked);
  // Not in the same transaction: a writer has its chain before it has the table, so the two would wait for each other.
  if (!(await dropPartition(db, oldest))) return { kind: 'busy', partition };
  return { kind: 'removed', partition, entries: verified.checked };
}

/** From here on verification begins after the month, whether it is still there or not. */
async function writeOff(
  { db, keys, audit }: Parameters<typeof retainAudit>[0],
  { end }: Partition,
  entries: number,
): Promise<void> {
  await db.transaction(async (tx) => {
    const chains = await recordAuditPrune(tx, keys, end);
    if (chains === 0) return;
    const before = new Date(idTimeMs(end)).toISOString();
    await audit.within(tx, [{ actor: SYSTEM_ACTOR, action: 'audit-pruned', detail: { before, chains, entries } }]);
  });
}
