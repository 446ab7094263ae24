import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffFields, diffLines } from './diff.ts';

const sideOf = (before: string, after: string, gone: 'removed' | 'added') =>
  diffLines(before, after)
    .filter((line) => line.kind !== gone)
    .map((line) => (line.kind === 'same' ? line.text : line.parts.map((part) => part.text).join('')))
    .join('\n');

describe('the difference of two messages', () => {
  it('shows a changed segment before and after, the changed fields marked', () => {
    expect(diffLines('MSH|1\nPID|a|19851345|x\nPV1', 'MSH|1\nPID|a|19851305|x\nPV1')).toEqual([
      { kind: 'same', text: 'MSH|1' },
      {
        kind: 'removed',
        parts: [
          { text: 'PID|a|', changed: false },
          { text: '19851345|', changed: true },
          { text: 'x', changed: false },
        ],
      },
      {
        kind: 'added',
        parts: [
          { text: 'PID|a|', changed: false },
          { text: '19851305|', changed: true },
          { text: 'x', changed: false },
        ],
      },
      { kind: 'same', text: 'PV1' },
    ]);
  });
  it('shows an added and a removed segment alone', () => {
    expect(diffLines('A\nC', 'A\nB\nC').map((line) => line.kind)).toEqual(['same', 'added', 'same']);
    expect(diffLines('A\nB\nC', 'A\nC').map((line) => line.kind)).toEqual(['same', 'removed', 'same']);
    expect(diffLines('A', 'A')).toEqual([{ kind: 'same', text: 'A' }]);
  });
  it('always tells both texts whole', () => {
    const lines = fc.array(fc.constantFrom('MSH|1', 'PID|a', 'PID|b', 'PV1', ''), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lines, lines, (left, right) => {
        const [before, after] = [left.join('\n'), right.join('\n')];
        expect(sideOf(before, after, 'added')).toBe(before);
        expect(sideOf(before, after, 'removed')).toBe(after);
      }),
    );
  });
  it('marks a field that only one side has', () => {
    expect(diffFields('PID|a', 'PID|a|b')[1]).toEqual([
      { text: 'PID|a|', changed: false },
      { text: 'b', changed: true },
    ]);
  });
});
