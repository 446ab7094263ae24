import { setImmediate as breathe } from 'node:timers/promises';
import type { Queryable } from '../store/queryable.ts';
import { AUDIT_ACTIONS } from './audit-actions.ts';
import { entryHash, headSeal, sameHash, type AuditHead, type AuditKeys, type AuditRow } from './audit-entry.ts';

/** What can be wrong with an audit log. */
export const AUDIT_PROBLEMS = {
  changed: 'An entry is not what was written.',
  missing: 'Entries are missing before this one.',
  inserted: 'An entry was not written by the program.',
  truncated: 'The last entries of the chain are missing.',
  'head-changed': 'The record of where the chain ends was changed.',
  'base-changed': 'The record of what retention has removed was changed.',
  'chain-missing': 'A whole chain is missing.',
  'witness-broken': 'Another chain witnessed an entry that is not there as it was.',
} as const;
export type AuditProblemKind = keyof typeof AUDIT_PROBLEMS;

export interface AuditProblem {
  readonly chain: number;
  /** The entry where it shows; null where there is none. */
  readonly id: bigint | null;
  readonly position: bigint | null;
  readonly what: AuditProblemKind;
  readonly sentence: string;
}

export interface AuditVerification {
  readonly intact: boolean;
  /** Entries whose hash was computed anew. */
  readonly checked: number;
  readonly chains: number;
  /** Chains' ends as verified; keep them elsewhere to witness a later verification. */
  readonly heads: readonly { readonly chain: number; readonly position: bigint; readonly hash: string }[];
  /** In the order found; the first 100. */
  readonly problems: readonly AuditProblem[];
  readonly problemCount: number;
}

export interface VerifyAuditOptions {
  readonly onProgress?: (done: { readonly checked: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
  /** Entries read at a time. */
  readonly pageSize?: number;
  /** Only entries before this id; whether the chains end where they should is not looked at then. */
  readonly before?: bigint;
}

interface ChainState {
  readonly chain: number;
  readonly base: AuditHead;
  readonly head: AuditHead;
  position: bigint;
  hash: Buffer;
  /** The highest position seen beyond the head as it stood at the start. */
  beyond: { position: bigint; id: bigint } | undefined;
}

interface StoredRow {
  readonly id: string;
  readonly chain: number;
  readonly position: string;
  readonly at: string;
  readonly actor_kind: number;
  readonly actor_id: string | null;
  readonly action: number;
  readonly resource_kind: number;
  readonly resource_id: string | null;
  readonly outcome: number;
  readonly detail: string | null;
  readonly hash: Buffer;
}

// The first condition is implied by the second, but it is the one that lets the server skip partitions.
const PAGE = `select id, chain, position, (extract(epoch from at) * 1000000)::bigint as at, actor_kind, actor_id, action,
  resource_kind, resource_id, outcome, detail, hash
from audit where id >= $1::bigint and (id, chain) > ($1::bigint, $2::smallint) and id < $4::bigint
order by id, chain limit $3`;
/** Above every id. */
const NO_BOUND = 2n ** 63n - 1n;
const PROBLEM_LIMIT = 100;

/**
 * Computes every hash of the audit log anew and holds it against what is stored: changed, missing and inserted entries,
 * cut tails, changed heads, missing chains, broken witnesses. All chains are read in one pass in the order of ids, a
 * page at a time, so that memory stays bounded; entries written meanwhile are left for the next time.
 */
export async function verifyAudit(
  db: Queryable,
  keys: AuditKeys,
  options: VerifyAuditOptions = {},
): Promise<AuditVerification> {
  const problems: AuditProblem[] = [];
  let problemCount = 0;
  const report = (what: AuditProblemKind, chain: number, place?: { id: bigint; position: bigint }, more = ''): void => {
    problemCount += 1;
    if (problems.length >= PROBLEM_LIMIT) return;
    const { id = null, position = null } = place ?? {};
    const where = `Chain ${chain}${position === null ? '' : `, entry ${position}`}${id === null ? '' : ` (id ${id})`}`;
    problems.push({ chain, id, position, what, sentence: `${where}: ${AUDIT_PROBLEMS[what]}${more}` });
  };

  const states = await readChains(db, keys, report);
  const total = [...states.values()].reduce((sum, state) => sum + Number(state.head.position - state.base.position), 0);
  const strangers = new Set<number>();
  const pageSize = options.pageSize ?? 2000;
  let checked = 0;
  let cursor = { id: -1n, chain: 0 };
  for (;;) {
    options.signal?.throwIfAborted();
    const { rows } = await db.query<StoredRow>(PAGE, [cursor.id, cursor.chain, pageSize, options.before ?? NO_BOUND]);
    const witnesses: Witness[] = [];
    for (const stored of rows) {
      const row = toRow(stored);
      cursor = { id: row.id, chain: row.chain };
      const state = states.get(row.chain);
      if (state === undefined) {
        if (!strangers.has(row.chain)) report('inserted', row.chain, row, ' No such chain is known.');
        strangers.add(row.chain);
        continue;
      }
      if (row.position > state.head.position) {
        if (row.position > (state.beyond?.position ?? 0n)) state.beyond = { position: row.position, id: row.id };
        continue;
      }
      if (row.position <= state.base.position) {
        // Retention has written it off and not removed it yet; a number that no row can have is not that.
        if (row.position <= 0n) report('inserted', row.chain, row);
        continue;
      }
      checked += 1;
      checkRow(keys, state, row, stored.hash, report);
      if (isWitness(row)) witnesses.push(...readWitnesses(row));
    }
    await checkWitnesses(db, states, witnesses, report);
    options.onProgress?.({ checked, total });
    if (rows.length < pageSize) break;
    await breathe();
  }
  if (options.before === undefined) await checkEnds(db, states, report);
  return {
    intact: problemCount === 0,
    checked,
    chains: states.size,
    heads: [...states.values()].map(({ chain, position, hash }) => ({
      chain,
      position,
      hash: hash.toString('base64url'),
    })),
    problems,
    problemCount,
  };
}

type Report = (what: AuditProblemKind, chain: number, place?: { id: bigint; position: bigint }, more?: string) => void;

function checkRow(keys: AuditKeys, state: ChainState, row: AuditRow, hash: Buffer, report: Report): void {
  const expected = state.position + 1n;
  if (row.position === expected) {
    if (!sameHash(hash, entryHash(keys, state.hash, row))) report('changed', row.chain, row);
  } else if (row.position > expected) {
    const count = row.position - expected;
    report('missing', row.chain, row, count === 1n ? ' It is one.' : ` They are ${count}.`);
  } else {
    // Its position was there before: it does not move the chain on.
    report('inserted', row.chain, row);
    return;
  }
  // Goes on from what is stored, so that each further break is told by itself.
  state.position = row.position;
  state.hash = hash;
}

async function readChains(db: Queryable, keys: AuditKeys, report: Report): Promise<Map<number, ChainState>> {
  const { rows } = await db.query<{
    chain: number;
    base_id: string;
    base_position: string;
    base_hash: Buffer;
    base_seal: Buffer;
    head_id: string;
    head_position: string;
    head_hash: Buffer;
    head_seal: Buffer;
  }>('select * from audit_chains order by chain');
  const states = new Map<number, ChainState>();
  let next = 1;
  for (const row of rows) {
    for (; next < row.chain; next++) report('chain-missing', next);
    next = row.chain + 1;
    const base = { id: BigInt(row.base_id), position: BigInt(row.base_position), hash: row.base_hash };
    const head = { id: BigInt(row.head_id), position: BigInt(row.head_position), hash: row.head_hash };
    if (!sameHash(row.base_seal, headSeal(keys, 'base', row.chain, base))) report('base-changed', row.chain, base);
    if (!sameHash(row.head_seal, headSeal(keys, 'head', row.chain, head))) report('head-changed', row.chain, head);
    const { position, hash } = base;
    states.set(row.chain, { chain: row.chain, base, head, position, hash, beyond: undefined });
  }
  return states;
}

/** After the last row: does each chain end where its head says, and nowhere beyond? */
async function checkEnds(db: Queryable, states: Map<number, ChainState>, report: Report): Promise<void> {
  const { rows } = await db.query<{ chain: number; head_position: string }>(
    'select chain, head_position from audit_chains',
  );
  const now = new Map(rows.map((row) => [row.chain, BigInt(row.head_position)]));
  for (const state of states.values()) {
    const { chain, head, beyond } = state;
    if (state.position < head.position) {
      report('truncated', chain, head, ` It ends with entry ${state.position} of ${head.position}.`);
    } else if (!sameHash(state.hash, head.hash)) {
      report('head-changed', chain, head);
    }
    // Rows beyond the head of the beginning are new ones only if the head has moved on as well.
    if (beyond !== undefined && beyond.position > (now.get(chain) ?? 0n)) report('inserted', chain, beyond);
  }
}

interface Witness {
  readonly by: AuditRow;
  readonly chain: number;
  readonly position: bigint;
  readonly id: bigint;
  readonly hash: Buffer;
}

function isWitness(row: AuditRow): boolean {
  return (
    row.action === AUDIT_ACTIONS['audit-chain-opened'].number || row.action === AUDIT_ACTIONS['audit-witnessed'].number
  );
}

function readWitnesses(by: AuditRow): Witness[] {
  let heads: unknown;
  try {
    heads = (JSON.parse(by.detail ?? '{}') as { heads?: unknown }).heads;
  } catch {
    return []; // the entry was changed, which is reported already
  }
  if (!Array.isArray(heads)) return [];
  return heads.flatMap((text) => {
    const match = /^(\d{1,5}):(\d{1,19}):(\d{1,19}):([\w-]{43})$/.exec(String(text));
    if (match === null) return [];
    const [, chain = '', position = '', id = '', hash = ''] = match;
    const witness = { by, chain: Number(chain), position: BigInt(position), id: BigInt(id) };
    return [{ ...witness, hash: Buffer.from(hash, 'base64url') }];
  });
}

async function checkWitnesses(
  db: Queryable,
  states: Map<number, ChainState>,
  witnesses: readonly Witness[],
  report: Report,
): Promise<void> {
  if (witnesses.length === 0) return;
  const { rows } = await db.query<{ id: string; chain: number; position: string; hash: Buffer }>(
    `select a.id, a.chain, a.position, a.hash
     from unnest($1::bigint[], $2::smallint[]) w(id, chain) join audit a on a.id = w.id and a.chain = w.chain`,
    [witnesses.map((each) => each.id), witnesses.map((each) => each.chain)],
  );
  const found = new Map(rows.map((row) => [`${row.chain}:${row.position}:${row.id}`, row.hash]));
  for (const witness of witnesses) {
    const state = states.get(witness.chain);
    if (state !== undefined && witness.position <= state.base.position) continue; // pruned since
    const hash = found.get(`${witness.chain}:${witness.position}:${witness.id}`);
    if (hash === undefined || !sameHash(hash, witness.hash)) {
      report(
        'witness-broken',
        witness.chain,
        witness,
        ` The witness is entry ${witness.by.position} of chain ${witness.by.chain}.`,
      );
    }
  }
}

function toRow(stored: StoredRow): AuditRow {
  return {
    id: BigInt(stored.id),
    chain: stored.chain,
    position: BigInt(stored.position),
    atMicros: BigInt(stored.at),
    actorKind: stored.actor_kind,
    actorId: BigInt(stored.actor_id ?? 0),
    action: stored.action,
    resourceKind: stored.resource_kind,
    resourceId: BigInt(stored.resource_id ?? 0),
    outcome: stored.outcome,
    detail: stored.detail,
  };
}
