import { EXPIRY_STAGES, expiryOf } from '../domain/expiry.ts';
import { idTimeMs } from '../domain/ids.ts';
import { readEndingCredentials } from '../store/credential-store.ts';
import { readNodes } from '../store/queries/health-facts.ts';
import { readPlaces } from '../store/queries/places.ts';
import { readCountsBySystem, readSeries } from '../store/queries/traffic.ts';
import type { Database } from '../store/queryable.ts';
import type { LiveFigures } from '../engine/control.ts';
import { createSystemLines, type SystemLine } from './system-lines.ts';
import { bucketsOf, fillSeries, startOf, totalOf, TRAFFIC_RANGES, type TrafficRange } from './traffic.ts';

const DAY_MS = 86_400_000;

export interface DashboardDeps {
  readonly db: Database;
  readonly live: () => LiveFigures;
  /** The label of a product by its key; undefined when this program does not know it. */
  readonly productLabel: (key: string) => string | undefined;
  /** ms since 1970 UTC. */
  readonly now: () => number;
}

export interface DashboardRequest {
  readonly environment?: string | undefined;
  readonly range: TrafficRange;
}

/** Makes the reader of the dashboard: figures, series and a line per system for a span of time. */
export function createDashboard(deps: DashboardDeps) {
  const readLines = createSystemLines(deps);
  return async (request: DashboardRequest) => {
    const now = deps.now();
    const range = TRAFFIC_RANGES[request.range];
    const buckets = bucketsOf(range.seconds, range.bucketSeconds, now);
    const from = startOf(buckets);
    const read = await deps.db.transaction(async (tx) => {
      await tx.query('set transaction isolation level repeatable read, read only; set local statement_timeout = 5000');
      const places = await readPlaces(tx);
      const { lines, waiting } = await readLines(tx, places);
      const shown = lines.filter(
        ({ system }) => request.environment === undefined || system.environmentId === request.environment,
      );
      const systems = request.environment === undefined ? null : shown.map((line) => line.system.id);
      const series = fillSeries(buckets, await readSeries(tx, from, buckets.seconds, systems));
      const counts = await readCountsBySystem(tx, from);
      const ending = await readEndingCredentials(tx, new Date(now + EXPIRY_STAGES[0] * DAY_MS));
      return { shown, waiting, series, counts, ending, nodes: await readNodes(tx) };
    });
    const live = deps.live();
    const whole = request.environment === undefined;
    const total = totalOf(read.series);
    return {
      at: new Date(now).toISOString(),
      from: from.toISOString(),
      figures: {
        ...total,
        open_errors: sum(read.shown, (line) => line.openErrors),
        waiting: whole ? read.waiting.count : sum(read.shown, (line) => line.waiting),
        oldest_waiting_seconds: whole
          ? read.waiting.oldest === null
            ? 0
            : Math.max(0, (now - idTimeMs(BigInt(read.waiting.oldest))) / 1000)
          : Math.max(0, ...read.shown.map((line) => line.oldestWaitingSeconds)),
        rate_per_second: whole ? live.ratePerSecond : recentRate(read.shown),
        ack_p50_ms: live.ackP50,
        ack_p99_ms: live.ackP99,
        process_p50_ms: live.processP50,
        process_p99_ms: live.processP99,
      },
      series: read.series,
      systems: read.shown.map((line) => ({
        id: line.system.id,
        name: line.system.name,
        environment_id: line.system.environmentId,
        environment_key: line.system.environmentKey,
        product_label: deps.productLabel(line.system.product) ?? line.system.product,
        health: line.health,
        last_message_at: line.lastMessageAt?.toISOString() ?? null,
        sparkline: [...line.sparkline],
        waiting: line.waiting,
        oldest_waiting_seconds: line.oldestWaitingSeconds,
        received: read.counts.get(line.system.id)?.received ?? 0,
        failed: read.counts.get(line.system.id)?.failed ?? 0,
        open_errors: line.openErrors,
      })),
      ending: read.ending
        .filter(({ environment_id: id }) => whole || id === request.environment)
        .map(({ not_after: notAfter, ...rest }) => {
          const { daysLeft, state } = expiryOf(notAfter, now);
          return { ...rest, not_after: notAfter.toISOString(), days_left: daysLeft, state };
        }),
      nodes: read.nodes.map((node) => ({
        name: node.name,
        started_at: node.started_at.toISOString(),
        heartbeat_at: node.heartbeat_at.toISOString(),
        lanes: node.lanes,
      })),
    };
  };
}

/** Messages a second over the last two full stretches of two minutes of these systems. */
function recentRate(lines: readonly SystemLine[]): number {
  return sum(lines, ({ sparkline }) => (sparkline.at(-2) ?? 0) + (sparkline.at(-3) ?? 0)) / 240;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
