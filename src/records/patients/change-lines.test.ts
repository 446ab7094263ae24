import { describe, expect, it } from 'vitest';
import { changeLines } from './change-lines.ts';

describe('a change of a patient in words', () => {
  it('tells codes with what they mean', () => {
    expect(changeLines({ path: 'marital_status', old: 'S', new: 'M' })).toEqual([
      { label: 'Marital status', old: 'Never married (S)', new: 'Married (M)' },
    ]);
    expect(changeLines({ path: 'race', old: null, new: ['2106-3', '2028-9'] })).toEqual([
      { label: 'Race', old: null, new: 'White (2106-3); Asian (2028-9)' },
    ]);
    expect(changeLines({ path: 'gender', old: 'F', new: 'Q' })).toEqual([
      { label: 'Gender', old: 'Female (F)', new: 'Q' },
    ]);
    expect(changeLines({ path: 'deceased', old: false, new: true })).toEqual([
      { label: 'Deceased', old: 'no', new: 'yes' },
    ]);
  });

  it('tells of a list only what differs, with the item it is in when there are several', () => {
    const old = [{ rank: '1', payer_name: 'ACME', 'subscriber.address.line1': '1 ELM', src: 0 }];
    expect(
      changeLines({ path: 'coverage', old, new: [{ ...old[0], 'subscriber.address.line1': '2 OAK', src: 3 }] }),
    ).toEqual([{ label: 'Coverage, subscriber address: line 1', old: '1 ELM', new: '2 OAK' }]);
    expect(changeLines({ path: 'coverage', old, new: [...old, { rank: '2', plan_id: 'B7' }] })).toEqual([
      { label: 'Coverage 2, rank', old: null, new: '2' },
      { label: 'Coverage 2, plan ID', old: null, new: 'B7' },
    ]);
    expect(
      changeLines({ path: 'related_persons', old: [{ first_name: 'ANN', relationship: 'SPO' }], new: null }),
    ).toEqual([
      { label: 'Related person, first name', old: 'ANN', new: null },
      { label: 'Related person, relationship', old: 'Spouse (SPO)', new: null },
    ]);
  });

  it('names an identifier by its kind and authority, and never the internal id of a system', () => {
    const mrn = { type: 'MR', authority: 'NEXTGEN', value: '10', system: '3830151' };
    const account = { type: 'AN', authority: 'NEXTGEN', value: '77', system: '3830151' };
    const lines = changeLines({ path: 'identifiers', old: [mrn, account], new: [{ ...account, value: '78' }, mrn] });
    expect(lines).toEqual([{ label: 'Account number (NEXTGEN)', old: '77', new: '78' }]);
    expect(changeLines({ path: 'identifiers', old: null, new: [mrn, { value: 'X1' }] })).toEqual([
      { label: 'Medical record number (NEXTGEN)', old: null, new: '10' },
      { label: 'Identifier', old: null, new: 'X1' },
    ]);
  });
});
