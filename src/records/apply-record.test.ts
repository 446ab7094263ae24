import { describe, expect, it } from 'vitest';
import { applyRecord, resolveNames } from './apply-record.ts';
import type { RecordInput, RecordState } from './record-input.ts';

const at = (second: number) => ({ from: second * 1000, to: second * 1000 + 999 });

function input(values: Partial<RecordInput> = {}): RecordInput {
  return {
    ...{ family: 'clinical', name: 'urn:1', type: 'Observation', scope: 'sender', key: 'k', status: 'final' },
    ...{ ended: false, mention: false, said: at(10), issued: undefined, body: { value: 1, note: 'a' } },
    ...values,
  };
}

function stored(values: Partial<RecordState> = {}): RecordState {
  return { ...input(), ...values };
}

const change = (existing: RecordState | undefined, said: RecordInput) => applyRecord(existing, said, said.body).change;

describe('a record that a message speaks of', () => {
  it('is new, replaced, or left when nothing is new', () => {
    expect(change(undefined, input())).toBe('created');
    expect(change(stored(), input({ said: at(11), body: { value: 2 } }))).toBe('changed');
    expect(change(stored(), input({ said: at(11), body: { note: 'a', value: 1 } }))).toBe('unchanged');
    expect(change(stored(), input({ mention: true, body: {} }))).toBe('mentioned');
  });

  it('is not replaced by what is older: by its own time first, then by that of the message', () => {
    expect(change(stored(), input({ said: at(9), body: { value: 2 } }))).toBe('older');
    const report = stored({ issued: at(5) });
    expect(change(report, input({ issued: at(4), said: at(99), body: { value: 2 } }))).toBe('older');
    expect(change(report, input({ issued: at(6), said: at(9), body: { value: 2 } }))).toBe('changed');
  });

  it('does not go back from final to preliminary where the times do not tell', () => {
    expect(change(stored(), input({ status: 'preliminary', body: { value: 2 } }))).toBe('older');
    expect(change(stored({ status: 'preliminary' }), input({ body: { value: 2 } }))).toBe('changed');
  });

  it('keeps what it said when it is withdrawn', () => {
    const applied = applyRecord(stored(), input({ status: 'entered-in-error', ended: true, said: at(11) }), {
      status: 'entered-in-error',
    });
    expect(applied).toMatchObject({
      change: 'ended',
      state: { status: 'entered-in-error', body: { value: 1, note: 'a' } },
    });
  });
});

it('names become references, wherever they stand', () => {
  const nameOf = (name: string) => (name === 'urn:1' ? 'Observation/7' : name === 'urn:gone' ? null : undefined);
  expect(
    resolveNames(
      { a: [{ reference: 'urn:1' }], b: { reference: '#c1' }, c: { reference: 'urn:gone', display: 'Visit' } },
      nameOf,
    ),
  ).toEqual({ a: [{ reference: 'Observation/7' }], b: { reference: '#c1' }, c: { display: 'Visit' } });
});
