const IDLE_POLL_MS = 1000;
/** Batches smaller than this are followed by a pause, so that they begin at most every so many milliseconds. */
const SMALL_BATCH = 128;
const PACE_MS = 20;
/** While processing stands back, a pause follows of so many times the time that the processor was busy, at most so long. */
const STAND_BACK = 3;
const STAND_BACK_MS = 100;
const FIRST_REST_MS = 50;
const LONGEST_REST_MS = 1000;

/** Places of the three Int32 that a worker shares with whoever wakes it. */
const WAITS = 0;
const CALLS = 1;
const STANDS_BACK = 2;

/** What a claim brought, as far as the next one depends on it. */
interface ClaimResult {
  readonly messages: number;
  /** It took all that there was. */
  readonly isAll: boolean;
  /** Somebody waits for the outcome of one of its messages. */
  readonly isAwaited: boolean;
}

/** When a worker claims, waits for more, sleeps, and rests after an interruption. */
export class Pace {
  readonly #signals: Int32Array;
  #claimedAt = 0;
  #busyFrom = performance.eventLoopUtilization();
  #isSmall = false;
  #isAwaited = false;
  /** The last claim left nothing behind: until somebody calls there is nothing to claim. */
  #isDrained = false;
  #isCalled = false;
  #callsSeen = 0;
  #wake: (() => void) | undefined;
  #isStopping = false;
  /** How often in a row processing was interrupted. */
  #interruptions = 0;
  #endRest: (() => void) | undefined;

  /** `signals`: 1 while the worker waits; how often it was called; 1 while it is to stand back. */
  constructor(signals: Int32Array) {
    this.#signals = signals;
  }

  /** There may be something to do. */
  call(): void {
    this.#isCalled = true;
    this.#wake?.();
  }

  /** Ends every wait. */
  stop(): void {
    this.#isStopping = true;
    this.call();
    this.#endRest?.();
  }

  /**
   * Waits for the right moment of the next claim. A claim and a write cost much the same for one message as for fifty, so
   * after a small batch it waits a few milliseconds for more to come, unless somebody waits for an outcome. Where
   * processors are short, what has been acknowledged can wait better than a sender can, and processing stands back.
   */
  async beforeClaim(): Promise<void> {
    const busy = performance.eventLoopUtilization(this.#busyFrom).active;
    const isPressed = Atomics.load(this.#signals, STANDS_BACK) === 1 && this.#wasCalled() && !this.#isAwaited;
    const forMore = this.#isSmall && !this.#isAwaited ? this.#claimedAt + PACE_MS - performance.now() : 0;
    const wait = isPressed ? Math.max(forMore, Math.min(STAND_BACK * busy, STAND_BACK_MS)) : forMore;
    if (wait > 0 && !this.#isStopping) await new Promise((resolve) => setTimeout(resolve, wait));
    this.#claimedAt = performance.now();
    this.#busyFrom = performance.eventLoopUtilization();
  }

  /** Begins a claim; false when there can be nothing to claim. */
  begin(): boolean {
    if (this.#isDrained && !this.#isCalled && !this.#wasCalled()) return false;
    this.#isCalled = false;
    this.#callsSeen = Atomics.load(this.#signals, CALLS);
    return true;
  }

  claimed({ messages, isAll, isAwaited }: ClaimResult): void {
    this.#isDrained = isAll;
    this.#isSmall = messages < SMALL_BATCH;
    this.#isAwaited = isAwaited;
  }

  /** Something is in the queue again that a claim had taken, or may be. */
  lookAgain(): void {
    this.#isDrained = false;
  }

  /** A batch was written, or there was none. */
  wentWell(): void {
    this.#interruptions = 0;
  }

  /** Waits for a call, a second at most. */
  async sleep(): Promise<void> {
    this.#isDrained = false;
    if (this.#isCalled) {
      this.#isCalled = false;
      return;
    }
    Atomics.store(this.#signals, WAITS, 1);
    // A call that came since the claim began found this worker awake, so nothing was sent.
    if (!this.#wasCalled() && !this.#isStopping) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, IDLE_POLL_MS);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = undefined;
    Atomics.store(this.#signals, WAITS, 0);
    this.#isCalled = false;
  }

  /** Waits longer with each interruption in a row, whoever calls; only a stop ends it early. */
  async rest(): Promise<void> {
    if (this.#isStopping) return;
    const ms = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(this.#interruptions++, 10));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endRest = undefined;
  }

  #wasCalled(): boolean {
    return Atomics.load(this.#signals, CALLS) !== this.#callsSeen;
  }
}
