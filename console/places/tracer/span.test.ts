import { describe, expect, it } from 'vitest';
import { bucketSpan } from '../dashboard/buckets.ts';
import { spanOf } from './span.ts';

const now = Date.parse('2026-03-14T12:00:00Z');

describe('a span of time', () => {
  it('counts back from now, is open for any time, and as typed otherwise', () => {
    expect(spanOf({}, '24h', now)).toEqual({ from: '2026-03-13T12:00:00.000Z' });
    expect(spanOf({ range: '15m' }, '24h', now)).toEqual({ from: '2026-03-14T11:45:00.000Z' });
    expect(spanOf({ range: 'all', from: 'x' }, '24h', now)).toEqual({});
    expect(spanOf({ range: 'custom', to: '2026-03-14T00:00:00Z' }, '24h', now)).toEqual({ to: '2026-03-14T00:00:00Z' });
  });
  it('of a bar ends where the next begins, the last one’s with the chart', () => {
    const series = [{ at: '10:00' }, { at: '10:01' }];
    expect(bucketSpan(series, 0, '10:02')).toEqual({ from: '10:00', to: '10:01' });
    expect(bucketSpan(series, 1, '10:02')).toEqual({ from: '10:01', to: '10:02' });
  });
});
