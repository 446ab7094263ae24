import { describe, expect, it } from 'vitest';
import { traceSections } from './mapping-trace.ts';

describe('the output of the mapping step', () => {
  it('is a line for each rule that read or said something, item by item', () => {
    const sections = traceSections({
      rules: [
        { target: 'last_name', label: 'Last name', place: 'PID-5.1', raw: 'DOE', steps: [], result: 'DOE' },
        { target: 'suffix', label: 'Suffix', place: 'PID-5.4', steps: [] },
        {
          target: 'gender',
          label: 'Gender',
          place: 'PID-8',
          raw: 'Female',
          steps: [{ fn: 'code', value: 'F' }, { fn: 'keep' }],
          result: 'F',
          said_then: null,
        },
      ],
      items: [
        {
          label: 'Coverage',
          place: 'IN1[2]',
          outcome: 'item',
          rules: [{ target: 'rank', label: 'Coverage: Rank', place: 'IN1-1', raw: '2', steps: [], result: '2' }],
        },
        { label: 'Coverage', place: 'IN1[3]', outcome: 'empty', rules: [] },
      ],
    });
    expect(sections?.map(({ title, lines }) => [title, lines.length])).toEqual([
      ['Patient', 2],
      ['Coverage, from IN1[2]', 1],
    ]);
    expect(sections?.[0]?.lines[1]).toMatchObject({
      raw: 'Female',
      steps: ['code: F', 'keep: nothing'],
      result: 'F',
      saidThen: 'nothing',
    });
  });
  it('is none where the mapping could not be gone through again', () => {
    expect(traceSections({ values: [1] })).toBeUndefined();
    expect(traceSections('x')).toBeUndefined();
  });
});
