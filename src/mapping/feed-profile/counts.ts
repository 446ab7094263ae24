import type { CountOf } from './feed-profile.ts';

/** Different values that one list of counts tells apart; the rest is counted together. */
const MAX_ENTRIES = 100;

/** Counts by name, in bounded memory. */
export class Counts {
  readonly #counts = new Map<string, number>();

  add(value: string): void {
    const key = this.#counts.has(value) || this.#counts.size < MAX_ENTRIES ? value.slice(0, 120) : 'others';
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  get(value: string): number {
    return this.#counts.get(value) ?? 0;
  }

  /** Most frequent first. */
  list(): CountOf[] {
    return [...this.#counts]
      .map(([value, count]) => ({ value, count }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  }

  /** The most frequent; undefined when there is none. */
  top(): string | undefined {
    return this.list()[0]?.value;
  }
}
