import type { LiveFigures } from './control.ts';

const SAMPLES = 4096;
const RATE_SECONDS = 5;

/** The last latencies, in a ring; quantiles are taken when somebody asks. */
class Latencies {
  readonly #ring = new Float32Array(SAMPLES);
  #count = 0;
  #at = 0;

  add(ms: number): void {
    this.#ring[this.#at] = ms;
    this.#at = (this.#at + 1) % SAMPLES;
    if (this.#count < SAMPLES) this.#count++;
  }

  quantiles(): readonly [p50: number | null, p99: number | null] {
    if (this.#count === 0) return [null, null];
    const sorted = this.#ring.slice(0, this.#count).sort();
    const at = (q: number): number =>
      Math.round((sorted[Math.min(this.#count - 1, Math.floor(this.#count * q))] ?? 0) * 100) / 100;
    return [at(0.5), at(0.99)];
  }
}

/** Counts and latencies of this node since it started; a tick a second for whoever watches. */
export class Figures {
  received = 0;
  delivered = 0;
  filtered = 0;
  failed = 0;
  waiting = 0;
  accepting = true;
  readonly ack = new Latencies();
  readonly process = new Latencies();
  readonly #callbacks = new Set<() => void>();
  readonly #history: number[] = [];

  /** To be called once a second. */
  tick(): void {
    this.#history.push(this.received);
    if (this.#history.length > RATE_SECONDS + 1) this.#history.shift();
    for (const callback of this.#callbacks) callback();
  }

  get watched(): boolean {
    return this.#callbacks.size > 0;
  }

  onTick(callback: () => void): () => void {
    this.#callbacks.add(callback);
    return () => this.#callbacks.delete(callback);
  }

  live(): LiveFigures {
    const [ackP50, ackP99] = this.ack.quantiles();
    const [processP50, processP99] = this.process.quantiles();
    const seconds = this.#history.length - 1;
    const moved = seconds > 0 ? (this.#history.at(-1) ?? 0) - (this.#history[0] ?? 0) : 0;
    const { received, delivered, filtered, failed, waiting, accepting } = this;
    const ratePerSecond = seconds > 0 ? Math.round((moved / seconds) * 10) / 10 : 0;
    const counts = { received, delivered, filtered, failed, waiting, accepting };
    return { ...counts, ratePerSecond, ackP50, ackP99, processP50, processP99 };
  }
}
