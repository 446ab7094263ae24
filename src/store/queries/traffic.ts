import type { Queryable } from '../queryable.ts';
import { int8Text, type Int8 } from './values.ts';

/** Counts of one stretch of time. */
export interface Counts {
  readonly received: number;
  readonly delivered: number;
  readonly filtered: number;
  readonly failed: number;
}

// A week at full speed is more than 32 bits hold; a float8 counts exactly to 2^53.
const SUMS = `sum(received)::float8 as received, sum(delivered)::float8 as delivered,
  sum(filtered)::float8 as filtered, sum(failed)::float8 as failed`;

const SERIES = `select floor(extract(epoch from minute) / $2)::float8 as bucket, ${SUMS} from traffic
  where minute >= $1 and ($3::bigint[] is null or system_id = any($3)) group by 1`;

/** Counts by bucket (number of the bucket since 1970) from an instant on, over all nodes. */
export async function readSeries(
  db: Queryable,
  from: Date,
  bucketSeconds: number,
  systems: readonly string[] | null,
): Promise<(Counts & { readonly bucket: number })[]> {
  return (await db.query<Counts & { bucket: number }>(SERIES, [from, bucketSeconds, systems])).rows;
}

const BY_SYSTEM = `select system_id, ${SUMS} from traffic where minute >= $1 group by system_id`;

/** Counts by system from an instant on. */
export async function readCountsBySystem(db: Queryable, from: Date): Promise<ReadonlyMap<string, Counts>> {
  const { rows } = await db.query<Counts & { system_id: Int8 }>(BY_SYSTEM, [from]);
  return new Map(rows.map((row) => [int8Text(row.system_id), row]));
}

const RECEIVED = `select system_id, floor(extract(epoch from minute) / $2)::float8 as bucket,
  sum(received)::float8 as received, max(minute) filter (where received > 0) as last_minute
  from traffic where minute >= $1 group by 1, 2`;

export interface ReceivedRow {
  readonly system_id: Int8;
  readonly bucket: number;
  readonly received: number;
  readonly last_minute: Date | null;
}

/** What each system received, by bucket, from an instant on. */
export async function readReceived(db: Queryable, from: Date, bucketSeconds: number): Promise<ReceivedRow[]> {
  return (await db.query<ReceivedRow>(RECEIVED, [from, bucketSeconds])).rows;
}

const HABITS = `select system_id, max(minute) filter (where received > 0) as last_minute,
    coalesce(sum(received) filter (where minute >= $2::timestamptz - interval '1 day 1 hour'
      and minute < $2::timestamptz - interval '1 day'), 0)::float8 as day_ago,
    sum(received) filter (where minute >= $2::timestamptz - interval '7 days 1 hour'
      and minute < $2::timestamptz - interval '7 days')::float8 as week_ago
  from traffic where minute >= $1 group by system_id`;

export interface HabitRow {
  readonly system_id: Int8;
  readonly last_minute: Date | null;
  /** Received in this very hour a day ago. */
  readonly day_ago: number;
  /** The same a week ago; null when nothing was counted then. */
  readonly week_ago: number | null;
}

/** When each system last received something since an instant, and what is usual for it at this time. */
export async function readHabits(db: Queryable, since: Date, now: Date): Promise<HabitRow[]> {
  return (await db.query<HabitRow>(HABITS, [since, now])).rows;
}

// The newest messages alone, so that the cost does not grow with what is stored.
const LATEST = `select system_id, max(id) as id from (
    select id, system_id from messages where id >= $1 order by id desc limit 2000
  ) newest group by system_id`;

/** The latest message of each system among the newest that came since an id. */
export async function readLatestMessages(db: Queryable, since: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.query<{ system_id: Int8; id: Int8 }>(LATEST, [since]);
  return new Map(rows.map((row) => [int8Text(row.system_id), int8Text(row.id)]));
}
