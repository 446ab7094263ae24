import { DistinctCounter } from './distinct-counter.ts';
import { valueKind, type ValueKind } from './value-kind.ts';

/** Values that are counted one by one; a set of more is no value set. */
const MAX_VALUES = 64;
/** Longer values are counted by their beginning. */
const MAX_LENGTH = 80;
/** Of the values beyond {@link MAX_VALUES} each of the first so many is looked at, later ones now and then. */
const LOOKED_AT = 512;

export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

/**
 * Counts the values of one field in bounded memory: exactly the first 64 different ones (from their first appearance, so
 * their counts stay exact), and an estimate of how many different ones there are beyond.
 */
export class ValueCounter {
  readonly #counts = new Map<string, number>();
  readonly #kinds = new Map<ValueKind, number>();
  #distinct: DistinctCounter | undefined;
  #beyond = 0;

  add(value: string): void {
    const known = this.#counts.get(value);
    if (known !== undefined) {
      this.#counts.set(value, known + 1);
      return;
    }
    const text = value.length > MAX_LENGTH ? value.slice(0, MAX_LENGTH) : value;
    if (this.#distinct === undefined) {
      if (this.#counts.size < MAX_VALUES || this.#counts.has(text)) {
        this.#counts.set(text, (this.#counts.get(text) ?? 0) + 1);
        return;
      }
      this.#distinct = new DistinctCounter();
      for (const each of this.#counts.keys()) this.#distinct.add(each);
    }
    this.#distinct.add(value);
    this.#beyond += 1;
    if (this.#beyond > LOOKED_AT && this.#beyond % 16 !== 0) return;
    const kind = valueKind(text);
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + (this.#beyond > LOOKED_AT ? 16 : 1));
  }

  /** Whether every different value is among those counted. */
  get isExact(): boolean {
    return this.#distinct === undefined;
  }

  get distinct(): number {
    return this.#distinct === undefined
      ? this.#counts.size
      : Math.max(this.#counts.size + 1, this.#distinct.estimate());
  }

  /** The counted values, most frequent first. */
  values(): ValueCount[] {
    return [...this.#counts]
      .map(([value, count]) => ({ value, count }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  }

  /** How many values were of each kind, most first; beyond the counted values an extrapolation. */
  kinds(): { kind: ValueKind; count: number }[] {
    const all = new Map(this.#kinds);
    for (const [value, count] of this.#counts) {
      const kind = valueKind(value);
      all.set(kind, (all.get(kind) ?? 0) + count);
    }
    return [...all].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count);
  }
}
