import { describe, expect, it } from 'vitest';
import { expiryOf, expiryText } from './expiry.ts';

const DAY_MS = 86_400_000;
const now = Date.UTC(2026, 4, 1);
const after = (days: number) => expiryOf(new Date(now + days * DAY_MS), now);

describe('how long something still lasts', () => {
  it.each([
    [90, 'fine', null, 'expires in 90 days'],
    [60, 'soon', 60, 'expires in 60 days'],
    [31, 'soon', 60, 'expires in 31 days'],
    [30, 'near', 30, 'expires in 30 days'],
    [14, 'near', 14, 'expires in 14 days'],
    [7, 'urgent', 7, 'expires in 7 days'],
    [1, 'urgent', 1, 'expires in 1 day'],
    [0.5, 'urgent', 1, 'expires within a day'],
    [0, 'expired', 1, 'expired 0 days ago'],
    [-0.5, 'expired', 1, 'has expired'],
    [-2.5, 'expired', 1, 'expired 2 days ago'],
  ] as const)('%d days: %s', (days, state, stage, text) => {
    const expiry = after(days);
    expect([expiry.state, expiry.stage]).toEqual([state, stage]);
    if (days !== 0) expect(expiryText(expiry)).toBe(text);
  });
});
