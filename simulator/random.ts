/** A stream of pseudo-random choices; the same seed gives the same stream on every machine. Not for secrets. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** One of the items, each as likely as its weight. */
  weighted<T>(items: readonly (readonly [item: T, weight: number])[]): T;
}

/** Makes a stream from a seed (xoshiro128** 1.1 by Blackman and Vigna, seeded by splitmix32 over the seed's text). */
export function createRandom(seed: string | number): Random {
  let state = 0x9e3779b9;
  const text = String(seed);
  for (let at = 0; at < text.length; at += 1) state = mix(state ^ text.charCodeAt(at));
  const word = () => (state = mix((state + 0x9e3779b9) | 0));
  let a = word();
  let b = word();
  let c = word();
  let d = word() | 1; // never all zero
  const next = () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return (result >>> 0) / 0x1_0000_0000;
  };
  const int = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (items) => {
      if (items.length === 0) throw new RangeError('There is nothing to pick from.');
      return items[int(0, items.length - 1)] as (typeof items)[number];
    },
    weighted: (items) => {
      let total = 0;
      for (const item of items) total += item[1];
      let left = next() * total;
      for (const item of items) {
        left -= item[1];
        if (left < 0) return item[0];
      }
      const last = items.at(-1);
      if (last === undefined) throw new RangeError('There is nothing to pick from.');
      return last[0];
    },
  };
}

function mix(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
