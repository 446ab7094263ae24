import { expect, it } from 'vitest';
import { systemHealth, type HealthFacts } from './system-health.ts';

const fine: HealthFacts = {
  enabled: true,
  failedListener: undefined,
  endingCertificate: undefined,
  openErrors: 0,
  recentErrors: 0,
  recentlyReceived: 100,
  oldestWaitingSeconds: 0,
  receivedLastHour: 400,
  dayAgo: 400,
  weekAgo: 400,
  everReceived: true,
  quietForADay: false,
};
const health = (facts: Partial<HealthFacts>) => systemHealth({ ...fine, ...facts });

it('is well when messages flow', () => {
  expect(health({})).toEqual({ state: 'ok', reason: '400 messages in the last hour.' });
});

it('is paused when switched off, whatever else', () => {
  expect(health({ enabled: false, openErrors: 5 }).state).toBe('paused');
});

it('fails with its listener, and with many failures among what came', () => {
  expect(health({ failedListener: { name: 'in', reason: 'The port is taken.' } })).toEqual({
    state: 'failing',
    reason: 'The listener in does not run: The port is taken.',
  });
  expect(health({ recentErrors: 21, openErrors: 21 }).state).toBe('failing');
  expect(health({ recentErrors: 20, openErrors: 20 }).state).toBe('attention');
});

it('asks for attention before a certificate ends, and fails when it has', () => {
  const ending = { listener: 'ADT', certificate: 'Hub', expired: false, text: 'expires in 12 days' };
  expect(health({ endingCertificate: ending })).toEqual({
    state: 'attention',
    reason: 'The certificate Hub of the listener ADT expires in 12 days.',
  });
  expect(health({ endingCertificate: { ...ending, expired: true, text: 'has expired' } }).state).toBe('failing');
});

it('asks for attention when a person is needed, messages wait, or it is silent against its habit', () => {
  expect(health({ openErrors: 1 }).reason).toBe('1 message failed and needs a person.');
  expect(health({ oldestWaitingSeconds: 61 }).state).toBe('attention');
  expect(health({ receivedLastHour: 0 }).reason).toMatch('a week ago');
  // Sunday: nothing came in this hour a week ago, so silence is usual.
  expect(health({ receivedLastHour: 0, weekAgo: 0 }).state).toBe('ok');
  expect(health({ receivedLastHour: 0, weekAgo: null }).reason).toMatch('yesterday');
});

it('is idle before its first message and after a day without', () => {
  const quiet = { receivedLastHour: 0, dayAgo: 0, weekAgo: null };
  expect(health({ ...quiet, everReceived: false })).toEqual({ state: 'idle', reason: 'Waits for its first message.' });
  expect(health({ ...quiet, quietForADay: true }).state).toBe('idle');
});
