import type pg from 'pg';
import { CAUSE_CODES } from '../../domain/failure-causes.ts';
import { int2Array, int4Array, int8Array, textArray } from '../../store/binary-array.ts';
import { shardOf } from '../lanes.ts';
import type { Claimed } from './claim.ts';
import type { Failure } from './failure.ts';

/** A message that waits from now on: for its next attempt, or behind another one of its lane. */
export type Deferral =
  | { readonly claimed: Claimed; readonly waitsFor: 'lane' }
  | {
      readonly claimed: Claimed;
      readonly waitsFor: 'retry';
      readonly afterSeconds: number;
      /** Null: nothing failed, it is not its turn yet. */
      readonly failure: Failure | null;
      /** Another lane that waits for it meanwhile. */
      readonly alsoHolds?: bigint;
    };

/** A message that failed for good: what its error row and the hold of its lane need. */
export interface FailedMessage {
  readonly claimed: Claimed;
  readonly failure: Failure;
  readonly fingerprint: bigint;
  readonly searchTokens: readonly bigint[] | null;
  /** Later messages of the lane wait this long; 0 = they do not wait. */
  readonly holdSeconds: number;
}

/** Whatever runs statements of one transaction. */
interface Transaction {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly Readonly<Record<string, string>>[] }>;
}

/**
 * The rare part of a batch, in the transaction of its write: what failed, what waits, which lanes stand still, which go
 * on. A handful of statements, however many messages it is about.
 *
 * Answers the messages that were to wait behind another one which has gone out of the way since the batch was claimed:
 * they are back in the queue.
 */
export async function writeExceptions(
  client: pg.ClientBase,
  failed: readonly FailedMessage[],
  deferrals: readonly Deferral[],
  resolved: readonly bigint[],
): Promise<ReadonlySet<bigint>> {
  const tx = client as unknown as Transaction;
  if (failed.length > 0) await openErrors(tx, failed);
  if (resolved.length > 0) {
    await tx.query(
      `update errors set state = 'resolved', closed_at = now(), reason = 'processed'
       where message_id = any($1::bigint[]) and state in ('open', 'replaying')`,
      [int8Array(resolved)],
    );
  }
  const ended = [...failed.map(({ claimed }) => claimed.messageId), ...resolved];
  const freed = ended.length === 0 ? [] : await endHolds(tx, ended);
  const retries = deferrals.filter((deferral) => deferral.waitsFor === 'retry');
  await holdLanes(tx, [
    ...failed.filter(({ holdSeconds }) => holdSeconds > 0),
    // Without an end while it is being retried.
    ...retries.map(({ claimed }) => ({ claimed, holdSeconds: null })),
    ...retries.flatMap(({ claimed, alsoHolds }) =>
      alsoHolds === undefined ? [] : [{ claimed: { ...claimed, lane: alsoHolds }, holdSeconds: null }],
    ),
  ]);
  await deferRetries(tx, retries);
  const back = await deferBehind(
    tx,
    deferrals.filter(({ waitsFor }) => waitsFor === 'lane').map(({ claimed }) => claimed),
  );
  await freeLanes(tx, freed);
  return back;
}

async function openErrors(tx: Transaction, failed: readonly FailedMessage[]): Promise<void> {
  // A replay that fails again: its predecessor's error gives way to this one.
  await tx.query(
    `update errors set state = 'resolved', closed_at = now(), reason = 'replaced'
     where message_id = any($1::bigint[]) and state in ('open', 'replaying')`,
    [int8Array(failed.map(({ claimed }) => claimed.messageId))],
  );
  await tx.query(
    `insert into errors (transaction_id, message_id, system_id, fingerprint, cause, code, place, type, lane, opened_at, state, search_tokens)
     select id, message_id, system_id, fingerprint, cause, code, place, type, lane, now(), 'open', tokens::bigint[]
     from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::smallint[], $6::text[], $7::text[], $8::text[],
       $9::bigint[], $10::text[]) as t(id, message_id, system_id, fingerprint, cause, code, place, type, lane, tokens)`,
    [
      int8Array(failed.map(({ claimed }) => claimed.transactionId)),
      int8Array(failed.map(({ claimed }) => claimed.messageId)),
      int8Array(failed.map(({ claimed }) => claimed.systemId)),
      int8Array(failed.map(({ fingerprint }) => fingerprint)),
      int2Array(failed.map(({ failure }) => CAUSE_CODES[failure.cause])),
      textArray(failed.map(({ failure }) => failure.code)),
      textArray(failed.map(({ failure }) => failure.place)),
      textArray(failed.map(({ claimed }) => claimed.type)),
      int8Array(failed.map(({ claimed }) => claimed.lane)),
      textArray(failed.map(({ searchTokens }) => (searchTokens === null ? null : `{${searchTokens.join(',')}}`))),
    ],
  );
}

/** Makes later messages of these lanes wait; null seconds: without an end. */
async function holdLanes(
  tx: Transaction,
  holds: readonly { readonly claimed: Claimed; readonly holdSeconds: number | null }[],
): Promise<void> {
  if (holds.length === 0) return;
  await tx.query(
    `insert into lane_holds (lane, message_id, shard, until)
     select lane, message_id, shard, now() + seconds::float8 * interval '1 second'
     from unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[]) as t(lane, message_id, shard, seconds)
     on conflict (lane, message_id) do update set until = excluded.until`,
    [
      int8Array(holds.map(({ claimed }) => claimed.lane)),
      int8Array(holds.map(({ claimed }) => claimed.messageId)),
      int2Array(holds.map(({ claimed }) => shardOf(claimed.lane))),
      textArray(holds.map(({ holdSeconds }) => (holdSeconds === null ? null : String(holdSeconds)))),
    ],
  );
}

const CLAIMED_COLUMNS = 'message_id, transaction_id, lane, shard, kind, attempts, size, failures';
/** Failures that are kept of one message: the first ones and the latest. */
const FIRST_KEPT = 10;
const LATEST_KEPT = 40;

/** The columns of queue and deferred, as arrays; `more` attempts than it was claimed with. */
function claimedArrays(claimed: readonly Claimed[], more: number): Buffer[] {
  return [
    int8Array(claimed.map((each) => each.messageId)),
    int8Array(claimed.map((each) => each.transactionId)),
    int8Array(claimed.map((each) => each.lane)),
    int2Array(claimed.map((each) => shardOf(each.lane))),
    int2Array(claimed.map((each) => each.kind)),
    int2Array(claimed.map((each) => Math.min(32_767, each.attempts + more))),
    int4Array(claimed.map((each) => each.size)),
    textArray(claimed.map(({ failures }) => JSON.stringify(failures))),
  ];
}

/** A message with the failure of the attempt that just ended; in the middle of very many some are forgotten. */
function withFailure(claimed: Claimed, failure: Failure | null, at: string): Claimed {
  if (failure === null) return claimed;
  const { cause, code, place } = failure;
  const all = [...claimed.failures, { at, cause, code, place }];
  const failures =
    all.length <= FIRST_KEPT + LATEST_KEPT ? all : [...all.slice(0, FIRST_KEPT), ...all.slice(-LATEST_KEPT)];
  return { ...claimed, failures };
}

async function deferRetries(
  tx: Transaction,
  retries: readonly Extract<Deferral, { waitsFor: 'retry' }>[],
): Promise<void> {
  if (retries.length === 0) return;
  const at = new Date().toISOString();
  await tx.query(
    `insert into deferred (${CLAIMED_COLUMNS}, waits_for, due_at)
     select ${CLAIMED_COLUMNS}, 'retry', now() + seconds::float8 * interval '1 second'
     from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::smallint[], $5::smallint[], $6::smallint[], $7::int[],
       cast($8::text[] as jsonb[]), $9::text[]) as t(${CLAIMED_COLUMNS}, seconds)
     on conflict (message_id) do nothing`,
    [
      ...claimedArrays(
        retries.map(({ claimed, failure }) => withFailure(claimed, failure, at)),
        1,
      ),
      textArray(retries.map(({ afterSeconds }) => String(afterSeconds))),
    ],
  );
}

/**
 * Lets messages wait behind those that hold their lanes. What held them when they were claimed may have gone out of the
 * way since, and its release has looked for waiting messages already: so the holds are locked while they are looked at,
 * and a message without one goes back into the queue. Answers those.
 */
async function deferBehind(tx: Transaction, waiting: readonly Claimed[]): Promise<ReadonlySet<bigint>> {
  if (waiting.length === 0) return new Set();
  const { rows } = await tx.query(
    `with input as materialized (
       select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::smallint[], $5::smallint[], $6::smallint[], $7::int[],
         cast($8::text[] as jsonb[]), $9::smallint[])
         as t(${CLAIMED_COLUMNS}, reply_node)
     ), holds as materialized (
       select lane, message_id from lane_holds where lane = any($3::bigint[]) order by lane, message_id for key share
     ), held as materialized (
       select * from input i where exists (select from holds h where h.lane = i.lane and h.message_id < i.message_id)
     ), deferring as (
       insert into deferred (${CLAIMED_COLUMNS}, waits_for) select ${CLAIMED_COLUMNS}, 'lane' from held
       on conflict (message_id) do nothing
     )
     insert into queue (${CLAIMED_COLUMNS}, reply_node)
     select ${CLAIMED_COLUMNS}, reply_node from input i where not exists (select from held h where h.message_id = i.message_id)
     on conflict do nothing returning message_id`,
    [...claimedArrays(waiting, 0), int2Array(waiting.map(({ replyNode }) => replyNode))],
  );
  return new Set(rows.map((row) => BigInt(row['message_id'] ?? 0)));
}

/** Takes the holds of messages away. Answers the lanes, which are locked: to be given to {@link freeLanes}. */
async function endHolds(tx: Transaction, messageIds: readonly bigint[]): Promise<readonly bigint[]> {
  const { rows } = await tx.query(
    // All holds of a lane are locked before one goes, so that of two that end at once the second sees the first one gone.
    `with locked as materialized (
       select lane, message_id from lane_holds
       where lane in (select lane from lane_holds where message_id = any($1::bigint[])) order by lane, message_id for update
     )
     delete from lane_holds h using locked l
     where h.lane = l.lane and h.message_id = l.message_id and h.message_id = any($1::bigint[]) returning h.lane`,
    [int8Array(messageIds)],
  );
  return [...new Set(rows.map((row) => BigInt(row['lane'] ?? 0)))];
}

/** Brings back into the queue what waits in these lanes behind nothing any more. A statement of its own: see {@link deferBehind}. */
export async function freeLanes(tx: Transaction, lanes: readonly bigint[]): Promise<void> {
  if (lanes.length === 0) return;
  await tx.query(
    `with moved as (
       delete from deferred d where d.waits_for = 'lane' and d.lane = any($1::bigint[])
         and not exists (select from lane_holds h where h.lane = d.lane and h.message_id < d.message_id)
       returning d.*
     )
     insert into queue (${CLAIMED_COLUMNS}, reply_node) select ${CLAIMED_COLUMNS}, null from moved on conflict do nothing`,
    [int8Array(lanes)],
  );
}

/** Lets the lanes that these messages hold back go on, as far as nothing else holds them. Only inside a transaction. */
export async function releaseLanes(tx: Transaction, messageIds: readonly bigint[]): Promise<void> {
  if (messageIds.length > 0) await freeLanes(tx, await endHolds(tx, messageIds));
}
