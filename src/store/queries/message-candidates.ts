import type { Queryable } from '../queryable.ts';
import { int8Text, type Int8 } from './values.ts';

/** A span of message ids: `from` is inside, `below` is not. */
export interface IdSpan {
  readonly from: string;
  readonly below: string;
}

/** Hashes that a record must carry: of each entry at least one. */
export type WantedHashes = readonly (readonly string[])[];

/** Ids of messages, newest first. */
type Ids = Promise<string[]>;

async function ids(db: Queryable, text: string, values: unknown[]): Ids {
  return (await db.query<{ id: Int8 }>(text, values)).rows.map((row) => int8Text(row.id));
}

const BY_CONTROL_KEY = `select id from messages
  where control_key = any($4::bigint[]) and id >= $1 and id < $2 order by id desc limit $3`;

/** Messages by the keyed hash of their control id. */
export function messagesByControlKey(db: Queryable, keys: readonly string[], span: IdSpan, limit: number): Ids {
  return ids(db, BY_CONTROL_KEY, [span.from, span.below, limit, keys]);
}

// Each patient's newest message is one look into the index. The newest `limit` of those bound what can be among the
// newest `limit` messages of all, so that of many patients with long histories only a page's worth of rows is touched.
// No processing of a message has a smaller id than the message: the bound on id leaves older partitions out.
const OF_PATIENTS = `with latest as materialized (
    select p.id, l.message_id from unnest($4::bigint[]) p(id) cross join lateral (
      select message_id from transactions
        where patient_id = p.id and id >= $1 and message_id >= $1::bigint and message_id < $2::bigint
        order by message_id desc limit 1
    ) l order by l.message_id desc limit $3::bigint
  ), bound as materialized (
    select case when count(*) = $3::bigint then min(message_id) else $1::bigint end as message_id from latest
  ), about as (
    select m.message_id from latest cross join lateral (
      select message_id from transactions
        where patient_id = latest.id and id >= $1 and message_id >= (select message_id from bound) and message_id < $2
        order by message_id desc limit $3
    ) m
  )`;

/** Messages that were about one of these patients. */
export function messagesOfPatients(db: Queryable, patients: readonly string[], span: IdSpan, limit: number): Ids {
  const text = `${OF_PATIENTS} select distinct message_id as id from about order by id desc limit $3::bigint`;
  return ids(db, text, [span.from, span.below, limit, patients]);
}

/** Messages about one of these patients, and failed ones that carry the wanted hashes: those may never have reached a patient. */
export function messagesOfPatientsOrFailed(
  db: Queryable,
  patients: readonly string[],
  wanted: WantedHashes,
  span: IdSpan,
  limit: number,
): Ids {
  const carries = wanted.map((_, index) => `and search_tokens && $${index + 5}::bigint[]`).join(' ');
  const text = `${OF_PATIENTS}
    select id from (
      select message_id as id from about
      union
      select message_id as id from errors
        where search_tokens is not null and message_id >= $1 and message_id < $2 ${carries}
    ) found order by id desc limit $3`;
  return ids(db, text, [span.from, span.below, limit, patients, ...wanted]);
}

/** The small tables that a state can be read from. */
export interface WaitingStates {
  readonly queued: boolean;
  readonly waitsFor: readonly ('retry' | 'lane')[];
  readonly errorStates: readonly ('open' | 'replaying' | 'discarded')[];
  /** The number of a cause of failure; null = any. */
  readonly cause: number | null;
  readonly causeName: string | null;
}

const IN_STATES = `select id from (
    (select message_id as id from queue
      where $4::boolean and message_id >= $1 and message_id < $2 order by 1 desc limit $3)
    union
    (select message_id as id from deferred
      where waits_for = any($5::text[]) and message_id >= $1 and message_id < $2
        and ($8::text is null or failures -> -1 ->> 'cause' = $8) order by 1 desc limit $3)
    union
    (select message_id as id from errors
      where state = any($6::text[]) and message_id >= $1 and message_id < $2
        and ($7::smallint is null or cause = $7) order by 1 desc limit $3)
  ) found order by id desc limit $3`;

const OPEN_ERRORS = `select distinct message_id as id from errors
  where state = 'open' and message_id >= $1 and message_id < $2 and ($4::smallint is null or cause = $4)
  order by 1 desc limit $3`;

/** Messages that wait or failed, from the tables that hold only those. */
export function messagesInStates(db: Queryable, states: WaitingStates, span: IdSpan, limit: number): Ids {
  const onlyOpen = !states.queued && states.waitsFor.length === 0 && states.errorStates.join() === 'open';
  // Named literally, the state lets the partial index of open failures serve.
  if (onlyOpen) return ids(db, OPEN_ERRORS, [span.from, span.below, limit, states.cause]);
  return ids(db, IN_STATES, [
    span.from,
    span.below,
    limit,
    states.queued,
    states.waitsFor,
    states.errorStates,
    states.cause,
    states.causeName,
  ]);
}

/** What a scan of the messages themselves looks for; null = anything. */
export interface ScanFilter {
  readonly systems: readonly string[] | null;
  readonly listener: string | null;
  /** `ADT^A04`, or `ADT` for all its events. */
  readonly type: string | null;
  /** Final states (as numbers) of the first processing; messages that were processed again pass too. */
  readonly finalStates: readonly number[] | null;
}

const ENDED = `and ($8::smallint[] is null
      or exists (select from transactions t where t.id = w.id and t.state = any($8))
      or exists (select from replays r where r.message_id = w.id))`;
const SCAN = `select id from (
    select id, system_id, listener_id, type from messages where id >= $1 and id < $2 order by id desc limit $4
  ) w
  where ($5::bigint[] is null or system_id = any($5)) and ($6::bigint is null or listener_id = $6)
    and ($7::text is null or type = $7 or starts_with(type, $7 || '^')) __ENDED__
  order by id desc limit $3`;
const SCAN_ANY = SCAN.replace('__ENDED__', '');
const SCAN_ENDED = SCAN.replace('__ENDED__', ENDED);

/** Looks at up to `examine` messages, newest first, and answers up to `limit` of those that pass. */
export function scanMessages(db: Queryable, filter: ScanFilter, span: IdSpan, limit: number, examine: number): Ids {
  const values = [span.from, span.below, limit, examine, filter.systems, filter.listener, filter.type];
  if (filter.finalStates === null) return ids(db, SCAN_ANY, values);
  return ids(db, SCAN_ENDED, [...values, filter.finalStates]);
}

const NTH = `select id from messages where id >= $1 and id < $2 order by id desc offset $3 limit 1`;

/** The id at a position of a span, newest first; undefined when the span holds fewer. */
export async function messageAt(db: Queryable, span: IdSpan, position: number): Promise<string | undefined> {
  return (await ids(db, NTH, [span.from, span.below, position]))[0];
}

const LAST_MINUTE = `select minute from traffic
  where minute <= $1 and received > 0 and ($2::bigint[] is null or system_id = any($2))
    and ($3::bigint is null or listener_id = $3)
  order by minute desc limit 1`;
const FIRST_MINUTE = `select min(minute) as minute from traffic`;

/**
 * The last minute, not after an instant, in which these systems or this listener received anything, by the counters;
 * null when none is counted.
 */
export async function lastMinuteWithTraffic(
  db: Queryable,
  at: Date,
  filter: Pick<ScanFilter, 'systems' | 'listener'>,
): Promise<Date | null> {
  const { rows } = await db.query<{ minute: Date }>(LAST_MINUTE, [at, filter.systems, filter.listener]);
  return rows[0]?.minute ?? null;
}

/** The first minute that is counted at all; null when nothing is. */
export async function firstMinuteCounted(db: Queryable): Promise<Date | null> {
  return (await db.query<{ minute: Date | null }>(FIRST_MINUTE)).rows[0]?.minute ?? null;
}
