import { describe, expect, it } from 'vitest';
import { FlushPressure } from './flush-pressure.ts';

const noted = (pressure: FlushPressure, ms: number, times: number, from = 0): boolean => {
  let slowed = false;
  for (let i = 0; i < times; i++) slowed = pressure.note(ms, from + i * ms);
  return slowed;
};

describe('storing', () => {
  it('is slowed down when it takes much longer than it did, and is not again afterwards', () => {
    const pressure = new FlushPressure();
    expect(noted(pressure, 1, 100)).toBe(false);
    expect(noted(pressure, 2, 100, 1000)).toBe(true);
    expect(noted(pressure, 1, 100, 2000)).toBe(false);
  });

  it('is not slowed down by one slow flush, nor on a machine that is always slow', () => {
    const pressure = new FlushPressure();
    noted(pressure, 8, 100);
    expect(pressure.note(30, 1000)).toBe(false);
    expect(noted(pressure, 9, 100, 2000)).toBe(false);
  });

  it('is measured anew after some minutes, as when the load has another shape', () => {
    const pressure = new FlushPressure();
    noted(pressure, 1, 10);
    expect(noted(pressure, 5, 10_000, 1000)).toBe(true);
    expect(noted(pressure, 5, 30_000, 60_000)).toBe(false);
  });
});
