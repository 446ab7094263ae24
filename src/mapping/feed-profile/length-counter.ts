export interface LengthProfile {
  readonly least: number;
  /** The median; beyond 64 characters the lower bound of a step of a quarter octave. */
  readonly typical: number;
  readonly most: number;
}

const EXACT = 64;
const STEPS = 4;

/** Lengths of values in a fixed number of counters. */
export class LengthCounter {
  readonly #counts: number[] = [];
  #total = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = 0;

  add(length: number): void {
    const bucket = length <= EXACT ? length : EXACT + Math.floor(Math.log2(length / EXACT) * STEPS);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total += 1;
    if (length < this.#least) this.#least = length;
    if (length > this.#most) this.#most = length;
  }

  profile(): LengthProfile {
    if (this.#total === 0) return { least: 0, typical: 0, most: 0 };
    let seen = 0;
    let bucket = 0;
    for (; bucket < this.#counts.length; bucket++) {
      seen += this.#counts[bucket] ?? 0;
      if (seen * 2 >= this.#total) break;
    }
    const middle = bucket <= EXACT ? bucket : Math.floor(EXACT * 2 ** ((bucket - EXACT) / STEPS));
    return { least: this.#least, typical: Math.min(this.#most, Math.max(this.#least, middle)), most: this.#most };
  }
}
