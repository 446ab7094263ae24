import { expect, it } from 'vitest';
import { idAtMs } from '../../domain/ids.ts';
import type { MessageOutcome } from './batch-outcome.ts';
import { outcomesMessage } from './outcomes-message.ts';

const now = Date.UTC(2026, 5, 1, 12);
const outcome = (ageMs: number, more: Partial<MessageOutcome> = {}): MessageOutcome => ({
  messageId: idAtMs(now - ageMs),
  ...{ isFirst: true, replyNode: null, state: 'delivered', failure: null },
  ...more,
});

it('counts everything that ended, and times it from its receipt', () => {
  const told = outcomesMessage(
    [outcome(5), outcome(7, { state: 'filtered' }), outcome(9, { state: 'failed', replyNode: 3 })],
    now,
  );
  expect(told).toMatchObject({ delivered: 1, filtered: 1, failed: 1, replies: [{ replyNode: 3 }] });
  expect([...told.latencies]).toEqual([5, 7, 9]);
});

it('takes no time of a replay, whose message may be years old, nor of what goes on', () => {
  const year = 365 * 86_400_000;
  const told = outcomesMessage(
    [outcome(year, { isFirst: false }), outcome(5), outcome(6, { state: 'retrying' }), outcome(7, { state: 'held' })],
    now,
  );
  expect(told).toMatchObject({ delivered: 2, filtered: 0, failed: 0 });
  expect([...told.latencies]).toEqual([5]);
});
