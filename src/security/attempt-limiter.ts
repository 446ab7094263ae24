/** How many attempts, and how fast they come back. */
export interface AttemptRule {
  /** Attempts that may come at once. */
  readonly burst: number;
  /** Attempts that come back each minute. */
  readonly perMinute: number;
  /** Keys remembered; beyond, the ones that were quiet for longest are forgotten. */
  readonly keys: number;
}

export interface AttemptLimiter {
  /** Counts an attempt. Answers 0 when it may go on, else the seconds to wait. */
  take(key: string): number;
  /** Gives an attempt back: it was a good one. */
  giveBack(key: string): void;
}

/** A token bucket per key (an address, an unknown log-in name) in bounded memory. */
export function createAttemptLimiter(rule: AttemptRule, now: () => number): AttemptLimiter {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const perMs = rule.perMinute / 60_000;
  return {
    take(key) {
      const at = now();
      const known = buckets.get(key);
      const tokens = Math.min(rule.burst, known === undefined ? rule.burst : known.tokens + (at - known.at) * perMs);
      // Set anew, so that the map's order is that of the last attempt.
      buckets.delete(key);
      buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at });
      if (buckets.size > rule.keys) {
        const oldest = buckets.keys().next();
        if (oldest.done !== true) buckets.delete(oldest.value);
      }
      return tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - tokens) / perMs / 1000));
    },
    giveBack(key) {
      const bucket = buckets.get(key);
      if (bucket !== undefined) bucket.tokens = Math.min(rule.burst, bucket.tokens + 1);
    },
  };
}
