import { describe, expect, it } from 'vitest';
import { checkKey, keyOf } from './key-of.ts';

describe('a key', () => {
  it('is proposed from a name', () => {
    expect(keyOf('Riverside Family Practice')).toBe('riverside-family-practice');
    expect(keyOf('  Zúñiga & Sons (live) ')).toBe('zuniga-sons-live');
    expect(keyOf('!!!')).toBe('');
    expect(checkKey(keyOf(`${'x'.repeat(59)} y`))).toBeNull();
  });
  it('is refused with capitals, spaces, double dashes or no characters', () => {
    for (const wrong of ['Abc', 'a b', 'a--b', '-a', '', 'x'.repeat(61)]) expect(checkKey(wrong)).not.toBeNull();
  });
});
