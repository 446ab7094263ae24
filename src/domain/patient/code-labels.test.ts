import { describe, expect, it } from 'vitest';
import { codeLabel } from './code-labels.ts';
import { identifierScope } from './identifier-types.ts';

describe('labels of codes', () => {
  it('say what a code means, whatever the set', () => {
    expect(codeLabel('gender', 'F')).toBe('Female');
    expect(codeLabel('race', '2106-3')).toBe('White');
    expect(codeLabel('ethnicity', '2186-5')).toBe('Not Hispanic or Latino');
    expect(codeLabel('language', 'es')).toBe('Spanish');
    expect(codeLabel('marital_status', 'L')).toBe('Legally separated');
    expect(codeLabel('religion', 'CHR')).toBe('Christian');
    expect(codeLabel('relationship', 'SPO')).toBe('Spouse');
    expect(codeLabel('contact_role', 'C')).toBe('Emergency contact');
    expect(codeLabel('identifier_type', 'MR')).toBe('Medical record number');
    expect(codeLabel('country', 'US')).toBe('United States');
  });

  it('leave what they do not know as it is', () => {
    for (const set of ['gender', 'race', 'language', 'country', 'identifier_type'] as const) {
      expect(codeLabel(set, '!! unheard of')).toBe('!! unheard of');
    }
  });
});

describe('types of identifiers', () => {
  it('say what they are worth for identity', () => {
    expect(['MR', 'PI', 'PT'].map(identifierScope)).toEqual(['person', 'person', 'person']);
    expect(['AN', 'VN'].map(identifierScope)).toEqual(['episode', 'episode']);
    expect(identifierScope('SS')).toBe('national');
    expect([identifierScope('ZZZ'), identifierScope(undefined)]).toEqual(['other', 'other']);
  });
});
