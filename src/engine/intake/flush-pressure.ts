/** Weight of the latest flush in the average. */
const WEIGHT = 0.05;
/** How much longer than at its best storing takes when something is in its way. */
const SLOWED = 1.6;
/** What was best is forgotten after one to two of these. */
const WINDOW_MS = 60_000;

/**
 * Tells from how long flushes take whether something takes the processor or the disk away from them. Measured against
 * the best of the last minutes, so it means the same on a fast machine as on a slow one.
 */
export class FlushPressure {
  #average = 0;
  #best = Infinity;
  #bestBefore = Infinity;
  #windowFrom = -Infinity;

  /** Notes a flush of so many ms that ended at `nowMs` (any clock that only goes forward). Is storing slowed down? */
  note(ms: number, nowMs: number): boolean {
    this.#average = this.#average === 0 ? ms : this.#average + WEIGHT * (ms - this.#average);
    if (nowMs - this.#windowFrom > WINDOW_MS) {
      this.#bestBefore = this.#best;
      this.#best = this.#average;
      this.#windowFrom = nowMs;
    }
    this.#best = Math.min(this.#best, this.#average);
    return this.#average > SLOWED * Math.min(this.#best, this.#bestBefore);
  }
}
