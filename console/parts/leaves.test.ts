import { describe, expect, it } from 'vitest';
import { changeLines, leavesOfValue } from './leaves.ts';

describe('the values inside a field', () => {
  it('name their way, and count the items of a list only where there are several', () => {
    expect(leavesOfValue([{ payer: { name: 'Blue Cross' }, plan_id: 'BC123', note: '' }])).toEqual([
      { path: '[0].payer.name', label: 'payer name', value: 'Blue Cross' },
      { path: '[0].plan_id', label: 'plan id', value: 'BC123' },
    ]);
    expect(leavesOfValue([{ n: 1 }, { n: 2 }]).map((leaf) => leaf.label)).toEqual(['1 n', '2 n']);
    expect(leavesOfValue('Doe')).toEqual([{ path: '', label: '', value: 'Doe' }]);
    expect(leavesOfValue(null)).toEqual([]);
  });
});

describe('a change', () => {
  it('of a plain field is one line', () => {
    expect(changeLines({ path: 'last_name', label: 'Last name', old: null, new: 'Doe' })).toEqual([
      { key: 'last_name', label: 'Last name', old: null, new: 'Doe' },
    ]);
  });
  it('of a field with groups of values tells only what differs', () => {
    const lines = changeLines({
      path: 'coverage',
      label: 'Coverage',
      old: [{ plan: 'A', city: 'SPRINGFIELD', rank: 1 }],
      new: [{ plan: 'A', city: 'ROCHESTER', group: 'G1', rank: 1 }],
    });
    expect(lines.map(({ label, old, new: now }) => [label, old, now])).toEqual([
      ['Coverage: city', 'SPRINGFIELD', 'ROCHESTER'],
      ['Coverage: group', undefined, 'G1'],
    ]);
  });
});
