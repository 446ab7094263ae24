import { describe, expect, it } from 'vitest';
import { matchesWords } from './frame/matches-words.ts';
import { initialsOf } from './frame/initials.ts';
import { safeNext } from './places/access/safe-next.ts';
import { tracerSearch } from './search-params.ts';
import { readSearch, writeSearch } from './search-text.ts';

describe('the search part of an address', () => {
  it('keeps ids of 19 digits exactly, both ways', () => {
    const text = '?system=7000000000000000001&env=test';
    expect(readSearch(text)).toEqual({ system: '7000000000000000001', env: 'test' });
    expect(writeSearch(readSearch(text))).toBe(text);
    expect(writeSearch({ a: undefined, b: '' })).toBe('');
  });
  it('drops a part that is not understood instead of failing the page', () => {
    expect(tracerSearch.parse({ system: 'x', range: '1h', from: 'yesterday', state: 'failed' })).toMatchObject({
      system: undefined,
      range: '1h',
      from: undefined,
      state: 'failed',
    });
  });
});

describe('the page after sign-in', () => {
  it('is of this console, never of another site', () => {
    expect(safeNext('/patients?env=test')).toBe('/patients?env=test');
    for (const wrong of [
      undefined,
      '',
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      '/sign-in?next=/',
    ]) {
      expect(safeNext(wrong)).toBe('/');
    }
  });
});

describe('search everywhere', () => {
  it('fits when each typed word begins one of the entry’s', () => {
    expect(matchesWords('err man', 'Error management')).toBe(true);
    expect(matchesWords('hl7', 'Settings › Integrations › HL7')).toBe(true);
    expect(matchesWords('management x', 'Error management')).toBe(false);
  });
});

describe('the initials of a name', () => {
  it('are of the first and last word', () => {
    expect(initialsOf('Ada Byron')).toBe('AB');
    expect(initialsOf('maria del carmen')).toBe('MC');
    expect(initialsOf('root')).toBe('R');
    expect(initialsOf('')).toBe('?');
  });
});
