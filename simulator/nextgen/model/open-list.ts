import type { Random } from '../../random.ts';

/** Things that something can still happen to; the oldest is forgotten beyond a size, so that a long run stays small. */
export class OpenList<T> {
  readonly #items: T[] = [];
  readonly #most: number;

  constructor(most = 500) {
    this.#most = most;
  }

  get size(): number {
    return this.#items.length;
  }

  add(item: T): void {
    this.#items.push(item);
    if (this.#items.length > this.#most) this.#items.shift();
  }

  /** Takes one out, of those that fit. */
  take(random: Random, fits: (item: T) => boolean = () => true): T | undefined {
    const fitting = this.#items.filter(fits);
    if (fitting.length === 0) return undefined;
    const item = random.pick(fitting);
    this.#items.splice(this.#items.indexOf(item), 1);
    return item;
  }

  each(change: (item: T) => void): void {
    this.#items.forEach(change);
  }

  drop(unwanted: (item: T) => boolean): void {
    for (let at = this.#items.length - 1; at >= 0; at -= 1) {
      if (unwanted(this.#items[at] as T)) this.#items.splice(at, 1);
    }
  }
}
