import { describe, expect, it } from 'vitest';
import { identifierKeys, isPlaceholderIdentifier } from './identifier-keys.ts';

describe('identifier keys', () => {
  it('are the same however authority and value are written', () => {
    const one = identifierKeys([{ authority: 'NextGen', type: 'MR', value: ' ab12 ' }]);
    expect(one).toEqual(identifierKeys([{ authority: 'NEXTGEN', type: 'MR', value: 'AB12' }]));
    expect(one).toEqual(['NEXTGEN|MR|AB12']);
  });

  it('differ by authority, type and punctuation', () => {
    const keys = identifierKeys([
      { authority: 'A', type: 'MR', value: '123' },
      { authority: 'B', type: 'MR', value: '123' },
      { authority: 'A', type: 'PI', value: '123' },
      { authority: 'A', type: 'MR', value: '12-3' },
      { authority: 'A', type: 'MR', value: '1-23' },
      { authority: 'A', type: 'MR', value: '123' },
    ]);
    expect(new Set(keys).size).toBe(5);
    expect(keys).toHaveLength(5);
  });

  it('are not made of numbers that do not say who is meant', () => {
    const keys = identifierKeys(
      ['AN', 'VN', 'SS', 'DL', 'U', 'ZZ'].map((type) => ({ authority: 'A', type, value: '1234567' })),
    );
    expect(keys).toEqual([]);
    expect(identifierKeys([{ authority: 'A', value: '5' }])).toEqual([]);
  });

  it('are not made of placeholders', () => {
    for (const value of ['', ' ', '0', '00000', '999999999', 'unknown', 'N/A', 'none', 'XXXXX', '---']) {
      expect(isPlaceholderIdentifier(value), value).toBe(true);
      expect(identifierKeys([{ authority: 'A', type: 'MR', value }])).toEqual([]);
    }
    for (const value of ['9999', '11111', '10', 'A0']) expect(isPlaceholderIdentifier(value), value).toBe(false);
  });

  it('keep identifiers without an authority within their system', () => {
    const bare = [{ type: 'MR', value: '1' }];
    expect(identifierKeys(bare, '7')).not.toEqual(identifierKeys(bare, '8'));
    expect(identifierKeys([{ type: 'MR', value: '1', system: '7' }])).toEqual(identifierKeys(bare, '7'));
  });
});
