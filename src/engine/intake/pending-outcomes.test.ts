import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageOutcome } from '../worker/batch-outcome.ts';
import { PendingOutcomes, type Outcome } from './pending-outcomes.ts';

const outcome = (messageId: bigint): MessageOutcome => ({
  messageId,
  isFirst: true,
  replyNode: 1,
  state: 'delivered',
  failure: null,
});

let full: boolean[];
let faults: unknown[];
let pending: PendingOutcomes;
beforeEach(() => {
  full = [];
  faults = [];
  pending = new PendingOutcomes({
    now: Date.now,
    onFull: (is) => full.push(is),
    onFault: (error) => faults.push(error),
  });
});
afterEach(() => pending.stop());

describe('an outcome', () => {
  it('that comes before the commit is heard is told when somebody asks', () => {
    const told: Outcome[] = [];
    pending.expect(1n);
    pending.settle(outcome(1n));
    pending.wait(1n, 1000, (each) => told.push(each));
    expect(told).toEqual([outcome(1n)]);
    expect(pending.size).toBe(0);
  });

  it('of a message that nobody expects is dropped', () => {
    const told: Outcome[] = [];
    pending.settle(outcome(1n));
    pending.wait(1n, 1000, (each) => told.push(each));
    expect(told).toEqual([]);
  });

  it('is told once', () => {
    const told: Outcome[] = [];
    pending.wait(1n, 1000, (each) => told.push(each));
    pending.settle(outcome(1n));
    pending.settle(outcome(1n));
    expect(told).toHaveLength(1);
  });

  it('reaches the others when telling one of them fails', () => {
    const told: Outcome[] = [];
    pending.wait(1n, 1000, () => {
      throw new Error('gone');
    });
    pending.wait(2n, 1000, (each) => told.push(each));
    pending.stop();
    expect(told).toEqual(['timeout']);
    expect(faults).toHaveLength(1);
  });
});

it('too many that wait are told, and that it is over', () => {
  for (let id = 1n; id <= 20_000n; id++) pending.wait(id, 100_000, () => undefined);
  expect(full).toEqual([true]);
  for (let id = 1n; id <= 10_000n; id++) pending.settle(outcome(id));
  expect(full).toEqual([true, false]);
});
