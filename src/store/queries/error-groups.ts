import type { Queryable } from '../queryable.ts';
import { int8Text, type Int8 } from './values.ts';

export interface ErrorGroupRow {
  readonly fingerprint: Int8;
  readonly system_id: Int8;
  readonly type: string;
  readonly cause: number;
  readonly code: string;
  readonly place: string | null;
  readonly count: number;
  readonly first_at: Date;
  readonly last_at: Date;
  /** The newest message of the group. */
  readonly sample_message_id: Int8;
  readonly assigned_to: Int8 | null;
  readonly assigned_name: string | null;
  readonly note: string;
}

// All that a group shares is part of its fingerprint; min() only picks it out.
const GROUPS = `select g.*, eg.assigned_to, u.name as assigned_name, coalesce(eg.note, '') as note
  from (
    select fingerprint, min(system_id) as system_id, min(type) as type, min(cause) as cause, min(code) as code,
      min(place) as place, count(*)::int as count, min(opened_at) as first_at, max(opened_at) as last_at,
      max(message_id) as sample_message_id
    from errors
    where state = 'open' and ($1::bigint[] is null or system_id = any($1)) and ($2::smallint is null or cause = $2)
      and ($3::bigint is null or fingerprint = $3)
    group by fingerprint
  ) g
  left join error_groups eg on eg.fingerprint = g.fingerprint
  left join users u on u.id = eg.assigned_to
  order by g.last_at desc`;

/** Open failures in groups of alike ones, the latest first. */
export async function readErrorGroups(
  db: Queryable,
  filter: {
    readonly systems: readonly string[] | null;
    readonly cause: number | null;
    readonly fingerprint: string | null;
  },
): Promise<ErrorGroupRow[]> {
  return (await db.query<ErrorGroupRow>(GROUPS, [filter.systems, filter.cause, filter.fingerprint])).rows;
}

const BY_CAUSE = `select cause, count(*)::int as count from errors
  where state = 'open' and ($1::bigint[] is null or system_id = any($1)) group by cause order by count desc, cause`;

/** Open failures by cause, the most frequent first. */
export async function countErrorsByCause(
  db: Queryable,
  systems: readonly string[] | null,
): Promise<{ cause: number; count: number }[]> {
  return (await db.query<{ cause: number; count: number }>(BY_CAUSE, [systems])).rows;
}

const BELOW = `select message_id from errors
  where state = 'open' and fingerprint = $1 and message_id < $2 order by message_id desc limit $3`;

/** Messages of a group below an id, newest first. */
export async function groupMessagesBelow(
  db: Queryable,
  fingerprint: string,
  below: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await db.query<{ message_id: Int8 }>(BELOW, [fingerprint, below, limit]);
  return rows.map((row) => int8Text(row.message_id));
}

const ABOVE = `select message_id from errors
  where state = 'open' and fingerprint = $1 and message_id > $2 and ($4::bigint[] is null or message_id = any($4))
  order by message_id limit $3`;

/** Messages of a group above an id, oldest first: all, or those named. */
export async function groupMessagesAbove(
  db: Queryable,
  fingerprint: string,
  above: string,
  limit: number,
  named: readonly string[] | null,
): Promise<string[]> {
  const { rows } = await db.query<{ message_id: Int8 }>(ABOVE, [fingerprint, above, limit, named]);
  return rows.map((row) => int8Text(row.message_id));
}

const UPDATE = `insert into error_groups (fingerprint, assigned_to, note, updated_at)
  values ($1, case when $2::boolean then $3::bigint end, coalesce($4::text, ''), now())
  on conflict (fingerprint) do update set
    assigned_to = case when $2::boolean then $3::bigint else error_groups.assigned_to end,
    note = coalesce($4::text, error_groups.note), updated_at = now()`;

/** Assigns a group (null: to nobody; undefined: as it was) or notes something on it (undefined: as it was). */
export async function saveErrorGroup(
  db: Queryable,
  fingerprint: string,
  change: { readonly assignedTo: string | null | undefined; readonly note: string | undefined },
): Promise<void> {
  const { assignedTo, note } = change;
  await db.query(UPDATE, [fingerprint, assignedTo !== undefined, assignedTo ?? null, note ?? null]);
}

const ACTIVE_USER = `select true from users where id = $1 and state <> 'disabled'`;

/** Whether work can be assigned to this person. */
export async function isAssignable(db: Queryable, user: string): Promise<boolean> {
  return (await db.query(ACTIVE_USER, [user])).rows.length > 0;
}
