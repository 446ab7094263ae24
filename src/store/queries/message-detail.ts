import { FINAL_STATE_CODES } from '../../domain/transaction-states.ts';
import type { Queryable } from '../queryable.ts';
import type { Int8 } from './values.ts';

const CONTENT = `select content from messages where id = $1`;

/** The sealed content of a message. */
export async function readMessageContent(db: Queryable, id: string): Promise<Buffer | undefined> {
  return (await db.query<{ content: Buffer }>(CONTENT, [id])).rows[0]?.content;
}

const TRACES = `select id, trace from transactions where id = any($1::bigint[])`;

/** The sealed traces of ended processings; null where none was kept. */
export async function readTraces(db: Queryable, ids: readonly string[]): Promise<{ id: Int8; trace: Buffer | null }[]> {
  return (await db.query<{ id: Int8; trace: Buffer | null }>(TRACES, [ids])).rows;
}

const REPAIRED = `select transaction_id, content from replays
  where message_id = $1 and content is not null order by transaction_id desc limit $2`;

/** Repaired contents of a message, sealed, the latest first. */
export async function readRepairedContents(
  db: Queryable,
  messageId: string,
  limit: number,
): Promise<{ transaction_id: Int8; content: Buffer }[]> {
  return (await db.query<{ transaction_id: Int8; content: Buffer }>(REPAIRED, [messageId, limit])).rows;
}

const UNSENT = `select reason, at from unsent_acknowledgments where message_id = $1`;

/** Why the acknowledgment of a message could not be handed over; undefined when it was. */
export async function readUnsentAcknowledgment(
  db: Queryable,
  messageId: string,
): Promise<{ reason: string; at: Date } | undefined> {
  return (await db.query<{ reason: string; at: Date }>(UNSENT, [messageId])).rows[0];
}

const HELD_REPLY = `select true as held from queue where message_id = $1 and reply_node is not null`;

/** Whether the sender still waits for the acknowledgment because the message is not processed yet. */
export async function isReplyHeld(db: Queryable, messageId: string): Promise<boolean> {
  return (await db.query(HELD_REPLY, [messageId])).rows.length > 0;
}

const CHANGES = `select patient_id, id, changes from patient_history
  where (patient_id, id) in (select * from unnest($1::bigint[], $2::bigint[])) and id = any($2::bigint[])`;

/** What processings changed of their patients, sealed. */
export async function readChanges(
  db: Queryable,
  pairs: readonly { readonly patientId: string; readonly transactionId: string }[],
): Promise<{ id: Int8; changes: Buffer }[]> {
  const values = [pairs.map((pair) => pair.patientId), pairs.map((pair) => pair.transactionId)];
  return (await db.query<{ id: Int8; changes: Buffer }>(CHANGES, values)).rows;
}

const MAPPINGS = `select id, key, version, body from mappings where id = any($1::bigint[])`;

export interface MappingRow {
  readonly id: Int8;
  readonly key: string;
  readonly version: number;
  readonly body: unknown;
}

/** The very mapping versions that were used. */
export async function readMappings(db: Queryable, ids: readonly string[]): Promise<MappingRow[]> {
  return (await db.query<MappingRow>(MAPPINGS, [ids])).rows;
}

const NODES = `select node, name from nodes`;

/** Names of the nodes by number. */
export async function readNodeNames(db: Queryable): Promise<ReadonlyMap<number, string>> {
  const { rows } = await db.query<{ node: number; name: string }>(NODES);
  return new Map(rows.map((row) => [row.node, row.name]));
}

const LATER = `select count(*)::int as count from (
    select distinct message_id from transactions
      where patient_id = $1 and id >= $2 and message_id > $2 and state = $3 limit $4
  ) later`;

/** How many messages that came after this one were applied to a patient, counted up to `limit`. */
export async function countLaterApplied(
  db: Queryable,
  patient: string,
  message: string,
  limit: number,
): Promise<number> {
  const values = [patient, message, FINAL_STATE_CODES.delivered, limit];
  return (await db.query<{ count: number }>(LATER, values)).rows[0]?.count ?? 0;
}
