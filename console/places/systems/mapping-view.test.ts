import { describe, expect, it } from 'vitest';
import { mappingView } from './mapping-view.ts';

describe('a field mapping in words', () => {
  it('tells each rule: from where, through what, under which conditions', () => {
    const view = mappingView({
      title: 'Patients',
      messages: ['ADT^A04'],
      positions: { sliding_fee: { label: 'Sliding fee class' } },
      rules: [
        { target: 'gender', source: ['PID-8', 'ZPD-2'], steps: [{ fn: 'code', table: 'gender' }], default: 'U' },
        {
          target: 'email',
          source: { field: 'PID-13', as: 'email', where: [{ part: '2', oneOf: ['NET'] }] },
          required: true,
          when: { any: [{ path: 'MSH-12', oneOf: ['2.3'] }, { not: { path: 'PID-1', present: true } }] },
        },
      ],
      groups: [
        { target: 'identifiers', each: { repetition: 'PID-3' }, needs: ['value'], rules: [{ target: 'value' }] },
      ],
    });
    expect(view.positions).toEqual([{ name: 'sliding_fee', label: 'Sliding fee class', path: 'not set' }]);
    const positions = { sliding_fee: { label: 'Sliding fee class', path: 'PV1-21' } };
    expect(mappingView({ positions }).positions[0]?.path).toBe('PV1-21');
    expect(mappingView({ positions }, { sliding_fee: 'ZFS-3' }).positions[0]?.path).toBe('ZFS-3');
    expect(view.sections.map((section) => section.title)).toEqual(['Patient', 'identifiers: each repetition of PID-3']);
    expect(view.sections[0]?.rules).toEqual([
      { target: 'gender', source: 'PID-8, else ZPD-2', steps: ['code (table: gender)'], notes: ['default “U”'] },
      {
        target: 'email',
        source: 'PID-13 as email where .2 one of NET',
        steps: [],
        notes: ['required', 'only when MSH-12 one of 2.3 or not (PID-1 is filled)'],
      },
    ]);
  });
  it('shows nothing of a document of another kind, instead of failing', () => {
    expect(mappingView(null).sections).toEqual([{ title: 'Patient', note: '', rules: [] }]);
    expect(mappingView({ rules: 'x', groups: 5 }).sections[0]?.rules).toEqual([]);
  });
});
