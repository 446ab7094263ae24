import type { FragmentInfo } from './fragments.ts';

/** A fragment to be put in its place. */
export interface Fragment<T> {
  readonly info: FragmentInfo;
  /** Whatever stands for it with the caller: an id, a message. */
  readonly item: T;
  /** Its size. */
  readonly bytes: number;
  /** When it came, in milliseconds of any clock. */
  readonly at: number;
}

export interface AssemblerLimits {
  /** Fragments waiting at the same time. Default 1,000. */
  readonly maxFragments?: number;
  /** Bytes of all of them. Default 256 MiB. */
  readonly maxBytes?: number;
  /** How long a fragment waits for another, in milliseconds. Default an hour. */
  readonly maxWait?: number;
}

/**
 * `whole`: with this fragment a message is complete; `items` are its fragments in order. `waiting`: others are missing.
 * `duplicate`: another one holds this place, so the sender sent it again.
 */
export type Placed<T> =
  | { readonly kind: 'whole'; readonly items: readonly T[] }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'duplicate' };

/** Fragments that follow one another, with a gap before or after. */
interface Run<T> {
  readonly sender: string;
  readonly continues: string | undefined;
  readonly next: string | undefined;
  readonly items: readonly T[];
  /** The pointers that tie them together. */
  readonly inner: readonly string[];
  readonly bytes: number;
  /** When the latest of them came. */
  readonly at: number;
}

/**
 * Says which fragments of continued messages (DSC-1 and MSH-14, HL7 v2 section 2.10.2) belong together, in whatever order they
 * come. Holds only what callers give for them, never more than the limits allow: beyond them, and after the wait, it gives
 * runs up, the one that waits longest first; the caller decides what becomes of their fragments.
 */
export class FragmentAssembler<T> {
  readonly #limits: Required<AssemblerLimits>;
  /** In the order in which they were last added to, the oldest first. */
  readonly #runs = new Set<Run<T>>();
  readonly #byContinues = new Map<string, Run<T>>();
  readonly #byNext = new Map<string, Run<T>>();
  readonly #inner = new Set<string>();
  #fragments = 0;
  #bytes = 0;

  constructor(limits: AssemblerLimits = {}) {
    this.#limits = {
      maxFragments: limits.maxFragments ?? 1000,
      maxBytes: limits.maxBytes ?? 256 * 1024 * 1024,
      maxWait: limits.maxWait ?? 3_600_000,
    };
  }

  /** How many fragments wait. */
  get size(): number {
    return this.#fragments;
  }

  add(fragment: Fragment<T>): Placed<T> {
    const { sender, continues, next } = fragment.info;
    // One that follows itself would wait for ever.
    if (this.#isTaken(fragment.info) || (next !== undefined && next === continues)) return { kind: 'duplicate' };
    const { item, bytes, at } = fragment;
    let run: Run<T> = { sender, continues, next, items: [item], inner: [], bytes, at };
    const before = continues === undefined ? undefined : this.#byNext.get(key(sender, continues));
    if (before !== undefined) {
      this.#take(before);
      run = join(before, run);
    }
    const after = next === undefined ? undefined : this.#byContinues.get(key(sender, next));
    if (after !== undefined) {
      this.#take(after);
      run = join(run, after);
    }
    if (run.continues === undefined && run.next === undefined) return { kind: 'whole', items: run.items };
    this.#put(run);
    return { kind: 'waiting' };
  }

  /** The runs that have waited too long, or are too many, each with its fragments in order; they are forgotten. */
  giveUp(now: number): readonly (readonly T[])[] {
    const given: (readonly T[])[] = [];
    for (const run of this.#runs) {
      const isOver = this.#fragments > this.#limits.maxFragments || this.#bytes > this.#limits.maxBytes;
      if (!isOver && now - run.at < this.#limits.maxWait) break;
      given.push(run.items);
      this.#take(run);
    }
    return given;
  }

  /** Whether another fragment has the place before or after those pointers. */
  #isTaken({ sender, continues, next }: FragmentInfo): boolean {
    const isIn = (pointer: string | undefined, runs: ReadonlyMap<string, Run<T>>): boolean =>
      pointer !== undefined && (runs.has(key(sender, pointer)) || this.#inner.has(key(sender, pointer)));
    return isIn(next, this.#byNext) || isIn(continues, this.#byContinues);
  }

  #put(run: Run<T>): void {
    this.#runs.add(run);
    if (run.continues !== undefined) this.#byContinues.set(key(run.sender, run.continues), run);
    if (run.next !== undefined) this.#byNext.set(key(run.sender, run.next), run);
    for (const pointer of run.inner) this.#inner.add(key(run.sender, pointer));
    this.#fragments += run.items.length;
    this.#bytes += run.bytes;
  }

  #take(run: Run<T>): void {
    this.#runs.delete(run);
    if (run.continues !== undefined) this.#byContinues.delete(key(run.sender, run.continues));
    if (run.next !== undefined) this.#byNext.delete(key(run.sender, run.next));
    for (const pointer of run.inner) this.#inner.delete(key(run.sender, pointer));
    this.#fragments -= run.items.length;
    this.#bytes -= run.bytes;
  }
}

function key(sender: string, pointer: string): string {
  return `${sender}\u0000${pointer}`;
}

function join<T>(before: Run<T>, after: Run<T>): Run<T> {
  return {
    sender: before.sender,
    continues: before.continues,
    next: after.next,
    items: [...before.items, ...after.items],
    inner: [...before.inner, before.next ?? '', ...after.inner],
    bytes: before.bytes + after.bytes,
    at: Math.max(before.at, after.at),
  };
}
