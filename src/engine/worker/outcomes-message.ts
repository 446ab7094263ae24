import { idTimeMs } from '../../domain/ids.ts';
import type { MessageOutcome } from './batch-outcome.ts';
import type { FromWorker } from './worker-protocol.ts';

/**
 * What the worker tells of a batch: the outcomes that somebody waits for, counts, and how long messages took from their
 * receipt. A replay has no such time, as its message may be years old, and neither has what is not at its end yet.
 *
 * @param atMs when they ended, ms since 1970 UTC
 */
export function outcomesMessage(
  outcomes: readonly MessageOutcome[],
  atMs: number,
): Extract<FromWorker, { kind: 'outcomes' }> {
  const counts = { delivered: 0, filtered: 0, failed: 0 };
  const latencies = new Float32Array(outcomes.length);
  const replies: MessageOutcome[] = [];
  let timed = 0;
  for (const outcome of outcomes) {
    const { state } = outcome;
    if (outcome.replyNode !== null) replies.push(outcome);
    if (state !== 'delivered' && state !== 'filtered' && state !== 'failed') continue;
    counts[state]++;
    if (outcome.isFirst) latencies[timed++] = atMs - idTimeMs(outcome.messageId);
  }
  return { kind: 'outcomes', replies, ...counts, latencies: latencies.subarray(0, timed) };
}
