import { describe, expect, it } from 'vitest';
import type { Listener } from '../../../src/contract/listeners.ts';
import { worstStatus } from './listener-state.ts';

const status = (node: string, state: Listener['statuses'][number]['status'], reason = '') => ({
  node,
  status: state,
  reason,
  since: '2026-03-14T12:00:00Z',
  connections: 0,
  refusals: [],
});

describe('the state of a listener', () => {
  it('is the worst one of its nodes', () => {
    const statuses = [status('a', 'listening'), status('b', 'failed', 'Port 6661 is taken.')];
    expect(worstStatus({ enabled: true, statuses })).toEqual({ state: 'failed', reason: 'b: Port 6661 is taken.' });
    expect(worstStatus({ enabled: true, statuses: [status('a', 'listening')] }).state).toBe('listening');
    expect(worstStatus({ enabled: true, statuses: [] }).state).toBe('stopped');
    expect(worstStatus({ enabled: false, statuses }).state).toBe('disabled');
  });
});
