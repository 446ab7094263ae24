import { describe, expect, it } from 'vitest';
import { Hl7Error } from './hl7-error.ts';
import { compilePath, formatPath } from './path.ts';

describe('compilePath', () => {
  it('takes a path apart', () => {
    expect(compilePath('PID-3[2].4.1')).toMatchObject({
      segment: 'PID',
      occurrence: 1,
      field: 3,
      repetition: 2,
      component: 4,
      subcomponent: 1,
    });
    expect(compilePath('IN1[2]-4')).toMatchObject({ segment: 'IN1', occurrence: 2, field: 4, repetition: 1 });
    expect(compilePath('OBX-5').component).toBeUndefined();
  });

  it.each(['PID-5.1', 'PID-3[2].4.1', 'IN1[2]-4', 'OBX-5', 'ZPM-3.2', 'Z01[12]-1[3].1.9'])(
    'and formatPath puts %s together again',
    (text) => {
      expect(formatPath(compilePath(text))).toBe(text);
    },
  );

  it.each([
    ['', 'empty'],
    [' PID-5', 'blanks'],
    ['pid-5', 'capital'],
    ['PIDX-5', 'three'],
    ['PI-5', 'three'],
    ['PID', 'names no field'],
    ['PID.5', 'hyphen'],
    ['PID-', 'field number'],
    ['PID-x', 'field number'],
    ['PID-0', 'counts from 1'],
    ['PID-3[0]', 'counts from 1'],
    ['PID[x]-3', 'occurrence'],
    ['PID-3[x]', 'repetition'],
    ['PID-5-1', 'point'],
    ['PID-5.1.2.3', 'below a subcomponent'],
    ['PID-5.', 'each a number'],
    ['PID-5.a', 'each a number'],
  ])('refuses %j and says why: %s', (text, reason) => {
    expect(() => compilePath(text)).toThrow(Hl7Error);
    expect(() => compilePath(text)).toThrow(reason);
  });
});
