import { describe, expect, it } from 'vitest';
import {
  formatAgo,
  formatAgoMinute,
  formatBytes,
  formatInstant,
  formatMany,
  formatMs,
  formatRate,
  formatSeconds,
  fromLocalInput,
  toLocalInput,
} from './format.ts';

describe('times', () => {
  it('are told to the second in the reader’s zone, midnight as 00', () => {
    expect(formatInstant('2026-03-14T04:05:06.789Z', 'America/New_York')).toBe('2026-03-14 00:05:06');
    expect(formatInstant('2026-03-14T04:05:06.789Z', 'UTC')).toBe('2026-03-14 04:05:06');
  });
  it('are told relative to now in the largest unit that fits', () => {
    const now = Date.parse('2026-03-14T12:00:00Z');
    expect(formatAgo('2026-03-14T11:59:59.500Z', now)).toBe('just now');
    expect(formatAgo('2026-03-14T11:59:15Z', now)).toBe('45 s ago');
    expect(formatAgo('2026-03-14T11:48:00Z', now)).toBe('12 min ago');
    expect(formatAgo('2026-03-11T12:00:00Z', now)).toBe('3 d ago');
    expect(formatAgo('2026-03-14T12:05:00Z', now)).toBe('in 5 min');
  });
  it('known to the minute claim no seconds', () => {
    const now = Date.parse('2026-03-14T12:00:40Z');
    expect(formatAgoMinute('2026-03-14T12:00:00Z', now)).toBe('this minute');
    expect(formatAgoMinute('2026-03-14T11:59:00Z', now)).toBe('1 min ago');
    expect(formatAgoMinute('2026-03-14T08:00:00Z', now)).toBe('4 h ago');
  });
  it('come back from an input field as the instant that went in', () => {
    expect(fromLocalInput(toLocalInput('2026-07-01T10:20:30.000Z'))).toBe('2026-07-01T10:20:30.000Z');
    expect(fromLocalInput('')).toBeUndefined();
    expect(fromLocalInput('2026-99-99T00:00')).toBeUndefined();
  });
});

describe('figures', () => {
  it('carry their unit', () => {
    expect(formatSeconds(0)).toBe('0 s');
    expect(formatSeconds(0.4)).toBe('< 1 s');
    expect(formatSeconds(119.9)).toBe('119 s');
    expect(formatSeconds(7200)).toBe('2 h');
    expect(formatMs(null)).toBe('–');
    expect(formatMs(4.25)).toBe('4.3 ms');
    expect(formatMs(1250)).toBe('1.25 s');
    expect(formatBytes(1023)).toBe('1023 B');
    expect(formatBytes(1024)).toBe('1 KB');
    expect(formatBytes(1434)).toBe('1.4 KB');
    expect(formatBytes(20_971_520)).toBe('20 MB');
    expect(formatRate(0)).toBe('0/s');
    expect(formatRate(0.02)).toBe('< 0.1/s');
    expect(formatRate(3.14)).toBe('3.1/s');
    expect(formatRate(1250)).toBe('1,250/s');
  });
  it('agree with their noun', () => {
    expect(formatMany(1, 'message')).toBe('1 message');
    expect(formatMany(214_000, 'message')).toBe('214,000 messages');
    expect(formatMany(0, 'entry', 'entries')).toBe('0 entries');
  });
});
