/** A connection, seen as the holder of an unfinished frame. */
export interface FrameHolder {
  stopAssembling(): void;
  goOnAssembling(): void;
}

/** Holders below this are never stopped: their sum is bounded by the number of connections. */
const SMALL_BYTES = 16 * 1024;

/**
 * Keeps the unfinished frames of all connections within a budget. When it is used up, their connections are not read
 * until there is room again, but for one, which is let through regardless, so that they cannot wait for each other for ever.
 */
export class AssemblyBudget {
  readonly #budget: number;
  readonly #growing = new Set<FrameHolder>();
  readonly #stopped = new Set<FrameHolder>();
  #total = 0;
  #favoured: FrameHolder | undefined = undefined;

  constructor(budgetBytes: number) {
    this.#budget = budgetBytes;
  }

  get totalBytes(): number {
    return this.#total;
  }

  /** A holder's unfinished frame grew, shrank or went away. */
  update(holder: FrameHolder, before: number, after: number): void {
    this.#total += after - before;
    if (after <= SMALL_BYTES) {
      if (this.#favoured === holder) this.#favoured = undefined;
      this.#growing.delete(holder);
      this.#stopped.delete(holder);
    } else if (!this.#stopped.has(holder)) this.#growing.add(holder);
    if (this.#total > this.#budget) this.#stopAllButOne();
    else if (this.#stopped.size > 0) this.#goOn();
  }

  #stopAllButOne(): void {
    if (this.#favoured === undefined) {
      // Who is stopped has waited longer than who is growing.
      const [next] = this.#stopped.size > 0 ? this.#stopped : this.#growing;
      if (next === undefined) return;
      this.#favoured = next;
      this.#growing.add(next);
      if (this.#stopped.delete(next)) next.goOnAssembling();
    }
    if (this.#growing.size === 1) return;
    for (const holder of this.#growing) {
      if (holder === this.#favoured) continue;
      this.#growing.delete(holder);
      this.#stopped.add(holder);
      holder.stopAssembling();
    }
  }

  #goOn(): void {
    const holders = [...this.#stopped];
    this.#stopped.clear();
    this.#favoured = undefined;
    for (const holder of holders) {
      this.#growing.add(holder);
      holder.goOnAssembling();
    }
  }
}
