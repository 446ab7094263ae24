import type { Queryable } from '../store/queryable.ts';
import { headSeal, type AuditHead, type AuditKeys } from './audit-entry.ts';

/**
 * Writes down that everything of the audit log before an id is about to be removed by retention: the last row of each
 * chain below it becomes the chain's base, under a seal, and verification begins there. Call it in a transaction, before
 * the partition is dropped and after verifying up to the id; answers how many chains moved.
 */
export async function recordAuditPrune(tx: Queryable, keys: AuditKeys, beforeId: bigint): Promise<number> {
  const { rows } = await tx.query<{ chain: number; id: string; position: string; hash: Buffer }>(
    `select distinct on (a.chain) a.chain, a.id, a.position, a.hash
     from audit a join audit_chains c using (chain)
     where a.id < $1 and a.position > c.base_position
     order by a.chain, a.position desc`,
    [beforeId],
  );
  let moved = 0;
  for (const row of rows) {
    const base: AuditHead = { id: BigInt(row.id), position: BigInt(row.position), hash: row.hash };
    // Another node may have done it meanwhile.
    const { rowCount } = await tx.query(
      `update audit_chains set base_id = $2, base_position = $3, base_hash = $4, base_seal = $5
       where chain = $1 and base_position < $3`,
      [row.chain, base.id, base.position, base.hash, headSeal(keys, 'base', row.chain, base)],
    );
    moved += rowCount ?? 0;
  }
  return moved;
}
