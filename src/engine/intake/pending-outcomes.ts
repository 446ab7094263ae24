import type { MessageOutcome } from '../worker/batch-outcome.ts';

export type Outcome = MessageOutcome | 'timeout';

interface Waiter {
  readonly deadline: number;
  readonly done: (outcome: Outcome) => void;
}

/** From so many on no more is read from the peers, until half of them are answered: each keeps the header of its message. */
const FULL = 20_000;

export interface PendingOutcomesDeps {
  readonly now: () => number;
  /** Too many wait (true), or no longer (false). */
  readonly onFull: (full: boolean) => void;
  /** Whoever waited failed when it was told. */
  readonly onFault: (error: unknown) => void;
}

/** Acknowledgments that wait for the outcome of the processing. One timer for all of them. */
export class PendingOutcomes {
  readonly #deps: PendingOutcomesDeps;
  readonly #waiting = new Map<bigint, Waiter>();
  /** Messages that are being stored: a worker can be done with one before this thread hears of the commit. */
  readonly #expected = new Map<bigint, MessageOutcome | undefined>();
  readonly #timer: NodeJS.Timeout;
  #full = false;

  constructor(deps: PendingOutcomesDeps) {
    this.#deps = deps;
    this.#timer = setInterval(() => this.#expire(), 500);
    this.#timer.unref();
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Somebody will wait for this message once it is stored: an outcome that comes before is kept. */
  expect(messageId: bigint): void {
    this.#expected.set(messageId, undefined);
  }

  /** It was not stored after all. */
  forget(messageId: bigint): void {
    this.#expected.delete(messageId);
  }

  /** Calls `done` once: with the outcome, or when the time is over. */
  wait(messageId: bigint, timeoutMs: number, done: Waiter['done']): void {
    const early = this.#expected.get(messageId);
    this.#expected.delete(messageId);
    if (early !== undefined) {
      this.#tell(done, early);
      return;
    }
    this.#waiting.set(messageId, { deadline: this.#deps.now() + timeoutMs, done });
    if (!this.#full && this.#waiting.size >= FULL) this.#setFull(true);
  }

  settle(outcome: MessageOutcome): void {
    const waiter = this.#waiting.get(outcome.messageId);
    if (waiter === undefined) {
      if (this.#expected.has(outcome.messageId)) this.#expected.set(outcome.messageId, outcome);
      return;
    }
    this.#waiting.delete(outcome.messageId);
    this.#tell(waiter.done, outcome);
    if (this.#full && this.#waiting.size <= FULL / 2) this.#setFull(false);
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const waiter of this.#waiting.values()) this.#tell(waiter.done, 'timeout');
    this.#waiting.clear();
    this.#expected.clear();
  }

  #expire(): void {
    const now = this.#deps.now();
    for (const [messageId, waiter] of this.#waiting) {
      if (waiter.deadline > now) continue;
      this.#waiting.delete(messageId);
      this.#tell(waiter.done, 'timeout');
    }
    if (this.#full && this.#waiting.size <= FULL / 2) this.#setFull(false);
  }

  /** One that fails must not keep the others from their answers. */
  #tell(done: Waiter['done'], outcome: Outcome): void {
    try {
      done(outcome);
    } catch (error) {
      this.#deps.onFault(error);
    }
  }

  #setFull(full: boolean): void {
    this.#full = full;
    this.#deps.onFull(full);
  }
}
