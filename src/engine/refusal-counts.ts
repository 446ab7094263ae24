import type { RefusalReason } from '../transport/mllp/refusals.ts';
import type { RefusalCount } from './control.ts';

/** A peer that is turned away again and again is told of once in this time. */
const QUIET_MS = 60_000;
/** Peers remembered for that; more than these at once are a crowd, of which every one is new. */
const MOST_PEERS = 1000;

/** Counts whom a listener turned away, and says which of it is worth a line in the log. */
export class RefusalCounts {
  readonly #counts = new Map<RefusalReason, { count: number; lastAt: Date; lastPeer: string }>();
  readonly #told = new Map<string, { at: number; since: number }>();

  /** Undefined: told of this peer and reason a moment ago. Else how often it happened since it was told last. */
  add(reason: RefusalReason, peer: string, now: Date): number | undefined {
    const count = (this.#counts.get(reason)?.count ?? 0) + 1;
    this.#counts.set(reason, { count, lastAt: now, lastPeer: peer });
    const key = `${reason} ${peer}`;
    const told = this.#told.get(key);
    if (told !== undefined && now.getTime() - told.at < QUIET_MS) {
      told.since += 1;
      return undefined;
    }
    if (this.#told.size >= MOST_PEERS) this.#told.clear();
    this.#told.set(key, { at: now.getTime(), since: 0 });
    return (told?.since ?? 0) + 1;
  }

  list(): RefusalCount[] {
    return [...this.#counts].map(([reason, { count, lastAt, lastPeer }]) => ({
      reason,
      count,
      last_at: lastAt.toISOString(),
      last_peer: lastPeer,
    }));
  }
}
