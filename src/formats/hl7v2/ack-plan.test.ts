import { describe, expect, it } from 'vitest';
import { ackPlan, wantsAck } from './ack-plan.ts';
import { peekEnvelope } from './envelope.ts';

function plan(accept: string, application: string): ReturnType<typeof ackPlan> {
  return ackPlan(peekEnvelope(Buffer.from(`MSH|^~\\&|A|B|C|D|||ADT^A01|7|P|2.5|||${accept}|${application}`)));
}

describe('ackPlan', () => {
  it('is the original mode when neither MSH-15 nor MSH-16 is valued', () => {
    expect(plan('', '')).toBe('original');
  });

  it('is the enhanced mode as soon as one is, the other meaning never', () => {
    expect(plan('AL', 'NE')).toEqual({ accept: 'AL', application: 'NE' });
    expect(plan('', 'AL')).toEqual({ accept: 'NE', application: 'AL' });
    expect(plan('er', 'SU')).toEqual({ accept: 'ER', application: 'SU' });
  });

  it('answers rather than stays silent on a value that is not in the table', () => {
    expect(plan('YES', '')).toEqual({ accept: 'AL', application: 'NE' });
  });
});

describe('wantsAck', () => {
  it.each([
    ['AL', true, true],
    ['NE', false, false],
    ['SU', true, false],
    ['ER', false, true],
  ] as const)('%s: on success %s, on failure %s', (condition, success, failure) => {
    expect(wantsAck(condition, true)).toBe(success);
    expect(wantsAck(condition, false)).toBe(failure);
  });
});
