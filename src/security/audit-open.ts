import type { Database, Queryable } from '../store/queryable.ts';
import { SYSTEM_ACTOR } from '../domain/actor.ts';
import { insertAudit } from './audit-append.ts';
import { chainEntries, type AuditClock } from './audit-chain.ts';
import { genesisHash, headSeal, sameHash, type AuditEntry, type AuditHead, type AuditKeys } from './audit-entry.ts';

/** Who writes a chain: each node has one for its API and one for its worker. */
export type AuditWriterKind = 'api' | 'worker';

export interface OpenedAuditChain {
  readonly chain: number;
  readonly head: AuditHead;
  /** A chain whose head was changed by hand; it was closed as it is, for `verify-audit` to tell, and this one begun. */
  readonly broken: number | null;
}

interface ChainRow {
  readonly chain: number;
  readonly head_id: string;
  readonly head_position: string;
  readonly head_hash: Buffer;
  readonly head_seal: Buffer;
}

const COLUMNS = 'chain, head_id, head_position, head_hash, head_seal';

/**
 * Takes up the chain of a writer where it stands, or begins one. Call it once at the start of a node, while the node
 * holds its number; partitions of today must exist. Each opening is an entry that witnesses where all other chains
 * stand, so that cutting off the tail of one, or removing one whole, is told by the others.
 */
export async function openAuditChain(
  deps: AuditClock & {
    readonly db: Database;
    readonly keys: AuditKeys;
    readonly node: number;
    readonly writer: AuditWriterKind;
  },
): Promise<OpenedAuditChain> {
  const { keys, node, writer } = deps;
  return deps.db.transaction(async (tx) => {
    // One opening at a time: chain numbers have no gaps, which `verify-audit` relies on.
    await tx.query('select pg_advisory_xact_lock(7237002)');
    const { rows } = await tx.query<ChainRow>(
      `select ${COLUMNS} from audit_chains where node = $1 and writer = $2 and not closed for update`,
      [node, writer],
    );
    let row = rows[0];
    let broken: number | null = null;
    if (row !== undefined && !sameHash(row.head_seal, headSeal(keys, 'head', row.chain, headOf(row)))) {
      broken = row.chain;
      await tx.query('update audit_chains set closed = true, updated_at = now() where chain = $1', [row.chain]);
      row = undefined;
    }
    row ??= await begin(tx, deps);
    const before = headOf(row);
    const batch = chainEntries(keys, deps, row.chain, before, [
      {
        actor: SYSTEM_ACTOR,
        action: 'audit-chain-opened',
        resource: { kind: 'audit_chain', id: BigInt(row.chain) },
        outcome: broken === null ? 'ok' : 'failed',
        detail: { node, writer, ...(broken === null ? {} : { broken }), heads: await otherHeads(tx, row.chain) },
      },
    ]);
    await insertAudit(tx, batch);
    return { chain: row.chain, head: batch.after, broken };
  });
}

/** An entry that writes down where all other chains stand; append it to one chain now and then (hourly is plenty). */
export async function witnessEntry(db: Queryable, ownChain: number): Promise<AuditEntry> {
  return { actor: SYSTEM_ACTOR, action: 'audit-witnessed', detail: { heads: await otherHeads(db, ownChain) } };
}

/** `chain:position:id:hash` (hash in base64url) of each chain but one's own. */
async function otherHeads(db: Queryable, own: number): Promise<string[]> {
  const { rows } = await db.query<ChainRow>(
    `select ${COLUMNS} from audit_chains where chain <> $1 and head_position > 0 order by chain`,
    [own],
  );
  return rows.map((row) => `${row.chain}:${row.head_position}:${row.head_id}:${row.head_hash.toString('base64url')}`);
}

async function begin(
  tx: Queryable,
  deps: AuditClock & { readonly keys: AuditKeys; readonly node: number; readonly writer: AuditWriterKind },
): Promise<ChainRow> {
  const last = await tx.query<{ last: number }>('select coalesce(max(chain), 0)::int as last from audit_chains');
  const chain = (last.rows[0]?.last ?? 0) + 1;
  const genesis: AuditHead = { id: 0n, position: 0n, hash: genesisHash(deps.keys, chain) };
  const at = new Date(deps.now());
  const { rows } = await tx.query<ChainRow>(
    `insert into audit_chains (chain, node, writer, opened_at, updated_at, base_id, base_position, base_hash, base_seal,
       head_id, head_position, head_hash, head_seal)
     values ($1, $2, $3, $4, $4, 0, 0, $5, $6, 0, 0, $5, $7) returning ${COLUMNS}`,
    [
      chain,
      deps.node,
      deps.writer,
      at,
      genesis.hash,
      headSeal(deps.keys, 'base', chain, genesis),
      headSeal(deps.keys, 'head', chain, genesis),
    ],
  );
  return rows[0] as ChainRow;
}

function headOf(row: ChainRow): AuditHead {
  return { id: BigInt(row.head_id), position: BigInt(row.head_position), hash: row.head_hash };
}
