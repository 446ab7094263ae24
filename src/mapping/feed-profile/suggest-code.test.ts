import { describe, expect, it } from 'vitest';
import { suggestCode } from './suggest-code.ts';

const table = {
  key: 'ethnicity',
  title: 'Ethnicity',
  entries: {
    'HISPANIC OR LATINO': 'H',
    'NOT HISPANIC OR LATINO': 'N',
    'PUERTO RICAN': 'P',
    CAUCASIAN: 'W',
    WHITE: 'W',
    OTHER: 'O',
    DECLINED: 'D',
  },
};

describe('a suggestion for an unknown code', () => {
  it.each([
    ['Latino/Hispanic', undefined, 'H'],
    ['Not Hispanic/Latino', undefined, 'N'],
    ['CAUCASAIN', undefined, 'W'],
    ['CAUCASIEN', undefined, 'W'],
    ['E7', 'Puerto Rican', 'P'],
    ['E7', 'Puerto-Rican origin', 'P'],
    ['White (Caucasian)', undefined, 'W'],
  ])('%s (%s) is %s', (value, label, to) => {
    expect(suggestCode(table, value, label)?.to).toBe(to);
  });

  it.each([
    ['Non Hispanic', undefined],
    ['NOT LATINO', undefined],
    ['H', undefined],
    ['Martian', undefined],
    ['CAUCASIAN', 'Declined'],
    // Some other group than the one that the table calls OTHER.
    ['XQ', 'Other Pacific'],
    ['White Other', undefined],
  ])('%s (%s) is not guessed', (value, label) => {
    expect(suggestCode(table, value, label)).toBeUndefined();
  });
});
