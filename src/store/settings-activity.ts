import type { Queryable } from './queryable.ts';

export interface ListenerStatusRow {
  readonly listener_id: string;
  readonly node: string;
  readonly status: 'listening' | 'paused' | 'stopped' | 'failed';
  readonly reason: string;
  readonly since: Date;
  readonly connections: number;
  /** Connections turned away since the listener was opened. */
  readonly refusals: readonly {
    readonly reason: string;
    readonly count: number;
    readonly last_at: string;
    readonly last_peer: string;
  }[];
}

/** How every listener stands on every node that was alive within a minute. */
export async function readListenerStatuses(db: Queryable): Promise<ListenerStatusRow[]> {
  const { rows } = await db.query<ListenerStatusRow>(
    `select s.listener_id::text, n.name as node, s.status, s.reason, s.since, s.connections, s.refusals
     from listener_status s join nodes n on n.node = s.node
     where n.heartbeat_at > now() - interval '1 minute' order by s.listener_id, n.node`,
  );
  return rows;
}

export interface ListenerTraffic {
  /** Since the beginning of the day that was given for the listener. */
  readonly receivedToday: number;
  /** To the minute. */
  readonly lastMinute: Date | null;
}

/** What listeners have received, each from its own beginning of the day on; `since` bounds the search for the last one. */
export async function readListenerTraffic(
  db: Queryable,
  days: readonly { readonly listenerId: bigint; readonly start: Date }[],
  since: Date,
): Promise<ReadonlyMap<string, ListenerTraffic>> {
  const { rows } = await db.query<{ listener_id: string; today: number; last_minute: Date | null }>(
    `select d.listener_id::text, coalesce(sum(t.received) filter (where t.minute >= d.start), 0)::float8 as today,
       max(t.minute) filter (where t.received > 0) as last_minute
     from unnest($1::bigint[], $2::timestamptz[]) d (listener_id, start)
     left join traffic t on t.listener_id = d.listener_id and t.minute >= least($3::timestamptz, d.start)
     group by d.listener_id`,
    [days.map(({ listenerId }) => String(listenerId)), days.map(({ start }) => start), since],
  );
  return new Map(rows.map((row) => [row.listener_id, { receivedToday: row.today, lastMinute: row.last_minute }]));
}
