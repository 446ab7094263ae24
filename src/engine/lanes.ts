/** Lanes are spread over this many shards; a shard is worked on by one node at a time. */
export const SHARD_COUNT = 64;

/** The shard of a lane: its lowest six bits (lanes are keyed hashes, so they spread evenly). */
export function shardOf(lane: bigint): number {
  return Number(lane & 63n);
}
