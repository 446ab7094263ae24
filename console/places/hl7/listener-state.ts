import type { Listener } from '../../../src/contract/listeners.ts';

const URGENCY = { failed: 0, stopped: 1, paused: 2, listening: 3 } as const;

/** The state of a listener over all its nodes: the worst one, since a sender may meet any of them. */
export function worstStatus(listener: Pick<Listener, 'enabled' | 'statuses'>): {
  readonly state: 'failed' | 'stopped' | 'paused' | 'listening' | 'disabled';
  readonly reason: string;
} {
  if (!listener.enabled) return { state: 'disabled', reason: 'Switched off by a person.' };
  const worst = listener.statuses.toSorted((left, right) => URGENCY[left.status] - URGENCY[right.status])[0];
  if (worst === undefined) return { state: 'stopped', reason: 'No node has started it yet.' };
  return {
    state: worst.status,
    reason: worst.reason === '' ? `On node ${worst.node}.` : `${worst.node}: ${worst.reason}`,
  };
}
