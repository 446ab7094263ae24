import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';

describe('createRandom', () => {
  it('gives the same stream for the same seed, and another for another', () => {
    const stream = (seed: string | number) => {
      const random = createRandom(seed);
      return Array.from({ length: 20 }, () => random.int(0, 1_000_000));
    };
    expect(stream('demo')).toEqual(stream('demo'));
    expect(stream('demo')).not.toEqual(stream('demo2'));
    expect(new Set(Array.from({ length: 500 }, (_, seed) => stream(seed)[0])).size).toBeGreaterThan(490);
  });

  it('spreads evenly and stays within its bounds', () => {
    const random = createRandom(7);
    const counts = [0, 0, 0, 0, 0];
    for (let draw = 0; draw < 50_000; draw += 1) {
      const value = random.int(3, 7);
      counts[value - 3] = (counts[value - 3] ?? 0) + 1;
    }
    expect(counts).toHaveLength(5);
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('picks by weight, and never what has none', () => {
    const random = createRandom(1);
    const drawn = { often: 0, seldom: 0, never: 0 };
    for (let draw = 0; draw < 10_000; draw += 1) {
      drawn[
        random.weighted([
          ['often', 9],
          ['never', 0],
          ['seldom', 1],
        ] as const)
      ] += 1;
    }
    expect(drawn.never).toBe(0);
    expect(Math.abs(drawn.often - 9000)).toBeLessThan(200);
  });
});
