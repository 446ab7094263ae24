import { expect, it } from 'vitest';
import { patientDetail, patientItem } from './patient-views.ts';

const row = {
  id: '7',
  environment_id: '1',
  version: 1,
  record: Buffer.alloc(0),
  updated_at: new Date(0),
};
const numbers = Array.from({ length: 3_000 }, (_, i) => ({ type: 'AN', authority: 'NG', value: `A${i}` }));
const record = {
  fields: { last_name: 'Many' },
  lists: { identifiers: [...numbers, { type: 'MR', authority: 'NG', value: 'M1' }] },
  sources: [],
  provenance: {},
};

it('shows five identifiers of a patient in a list, who he is first, and how many there are', () => {
  const item = patientItem(row, record);
  expect(item.identifiers.map(({ value }) => value)).toEqual(['M1', 'A0', 'A1', 'A2', 'A3']);
  expect(item.identifier_count).toBe(3_001);
});

it('shows the first two hundred of one patient, and says of which list there are more', () => {
  const detail = patientDetail(row, record, { systems: new Map(), listeners: new Map() });
  expect(detail.identifiers).toHaveLength(200);
  expect(detail.record['identifiers']).toHaveLength(200);
  expect(detail.fields.filter(({ path }) => path.startsWith('identifiers'))).toHaveLength(200);
  expect(detail.more).toEqual([{ group: 'Identifiers', count: 2_801 }]);
});
