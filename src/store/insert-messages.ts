import type pg from 'pg';
import { byteaArray, int2Array, int4Array, int8Array, textArray } from './binary-array.ts';

/** One received message, ready to be stored. */
export interface NewMessage {
  readonly id: bigint;
  readonly systemId: bigint;
  readonly listenerId: bigint;
  readonly lane: bigint;
  readonly shard: number;
  readonly controlKey: bigint;
  readonly contentHash: Buffer;
  readonly type: string;
  readonly controlId: string;
  readonly peer: string;
  readonly size: number;
  readonly ackCode: string;
  readonly content: Buffer;
  /** The node that holds back the acknowledgment until this is processed; null when nobody waits. */
  readonly replyNode: number | null;
}

/**
 * Messages, their queue rows and the exact counters in one statement and so in one commit. A message that is there
 * already (the first try was committed but its answer was lost) is left alone and not queued again.
 */
const INSERT = `
with input as (
  select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[], $7::text[],
    $8::text[], $9::text[], $10::int[], $11::text[], $12::bytea[], $13::smallint[], $14::smallint[])
  as t(id, system_id, listener_id, lane, control_key, content_hash, type, control_id, peer, size, ack_code, content, shard, reply_node)
), stored as (
  insert into messages (id, system_id, listener_id, lane, control_key, content_hash, type, control_id, peer, size, ack_code, content)
  select id, system_id, listener_id, lane, control_key, content_hash, type, control_id, peer, size, ack_code, content from input
  on conflict (id) do nothing
  returning id, system_id, listener_id
), queued as (
  insert into queue (message_id, transaction_id, lane, shard, kind, attempts, reply_node, size)
  select i.id, i.id, i.lane, i.shard, 0, 0, i.reply_node, i.size from input i join stored s on s.id = i.id
), counted as (
  insert into traffic (minute, system_id, listener_id, node, received)
  select date_trunc('minute', now()), system_id, listener_id, $15::smallint, count(*) from stored
  group by system_id, listener_id order by system_id, listener_id
  on conflict (minute, system_id, listener_id, node) do update set received = traffic.received + excluded.received
)
select count(*)::int as stored from stored`;

/** Stores messages durably: when this resolves, they are committed. Answers how many were not there yet. */
export async function insertMessages(
  client: pg.ClientBase,
  node: number,
  messages: readonly NewMessage[],
): Promise<number> {
  const { rows } = await client.query<{ stored: number }>({
    name: 'insert-messages',
    text: INSERT,
    values: [
      int8Array(messages.map((m) => m.id)),
      int8Array(messages.map((m) => m.systemId)),
      int8Array(messages.map((m) => m.listenerId)),
      int8Array(messages.map((m) => m.lane)),
      int8Array(messages.map((m) => m.controlKey)),
      byteaArray(messages.map((m) => m.contentHash)),
      textArray(messages.map((m) => m.type)),
      textArray(messages.map((m) => m.controlId)),
      textArray(messages.map((m) => m.peer)),
      int4Array(messages.map((m) => m.size)),
      textArray(messages.map((m) => m.ackCode)),
      byteaArray(messages.map((m) => m.content)),
      int2Array(messages.map((m) => m.shard)),
      int2Array(messages.map((m) => m.replyNode)),
      node,
    ],
  });
  return rows[0]?.stored ?? 0;
}

/** Which of these ids are those of other messages. */
export async function findForeign(
  client: pg.ClientBase,
  messages: readonly NewMessage[],
): Promise<ReadonlySet<bigint>> {
  const { rows } = await client.query<{ id: string }>(
    `select m.id from unnest($1::bigint[], $2::bytea[], $3::bigint[]) as t(id, content_hash, listener_id)
     join messages m on m.id = t.id where m.content_hash <> t.content_hash or m.listener_id <> t.listener_id`,
    [
      int8Array(messages.map((m) => m.id)),
      byteaArray(messages.map((m) => m.contentHash)),
      int8Array(messages.map((m) => m.listenerId)),
    ],
  );
  return new Set(rows.map((row) => BigInt(row.id)));
}
