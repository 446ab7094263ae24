import type { Queryable } from '../queryable.ts';
import { int8Text, maybeInt8Text, type Int8 } from './values.ts';

export interface WaitingTotal {
  readonly count: number;
  /** The oldest message that waits. */
  readonly oldest: string | null;
}

const TOTAL = `select (select count(*) from queue)::int as queued, (select count(*) from deferred)::int as deferred,
  least((select min(message_id) from queue), (select min(message_id) from deferred)) as oldest`;

const BY_SYSTEM = `select m.system_id, count(*)::int as count, min(m.id) as oldest from (
    select message_id from queue tablesample bernoulli ($1)
    union all
    select message_id from deferred tablesample bernoulli ($1)
  ) w join messages m on m.id = w.message_id group by m.system_id`;

/** More than these are not looked up one by one: a sample of about as many tells the shares of the systems. */
const SAMPLED_ABOVE = 5_000;

/**
 * What waits for a worker, for its time or behind another message, in all and by system. The total is exact; with
 * thousands waiting the shares of the systems are estimated.
 */
export async function readWaiting(
  db: Queryable,
): Promise<{ readonly total: WaitingTotal; readonly bySystem: ReadonlyMap<string, WaitingTotal> }> {
  const [row] = (await db.query<{ queued: number; deferred: number; oldest: Int8 | null }>(TOTAL)).rows;
  const count = (row?.queued ?? 0) + (row?.deferred ?? 0);
  const total = { count, oldest: maybeInt8Text(row?.oldest ?? null) };
  if (count === 0) return { total, bySystem: new Map() };
  const percent = Math.min(100, (100 * SAMPLED_ABOVE) / count);
  const { rows } = await db.query<{ system_id: Int8; count: number; oldest: Int8 }>(BY_SYSTEM, [percent]);
  const seen = rows.reduce((sum, one) => sum + one.count, 0);
  const scale = percent < 100 && seen > 0 ? count / seen : 1;
  const bySystem = rows.map(
    (one) => [int8Text(one.system_id), { count: Math.round(one.count * scale), oldest: int8Text(one.oldest) }] as const,
  );
  return { total, bySystem: new Map(bySystem) };
}

const OPEN_ERRORS = `select system_id, count(*)::int as open, count(*) filter (where opened_at >= $1)::int as recent
  from errors where state = 'open' group by system_id`;

/** Open failures by system, and those among them that are younger than an instant. */
export async function readOpenErrors(
  db: Queryable,
  since: Date,
): Promise<ReadonlyMap<string, { readonly open: number; readonly recent: number }>> {
  const { rows } = await db.query<{ system_id: Int8; open: number; recent: number }>(OPEN_ERRORS, [since]);
  return new Map(rows.map((row) => [int8Text(row.system_id), row]));
}

const FAILED_LISTENERS = `select distinct on (l.system_id) l.system_id, l.name, s.reason
  from listener_status s join listeners l on l.id = s.listener_id
  where s.status = 'failed' and l.enabled order by l.system_id, s.since desc`;

/** Systems with an enabled listener that could not be started, with the reason. */
export async function readFailedListeners(
  db: Queryable,
): Promise<ReadonlyMap<string, { readonly name: string; readonly reason: string }>> {
  const { rows } = await db.query<{ system_id: Int8; name: string; reason: string }>(FAILED_LISTENERS);
  return new Map(rows.map((row) => [int8Text(row.system_id), row]));
}

const ENDING = `select distinct on (l.system_id) l.system_id, l.name as listener, c.name as certificate,
    v.not_after as "notAfter"
  from listeners l
  join credentials c on jsonb_exists(l.tls -> 'certificates', c.key) or l.tls ->> 'client_ca' = c.key
  join credential_versions v on v.credential_id = c.id and v.state = 'active'
  where l.enabled and (l.tls ->> 'enabled')::boolean and v.not_after < $1
  order by l.system_id, v.not_after`;

/** Systems with a listener in use that has a certificate ending before an instant: the first to end of each. */
export async function readEndingCertificates(
  db: Queryable,
  before: Date,
): Promise<ReadonlyMap<string, { readonly listener: string; readonly certificate: string; readonly notAfter: Date }>> {
  const { rows } = await db.query<{ system_id: Int8; listener: string; certificate: string; notAfter: Date }>(ENDING, [
    before,
  ]);
  return new Map(rows.map((row) => [int8Text(row.system_id), row]));
}

const NODES = `select n.name, n.started_at, n.heartbeat_at,
    (select count(*) from shards s where s.node = n.node)::int as lanes
  from nodes n where n.heartbeat_at > now() - interval '1 day' order by n.node`;

export interface NodeRow {
  readonly name: string;
  readonly started_at: Date;
  readonly heartbeat_at: Date;
  /** Shards of lanes that the node works on. */
  readonly lanes: number;
}

/** The nodes that were alive within a day. */
export async function readNodes(db: Queryable): Promise<NodeRow[]> {
  return (await db.query<NodeRow>(NODES)).rows;
}
