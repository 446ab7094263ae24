import type { Queryable } from '../queryable.ts';
import type { Int8 } from './values.ts';

/** A stored message without its content, and where it waits. */
export interface MessageRow {
  readonly id: Int8;
  readonly system_id: Int8;
  readonly listener_id: Int8;
  readonly type: string;
  readonly control_id: string;
  readonly peer: string;
  readonly size: number;
  readonly ack_code: string;
  /** The transaction that waits for a worker or for its time; null when none does. */
  readonly waiting_transaction_id: Int8 | null;
  readonly waiting_kind: number | null;
  readonly waiting_attempts: number | null;
  readonly waits_for: 'worker' | 'retry' | 'lane' | null;
  readonly due_at: Date | null;
  readonly failures: readonly WaitingFailure[] | null;
}

/** A failed attempt as `deferred.failures` keeps it. */
export interface WaitingFailure {
  readonly at: string;
  readonly cause: string;
  readonly code: string;
  readonly place?: string | null;
}

/** A processing that was asked for by a person. */
export interface ReplayRow {
  readonly transaction_id: Int8;
  readonly message_id: Int8;
  readonly kind: number;
  readonly requested_by: string;
  readonly reason: string;
  readonly created_at: Date;
}

/** A processing that ended, and what became of its failure. */
export interface TransactionRow {
  readonly id: Int8;
  readonly message_id: Int8;
  readonly kind: number;
  readonly state: number;
  readonly cause: number | null;
  readonly code: string | null;
  readonly place: string | null;
  readonly patient_id: Int8 | null;
  readonly mapping_id: Int8 | null;
  readonly duplicate_of: Int8 | null;
  readonly attempts: number;
  readonly flags: number;
  readonly node: number;
  readonly finished_at: Date;
  readonly took_us: number;
  readonly error_state: 'open' | 'replaying' | 'resolved' | 'discarded' | null;
  readonly closed_at: Date | null;
  readonly closed_by: string | null;
  readonly close_reason: string | null;
}

const MESSAGE_COLUMNS = `m.id, m.system_id, m.listener_id, m.type, m.control_id, m.peer, m.size, m.ack_code,
  coalesce(q.transaction_id, d.transaction_id) as waiting_transaction_id,
  coalesce(q.kind, d.kind) as waiting_kind,
  coalesce(q.attempts, d.attempts) as waiting_attempts,
  case when q.message_id is not null then 'worker' else d.waits_for end as waits_for,
  d.due_at, coalesce(q.failures, d.failures) as failures`;
const MESSAGE_SOURCE = `messages m
  left join queue q on q.message_id = m.id
  left join deferred d on d.message_id = m.id`;

const MESSAGES = `select ${MESSAGE_COLUMNS} from ${MESSAGE_SOURCE} where m.id = any($1::bigint[])`;

/** The messages of these ids, in no order; unknown ids are left out. */
export async function readMessageRows(db: Queryable, ids: readonly string[]): Promise<MessageRow[]> {
  return (await db.query<MessageRow>(MESSAGES, [ids])).rows;
}

const REPLAYS = `select transaction_id, message_id, kind, requested_by, reason, created_at
  from replays where message_id = any($1::bigint[]) order by transaction_id`;

/** The processings beyond the first that people asked for, oldest first. */
export async function readReplays(db: Queryable, messageIds: readonly string[]): Promise<ReplayRow[]> {
  return (await db.query<ReplayRow>(REPLAYS, [messageIds])).rows;
}

const TRANSACTIONS = `select t.id, t.message_id, t.kind, t.state, t.cause, t.code, t.place, t.patient_id, t.mapping_id,
    t.duplicate_of, t.attempts, t.flags, t.node, t.finished_at, t.took_us,
    e.state as error_state, e.closed_at, e.closed_by, e.reason as close_reason
  from transactions t left join errors e on e.transaction_id = t.id
  where t.id = any($1::bigint[]) order by t.id`;

/** The ended processings of these ids, oldest first. A message's first processing has the message's id. */
export async function readTransactions(db: Queryable, ids: readonly string[]): Promise<TransactionRow[]> {
  return (await db.query<TransactionRow>(TRANSACTIONS, [ids])).rows;
}
