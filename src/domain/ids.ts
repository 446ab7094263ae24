/** Ids are 63-bit, time-ordered and given by the process itself: milliseconds since 2024-01-01 UTC << 22 | node << 12 | sequence. */
export const ID_EPOCH_MS = Date.UTC(2024, 0, 1);
const NODE_BITS = 10n;
const SEQUENCE_BITS = 12n;
const MAX_SEQUENCE = 4095;

export interface IdGenerator {
  /** The next id; always greater than the one before, also when the clock steps back. */
  next(): bigint;
}

/**
 * Makes ids for one node. Ids of one generator are strictly increasing; ids of two nodes never collide as long as
 * their node numbers (0–1023) differ, which the node lease guarantees.
 */
export function createIdGenerator(deps: { readonly node: number; readonly now: () => number }): IdGenerator {
  if (!Number.isInteger(deps.node) || deps.node < 0 || deps.node > 1023) {
    throw new RangeError(`The node number must be a whole number from 0 to 1023, not ${deps.node}.`);
  }
  let lastMs = 0;
  let sequence = 0;
  let prefix = 0n;
  const node = BigInt(deps.node);
  return {
    next() {
      const ms = deps.now() - ID_EPOCH_MS;
      if (ms > lastMs) {
        lastMs = ms;
        sequence = 0;
        prefix = (BigInt(lastMs) << (NODE_BITS + SEQUENCE_BITS)) | (node << SEQUENCE_BITS);
      } else if (++sequence > MAX_SEQUENCE) {
        lastMs += 1;
        sequence = 0;
        prefix = (BigInt(lastMs) << (NODE_BITS + SEQUENCE_BITS)) | (node << SEQUENCE_BITS);
      }
      return prefix | BigInt(sequence);
    },
  };
}

/** The instant (ms since 1970 UTC) at which an id was given. */
export function idTimeMs(id: bigint): number {
  return Number(id >> (NODE_BITS + SEQUENCE_BITS)) + ID_EPOCH_MS;
}

/** The smallest id that could be given at an instant (ms since 1970 UTC): a bound for ranges and partitions. */
export function idAtMs(ms: number): bigint {
  const since = Math.max(0, Math.floor(ms) - ID_EPOCH_MS);
  return BigInt(since) << (NODE_BITS + SEQUENCE_BITS);
}
