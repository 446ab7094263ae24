import { describe, expect, it } from 'vitest';
import type { MappingReviewView } from '../../../src/contract/feed-analysis.ts';
import { accept, certainCodes, changesIn, draftInput, EMPTY_DRAFT, problemsIn, setCode } from './draft.ts';

const code = { count: 3, evidence: '', masked: false };
const review = {
  key: 'nextgen.patient',
  version: 1,
  proposals: [
    { id: 'position sliding_fee', kind: 'position', name: 'sliding_fee', target: 'sliding_fee_class', path: 'ZFS-2.1' },
    { id: 'source email', kind: 'source', name: '', target: 'email', path: 'ZPI-4' },
  ],
  codes: [
    {
      table: 'race',
      codes: [
        { ...code, value: 'W1', to: '', proposed: '2106-3', confidence: 0.98 },
        { ...code, value: 'XX', to: '', proposed: '', confidence: 0 },
        { ...code, value: 'A9', to: '', proposed: '2028-9', confidence: 0.9, masked: true },
      ],
    },
  ],
} as unknown as MappingReviewView;

describe('the draft of a mapping', () => {
  it('becomes positions, sources behind those there are, and own ones before them', () => {
    let draft = accept(EMPTY_DRAFT, { id: 'position sliding_fee', path: 'ZFS-3' }, true);
    draft = accept(draft, { id: 'source email', path: 'ZPI-4' }, true);
    draft = { ...draft, own: [{ target: 'financial_class', path: 'ZFS-5' }] };
    draft = setCode(draft, 'race', 'W1', '2106-3');
    expect(changesIn(draft)).toBe(4);
    expect(draftInput(draft, review)).toEqual({
      base: { key: 'nextgen.patient', version: 1 },
      positions: { sliding_fee: 'ZFS-3' },
      sources: [
        { target: 'email', path: 'ZPI-4', first: false },
        { target: 'financial_class', path: 'ZFS-5', first: true },
      ],
      codes: { race: { W1: '2106-3' } },
    });
  });
  it('forgets what is taken back', () => {
    const draft = setCode(accept(EMPTY_DRAFT, { id: 'source email', path: 'ZPI-4' }, true), 'race', 'W1', '2106-3');
    const back = setCode(accept(draft, { id: 'source email', path: 'ZPI-4' }, false), 'race', 'W1', '');
    expect(back).toEqual(EMPTY_DRAFT);
  });
  it('says which places are none', () => {
    const draft = { ...EMPTY_DRAFT, own: [{ target: 'email', path: 'ZPI' }] };
    expect(problemsIn(draft)).toHaveLength(1);
  });
  it('takes certain codes that are shown, and no others', () => {
    expect(certainCodes(review)).toEqual([{ table: 'race', code: 'W1', to: '2106-3' }]);
  });
});
