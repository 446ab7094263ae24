/** The span of time that a filter means, as instants for the API. */
export type RangeName = '15m' | '1h' | '24h' | '7d' | 'all' | 'custom';
export interface SpanFilter {
  readonly range?: RangeName | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}
const MINUTES: Readonly<Record<string, number>> = { '15m': 15, '1h': 60, '24h': 1440, '7d': 10_080 };

export function spanOf(filter: SpanFilter, standard: RangeName, now: number): { from?: string; to?: string } {
  const range = filter.range ?? standard;
  const minutes = MINUTES[range];
  if (minutes !== undefined) return { from: new Date(now - minutes * 60_000).toISOString() };
  if (range === 'all') return {};
  return {
    ...(filter.from === undefined ? {} : { from: filter.from }),
    ...(filter.to === undefined ? {} : { to: filter.to }),
  };
}
