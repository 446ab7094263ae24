import type { IdGenerator } from '../domain/ids.ts';
import { TRANSACTION_KINDS } from '../domain/stored-trace.ts';
import { peekEnvelope } from '../formats/hl7v2/envelope.ts';
import { Hl7Error } from '../formats/hl7v2/hl7-error.ts';
import { peekPatientKey } from '../formats/hl7v2/patient-key.ts';
import type { BlindIndex } from '../security/blind-index.ts';
import type { Sealer } from '../security/sealing.ts';
import { SEALED_COLUMNS } from '../store/sealed-columns.ts';
import type { Database, Queryable } from '../store/queryable.ts';
import type { EngineControl } from './control.ts';
import { shardOf } from './lanes.ts';
import { releaseLanes } from './worker/defer.ts';

interface ReplayDeps {
  readonly database: Database;
  readonly ids: IdGenerator;
  readonly sealer: Sealer;
  readonly laneIndex: BlindIndex;
}

type ReplayRequest = Parameters<EngineControl['replay']>[0];

interface StoredMessage {
  readonly id: string;
  readonly system_id: string;
  readonly lane: string;
  readonly size: number;
}

/**
 * Queues stored messages for another processing, each in its place in the order: before what waits behind it. What is in
 * the queue already is left alone; what waits for its next attempt is taken out of its waiting.
 */
export function replayMessages(
  request: ReplayRequest,
  deps: ReplayDeps,
): Promise<readonly { messageId: bigint; transactionId: bigint; shard: number }[]> {
  const { content } = request;
  if (content !== undefined && request.messageIds.length !== 1) {
    return Promise.reject(new RangeError('Repaired content belongs to one message.'));
  }
  return deps.database.transaction(async (tx) => {
    const { rows } = await tx.query<StoredMessage>(
      `select m.id, m.system_id, m.lane, m.size from messages m
       where m.id = any($1::bigint[]) and not exists (select 1 from queue q where q.message_id = m.id) order by m.id`,
      [request.messageIds.map(String)],
    );
    const wanted = rows.map((message) => {
      const messageId = BigInt(message.id);
      const lane =
        content === undefined ? BigInt(message.lane) : laneOf(content, message.system_id, messageId, deps.laneIndex);
      return { messageId, lane, transactionId: deps.ids.next(), size: content?.length ?? message.size };
    });
    const waiting = await tx.query<{ message_id: string; failures: unknown }>(
      'delete from deferred where message_id = any($1::bigint[]) returning message_id, failures',
      [wanted.map(({ messageId }) => String(messageId))],
    );
    // What went wrong before stays with the message.
    const failures = new Map(waiting.rows.map((row) => [row.message_id, JSON.stringify(row.failures)]));
    // What has come into the queue meanwhile is left alone there.
    const entered = await tx.query<{ message_id: string }>(
      `insert into queue (message_id, transaction_id, lane, shard, kind, attempts, reply_node, size, failures)
       select message_id, transaction_id, lane, shard, $5::smallint, 0, null, size, failures::jsonb
       from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::smallint[], $6::int[], $7::text[])
         as t(message_id, transaction_id, lane, shard, size, failures)
       on conflict do nothing returning message_id`,
      [
        wanted.map(({ messageId }) => String(messageId)),
        wanted.map(({ transactionId }) => String(transactionId)),
        wanted.map(({ lane }) => String(lane)),
        wanted.map(({ lane }) => shardOf(lane)),
        TRANSACTION_KINDS[request.kind],
        wanted.map(({ size }) => size),
        wanted.map(({ messageId }) => failures.get(String(messageId)) ?? null),
      ],
    );
    const inQueue = new Set(entered.rows.map((row) => BigInt(row.message_id)));
    const queued = wanted
      .filter(({ messageId }) => inQueue.has(messageId))
      .map(({ messageId, transactionId, lane }) => ({ messageId, transactionId, shard: shardOf(lane) }));
    await tx.query(
      `insert into replays (transaction_id, message_id, kind, requested_by, reason, content)
       select transaction_id, message_id, $3::smallint, $4, $5, $6
       from unnest($1::bigint[], $2::bigint[]) as t(transaction_id, message_id)`,
      [
        queued.map(({ transactionId }) => String(transactionId)),
        queued.map(({ messageId }) => String(messageId)),
        TRANSACTION_KINDS[request.kind],
        request.requestedBy,
        request.reason,
        content === undefined ? null : sealFor(queued[0]?.transactionId ?? 0n, content, deps.sealer),
      ],
    );
    await tx.query(`update errors set state = 'replaying' where message_id = any($1::bigint[]) and state = 'open'`, [
      queued.map(({ messageId }) => String(messageId)),
    ]);
    return queued;
  });
}

function sealFor(transactionId: bigint, content: Buffer, sealer: Sealer): Buffer {
  return sealer.seal('content', SEALED_COLUMNS.replayContent, transactionId, content);
}

/** The lane of repaired content: the patient may be another one now. */
function laneOf(content: Buffer, systemId: string, messageId: bigint, laneIndex: BlindIndex): bigint {
  try {
    const key = peekPatientKey(content, peekEnvelope(content));
    return key === undefined ? messageId : laneIndex.token64(`${systemId}|${key}`);
  } catch (error) {
    if (error instanceof Hl7Error) return messageId;
    throw error;
  }
}

/** Closes open failures with a reason and lets their lanes go on. Answers how many were closed. */
export async function discardMessages(
  request: Parameters<EngineControl['discard']>[0],
  database: Database,
): Promise<number> {
  return database.transaction(async (tx: Queryable) => {
    const closed = await tx.query<{ message_id: string }>(
      `update errors set state = 'discarded', closed_at = now(), closed_by = $2, reason = $3
       where message_id = any($1::bigint[]) and state = 'open' returning message_id`,
      [request.messageIds.map(String), request.by, request.reason],
    );
    await releaseLanes(
      tx,
      closed.rows.map((row) => BigInt(row.message_id)),
    );
    return closed.rows.length;
  });
}
