import type { AuditHead, AuditEntry, AuditKeys } from './audit-entry.ts';
import { entryHash, entryRow, headSeal } from './audit-entry.ts';
import { SecurityError } from './security-error.ts';

/** A batch of chained rows, ready for one statement: parallel arrays for `unnest` (see `auditCtes`). */
export interface PreparedAudit {
  readonly chain: number;
  readonly before: AuditHead;
  readonly after: AuditHead;
  /** To be stored beside the new head. */
  readonly seal: Buffer;
  readonly count: number;
  readonly ids: readonly bigint[];
  /** Milliseconds since 1970 UTC. */
  readonly at: readonly bigint[];
  readonly actorKinds: readonly number[];
  readonly actorIds: readonly (bigint | null)[];
  readonly actions: readonly number[];
  readonly resourceKinds: readonly number[];
  readonly resourceIds: readonly (bigint | null)[];
  readonly outcomes: readonly number[];
  readonly details: readonly (string | null)[];
  readonly hashes: readonly Buffer[];
}

export interface AuditClock {
  readonly ids: { next(): bigint };
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/**
 * Chains entries onto a head, without touching the database. Ids come from the generator, but always rise within the
 * chain, also when the clock was set back between two starts of the program.
 */
export function chainEntries(
  keys: AuditKeys,
  clock: AuditClock,
  chain: number,
  before: AuditHead,
  entries: readonly AuditEntry[],
): PreparedAudit {
  const count = entries.length;
  const ids = new Array<bigint>(count);
  const at = new Array<bigint>(count);
  const actorKinds = new Array<number>(count);
  const actorIds = new Array<bigint | null>(count);
  const actions = new Array<number>(count);
  const resourceKinds = new Array<number>(count);
  const resourceIds = new Array<bigint | null>(count);
  const outcomes = new Array<number>(count);
  const details = new Array<string | null>(count);
  const hashes = new Array<Buffer>(count);
  const nowMs = clock.now();
  let { id, position, hash } = before;
  for (let i = 0; i < count; i++) {
    const next = clock.ids.next();
    id = next > id ? next : id + 1n;
    position += 1n;
    const row = entryRow(entries[i] as AuditEntry, { chain, position, id, nowMs });
    hash = entryHash(keys, hash, row);
    ids[i] = id;
    at[i] = row.atMicros / 1000n;
    actorKinds[i] = row.actorKind;
    actorIds[i] = row.actorId === 0n ? null : row.actorId;
    actions[i] = row.action;
    resourceKinds[i] = row.resourceKind;
    resourceIds[i] = row.resourceId === 0n ? null : row.resourceId;
    outcomes[i] = row.outcome;
    details[i] = row.detail;
    hashes[i] = hash;
  }
  const after = { id, position, hash };
  const seal = headSeal(keys, 'head', chain, after);
  return {
    chain,
    before,
    after,
    seal,
    count,
    ids,
    at,
    actorKinds,
    actorIds,
    actions,
    resourceKinds,
    resourceIds,
    outcomes,
    details,
    hashes,
  };
}

/**
 * A chain with its head in memory, for a writer that has it for itself (the worker of a node).
 *
 * One batch at a time: `prepare`, write its rows in the batch's own transaction, then `commit` when that committed or
 * `rollback` when it did not. When it is not known (the connection was lost while committing), read the head again
 * (`readAuditHead`) and `recover`.
 */
export interface AuditChain {
  readonly chain: number;
  head(): AuditHead;
  /** Chains a batch. Throws `audit_chain_busy` while another is open, `audit_detail_invalid` (then nothing is open). */
  prepare(entries: readonly AuditEntry[]): PreparedAudit;
  /** The open batch is in the database: its last row is the new head. */
  commit(): void;
  /** The open batch is not in the database: the head stays. */
  rollback(): void;
  /** Takes the head as the database has it and closes an open batch. Answers whether that batch was committed. */
  recover(stored: AuditHead): boolean;
}

export function createAuditChain(
  deps: AuditClock & { readonly keys: AuditKeys; readonly chain: number; readonly head: AuditHead },
): AuditChain {
  let head = deps.head;
  let open: PreparedAudit | undefined;
  return {
    chain: deps.chain,
    head: () => head,
    prepare(entries) {
      if (open !== undefined) throw new SecurityError('audit_chain_busy');
      const batch = chainEntries(deps.keys, deps, deps.chain, head, entries);
      open = batch;
      return batch;
    },
    commit() {
      if (open !== undefined) head = open.after;
      open = undefined;
    },
    rollback() {
      open = undefined;
    },
    recover(stored) {
      const committed =
        open !== undefined && stored.position === open.after.position && stored.hash.equals(open.after.hash);
      head = stored;
      open = undefined;
      return committed;
    },
  };
}
