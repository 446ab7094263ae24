import type { Counts } from '../store/queries/traffic.ts';

/** The spans that a dashboard shows, each with buckets that make a readable chart. */
export const TRAFFIC_RANGES = {
  '15m': { seconds: 15 * 60, bucketSeconds: 60 },
  '1h': { seconds: 3600, bucketSeconds: 60 },
  '6h': { seconds: 6 * 3600, bucketSeconds: 5 * 60 },
  '24h': { seconds: 24 * 3600, bucketSeconds: 15 * 60 },
  '7d': { seconds: 7 * 24 * 3600, bucketSeconds: 2 * 3600 },
} as const;
export type TrafficRange = keyof typeof TRAFFIC_RANGES;

/** Buckets of a span: the first one's number since 1970 and how many there are, the one of now included. */
export interface Buckets {
  readonly first: number;
  readonly count: number;
  readonly seconds: number;
}

/** The buckets of a span that ends now. The first may begin up to one bucket before the span. */
export function bucketsOf(seconds: number, bucketSeconds: number, nowMs: number): Buckets {
  const last = Math.floor(nowMs / 1000 / bucketSeconds);
  const count = Math.ceil(seconds / bucketSeconds);
  return { first: last - count + 1, count, seconds: bucketSeconds };
}

/** When the first bucket begins. */
export function startOf(buckets: Buckets): Date {
  return new Date(buckets.first * buckets.seconds * 1000);
}

export interface SeriesPoint extends Counts {
  readonly at: string;
}

const NOTHING: Counts = { received: 0, delivered: 0, filtered: 0, failed: 0 };

/** A point for every bucket, zero where nothing was counted. */
export function fillSeries(buckets: Buckets, rows: readonly (Counts & { readonly bucket: number })[]): SeriesPoint[] {
  const counted = new Map(rows.map((row) => [row.bucket, row]));
  return Array.from({ length: buckets.count }, (_, index) => {
    const bucket = buckets.first + index;
    const { received, delivered, filtered, failed } = counted.get(bucket) ?? NOTHING;
    return { at: new Date(bucket * buckets.seconds * 1000).toISOString(), received, delivered, filtered, failed };
  });
}

/** The sum of a series. */
export function totalOf(points: readonly Counts[]): Counts {
  return points.reduce<Counts>(
    (sum, point) => ({
      received: sum.received + point.received,
      delivered: sum.delivered + point.delivered,
      filtered: sum.filtered + point.filtered,
      failed: sum.failed + point.failed,
    }),
    NOTHING,
  );
}

/** Counts by bucket as plain numbers, zero where nothing was counted. */
export function fillSparkline(
  buckets: Buckets,
  rows: readonly { readonly bucket: number; readonly received: number }[],
): number[] {
  const line = new Array<number>(buckets.count).fill(0);
  for (const row of rows) {
    const index = row.bucket - buckets.first;
    if (index >= 0 && index < line.length) line[index] = (line[index] ?? 0) + row.received;
  }
  return line;
}
