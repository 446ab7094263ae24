import type { Database, Queryable } from '../store/queryable.ts';
import type { ListenerStatus } from './control.ts';
import { freeLanes, releaseLanes } from './worker/defer.ts';

/** Takes what is due for its next attempt back into the queue. Answers how many. */
export async function queueDueRetries(db: Queryable, shards: readonly number[]): Promise<number> {
  const { rows } = await db.query(
    `with due as (
       delete from deferred where waits_for = 'retry' and due_at <= now() and shard = any($1::smallint[]) returning *
     )
     insert into queue (message_id, transaction_id, lane, shard, kind, attempts, reply_node, size, failures)
     select message_id, transaction_id, lane, shard, kind, attempts, null, size, failures from due on conflict do nothing returning 1`,
    [shards],
  );
  return rows.length;
}

/** Lets lanes go on whose time of waiting behind a failed message is over. Answers the messages they waited for. */
export function endExpiredHolds(db: Database, shards: readonly number[]): Promise<readonly bigint[]> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<{ message_id: string }>(
      `select message_id from lane_holds where until <= now() and shard = any($1::smallint[])
       order by lane, message_id limit 1000 for update skip locked`,
      [shards],
    );
    const ids = rows.map((row) => BigInt(row.message_id));
    await releaseLanes(tx, ids);
    return ids;
  });
}

/**
 * The safety net under the releases of lanes: whatever waits behind nothing goes on. Answers how many lanes that were;
 * there should never be any.
 */
export async function freeForgottenLanes(db: Queryable, shards: readonly number[]): Promise<number> {
  const { rows } = await db.query<{ lane: string }>(
    `select distinct d.lane from deferred d where d.waits_for = 'lane' and d.shard = any($1::smallint[])
       and not exists (select from lane_holds h where h.lane = d.lane and h.message_id < d.message_id) limit 1000`,
    [shards],
  );
  await freeLanes(
    db,
    rows.map((row) => BigInt(row.lane)),
  );
  return rows.length;
}

/** Messages that wait, counted up to a bound so that a long queue does not make the counting long. */
export async function countWaiting(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ waiting: number }>(
    `select ((select count(*) from (select 1 from queue limit 250000) q) + (select count(*) from (select 1 from deferred limit 250000) d))::int as waiting`,
  );
  return rows[0]?.waiting ?? 0;
}

/** Writes down how the listeners of a node stand, for the console of every node. */
export async function saveListenerStatuses(
  db: Queryable,
  node: number,
  statuses: readonly ListenerStatus[],
): Promise<void> {
  await db.query(
    `with current as (
       select * from unnest($2::bigint[], $3::text[], $4::text[], $5::timestamptz[], $6::int[], $7::jsonb[])
         as t(listener_id, status, reason, since, connections, refusals)
     ), gone as (
       delete from listener_status where node = $1 and not exists (select 1 from current c where c.listener_id = listener_status.listener_id)
     )
     insert into listener_status (listener_id, node, status, reason, since, connections, refusals, updated_at)
     select c.listener_id, $1, c.status, c.reason, c.since, c.connections, c.refusals, now() from current c join listeners l on l.id = c.listener_id
     on conflict (listener_id, node) do update set status = excluded.status, reason = excluded.reason, since = excluded.since,
       connections = excluded.connections, refusals = excluded.refusals, updated_at = now()`,
    [
      node,
      statuses.map(({ listenerId }) => String(listenerId)),
      statuses.map(({ status }) => status),
      statuses.map(({ reason }) => reason),
      statuses.map(({ since }) => since),
      statuses.map(({ connections }) => connections),
      statuses.map(({ refusals }) => JSON.stringify(refusals)),
    ],
  );
}
