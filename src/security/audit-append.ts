import type { Database, Queryable } from '../store/queryable.ts';
import { chainEntries, type AuditClock, type PreparedAudit } from './audit-chain.ts';
import { checkEntry, type AuditEntry, type AuditHead, type AuditKeys } from './audit-entry.ts';
import { SecurityError } from './security-error.ts';

/** How many parameters {@link auditCtes} takes. */
export const AUDIT_PARAMETERS = 17;
/** SQLSTATE with which the statement ends when the chain's head is not where the batch begins. */
export const AUDIT_MOVED_STATE = 'PSA01';

/**
 * Two common table expressions, `audit_head` and `audit_rows`, that advance the head of a chain and insert a prepared
 * batch: part of a bigger statement (so that records and their audit are one commit), or with `select` a statement of
 * their own. The parameters stand at `$first` and following, in the order of {@link auditParameters}. When the head is
 * not where the batch begins, the whole statement fails with {@link AUDIT_MOVED_STATE}.
 */
export function auditCtes(first: number): string {
  const p = (offset: number): string => `$${first + offset}`;
  return `audit_head as (
  update audit_chains set head_id = ${p(3)}::bigint, head_position = ${p(4)}::bigint, head_hash = ${p(5)}::bytea,
    head_seal = ${p(6)}::bytea, updated_at = now()
  where chain = ${p(0)}::smallint and head_position = ${p(1)}::bigint and head_hash = ${p(2)}::bytea
  returning 1
), audit_rows as (
  insert into audit (id, chain, position, at, actor_kind, actor_id, action, resource_kind, resource_id, outcome, detail, hash)
  select r.id, ${p(0)}::smallint, ${p(1)}::bigint + r.ordinality, timestamptz 'epoch' + r.at * interval '1 millisecond',
    r.actor_kind, r.actor_id, r.action, r.resource_kind, r.resource_id, r.outcome, r.detail, r.hash
  from unnest(${p(7)}::bigint[], ${p(8)}::bigint[], ${p(9)}::smallint[], ${p(10)}::bigint[], ${p(11)}::smallint[],
    ${p(12)}::smallint[], ${p(13)}::bigint[], ${p(14)}::smallint[], ${p(15)}::text[], ${p(16)}::bytea[]) with ordinality
    as r(id, at, actor_kind, actor_id, action, resource_kind, resource_id, outcome, detail, hash, ordinality)
  where (select refuse_when(count(*) <> 1, '${AUDIT_MOVED_STATE}', 'the audit chain has moved') from audit_head)
  returning 1
)`;
}

/**
 * The parameters of {@link auditCtes}. Arrays are plain; a hot path may encode them in binary first (elements: bigint,
 * bigint, smallint, bigint or null, smallint, smallint, bigint or null, smallint, text or null, bytea).
 */
export function auditParameters(batch: PreparedAudit): unknown[] {
  return [
    batch.chain,
    batch.before.position,
    batch.before.hash,
    batch.after.id,
    batch.after.position,
    batch.after.hash,
    batch.seal,
    batch.ids,
    batch.at,
    batch.actorKinds,
    batch.actorIds,
    batch.actions,
    batch.resourceKinds,
    batch.resourceIds,
    batch.outcomes,
    batch.details,
    batch.hashes,
  ];
}

const INSERT = `with ${auditCtes(1)} select count(*)::int as written from audit_rows`;

/** Writes a prepared batch by itself. Throws `audit_chain_moved`, or the database's error. */
export async function insertAudit(db: Queryable, batch: PreparedAudit): Promise<void> {
  if (batch.count === 0) return;
  try {
    await db.query(INSERT, auditParameters(batch));
  } catch (cause) {
    if (isAuditMoved(cause)) throw new SecurityError('audit_chain_moved', { cause });
    throw cause;
  }
}

/** Whether a database error says that the chain was continued by somebody else. */
export function isAuditMoved(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === AUDIT_MOVED_STATE;
}

interface HeadRow {
  readonly head_id: string;
  readonly head_position: string;
  readonly head_hash: Buffer;
}

/** The head of a chain as the database has it; `lock` holds it for this transaction. */
export async function readAuditHead(db: Queryable, chain: number, lock = false): Promise<AuditHead> {
  const { rows } = await db.query<HeadRow>(
    `select head_id, head_position, head_hash from audit_chains where chain = $1 ${lock ? 'for update' : ''}`,
    [chain],
  );
  const row = rows[0];
  if (row === undefined) throw new SecurityError('audit_unavailable', { detail: `Chain ${chain} is gone.` });
  return { id: BigInt(row.head_id), position: BigInt(row.head_position), hash: row.head_hash };
}

/** Writes entries of the API: occasional, next to changes in transactions of their own. */
export interface AuditWriter {
  /**
   * Writes inside a transaction: the entries exist exactly when its changes do. Holds the chain until the transaction
   * ends, so do it last and end soon after.
   */
  within(tx: Queryable, entries: readonly AuditEntry[]): Promise<void>;
  /** Writes in a transaction of its own; entries that come while one is under way share the next. */
  append(...entries: readonly AuditEntry[]): Promise<void>;
}

/**
 * The head is read under a row lock each time rather than kept in memory: a transaction that rolls back then takes the
 * head back by itself, whoever ended it and why.
 */
export function createAuditWriter(
  deps: AuditClock & { readonly db: Database; readonly keys: AuditKeys; readonly chain: number },
): AuditWriter {
  let waiting: { entries: readonly AuditEntry[]; resolve: () => void; reject: (reason: unknown) => void }[] = [];
  let writing = false;

  async function within(tx: Queryable, entries: readonly AuditEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const head = await readAuditHead(tx, deps.chain, true);
    await insertAudit(tx, chainEntries(deps.keys, deps, deps.chain, head, entries));
  }

  async function drain(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        const entries = batch.flatMap((each) => each.entries);
        await deps.db.transaction((tx) => within(tx, entries));
        for (const each of batch) each.resolve();
      } catch (cause) {
        const error = cause instanceof SecurityError ? cause : new SecurityError('audit_unavailable', { cause });
        for (const each of batch) each.reject(error);
      }
    }
    writing = false;
  }

  return {
    within,
    append: (...entries) =>
      new Promise((resolve, reject) => {
        // An entry that cannot be written must not take along those that share its transaction.
        for (const entry of entries) checkEntry(entry);
        waiting.push({ entries, resolve, reject });
        if (!writing) void drain();
      }),
  };
}
