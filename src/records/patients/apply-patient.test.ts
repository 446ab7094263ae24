import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldSource, itemSource, type PatientInput, type PatientRecord } from '../../domain/patient/patient-record.ts';
import { decodePatientRecord, encodePatientRecord } from '../../domain/patient/record-codec.ts';
import { applyPatientInput } from './apply-patient.ts';

const at = (messageId: string, systemId = 'A') => ({
  messageId,
  at: `2026-01-01T00:00:${messageId.padStart(2, '0')}.000Z`,
  systemId,
});
const input = (fields: PatientInput['fields'], lists: PatientInput['lists'] = {}): PatientInput => ({ fields, lists });
const apply = (record: PatientRecord | undefined, said: PatientInput, messageId: string, systemId?: string) =>
  applyPatientInput(record, said, at(messageId, systemId));

const JOHN = input(
  { first_name: 'JOHN', last_name: 'DOE', date_of_birth: '1980-05-15', race: ['2106-3', '2028-9'] },
  { identifiers: [{ authority: 'NG', type: 'MR', value: '1' }] },
);

describe('what a message says about a patient', () => {
  it('makes a record of a new patient', () => {
    const { record, changes, changed } = apply(undefined, JOHN, '1');
    expect(changed).toBe(true);
    expect(record).toEqual({
      fields: JOHN.fields,
      lists: { identifiers: [{ authority: 'NG', type: 'MR', value: '1', system: 'A' }] },
      sources: [['1', '2026-01-01T00:00:01.000Z', 'A']],
      provenance: {},
    });
    expect(changes.map(({ path, old }) => [path, old])).toEqual([
      ['first_name', null],
      ['last_name', null],
      ['date_of_birth', null],
      ['race', null],
      ['identifiers', null],
    ]);
  });

  it('brings in lists of any length in a time that grows with them, not with their square', () => {
    const identifiers = (from: number) =>
      Array.from({ length: 20_000 }, (_, i) => ({ authority: 'NG', type: 'MR', value: String(from + i) }));
    const persons = (from: number) =>
      Array.from({ length: 20_000 }, (_, i) => ({ last_name: `DOE${from + i}`, relationship: 'SPO' }));
    const start = performance.now();
    const lists = (from: number) => ({ identifiers: identifiers(from), related_persons: persons(from) });
    const first = apply(undefined, input({}, lists(0)), '1').record;
    const second = apply(first, input({}, lists(10_000)), '2').record;
    expect(second.lists.identifiers).toHaveLength(30_000);
    expect(second.lists.related_persons).toHaveLength(20_000);
    expect(apply(second, input({}, lists(10_000)), '3').changed).toBe(false);
    // Some tenths of a second; it was more than half a minute.
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('does not make a birth date less exact than it is known', () => {
    const first = apply(undefined, JOHN, '1').record;
    for (const part of ['1980', '1980-05']) {
      const said = apply(first, input({ date_of_birth: part, first_name: 'JON' }), '2');
      expect(said.keptBirthDate).toBe(true);
      expect(said.record.fields).toMatchObject({ date_of_birth: '1980-05-15', first_name: 'JON' });
    }
    const other = apply(first, input({ date_of_birth: '1981' }), '2');
    expect([other.keptBirthDate, other.record.fields.date_of_birth]).toEqual([false, '1981']);
    const less = apply(undefined, input({ date_of_birth: '1980' }), '1').record;
    expect(apply(less, JOHN, '2').record.fields.date_of_birth).toBe('1980-05-15');
  });

  it('changes what it names, with old, new and source, and leaves the rest', () => {
    const first = apply(undefined, JOHN, '1').record;
    const { record, changes } = apply(first, input({ last_name: 'ROE', email: 'j@x.org' }), '2');
    expect(changes).toEqual([
      { path: 'last_name', old: 'DOE', new: 'ROE' },
      { path: 'email', old: null, new: 'j@x.org' },
    ]);
    expect(fieldSource(record, 'last_name')?.[0]).toBe('2');
    expect(fieldSource(record, 'first_name')?.[0]).toBe('1');
    expect(first.fields.last_name).toBe('DOE');
  });

  it('removes what it deletes, and deleting what is not there is no change', () => {
    const first = apply(undefined, JOHN, '1').record;
    const { record, changes } = apply(first, input({ race: null, email: null }), '2');
    expect(changes).toEqual([{ path: 'race', old: ['2106-3', '2028-9'], new: null }]);
    expect('race' in record.fields).toBe(false);
  });

  it('that is known already changes nothing, not even the source', () => {
    const first = apply(undefined, JOHN, '1').record;
    const again = apply(first, { ...JOHN, fields: { ...JOHN.fields, race: ['2028-9', '2106-3'] } }, '2');
    expect(again.changed).toBe(false);
    expect(again.record).toBe(first);
  });

  it('can be taken back field by field through the history', () => {
    const first = apply(undefined, JOHN, '1').record;
    const { record, changes } = apply(first, input({ last_name: 'ROE', race: null, email: 'j@x.org' }), '2');
    const undo = Object.fromEntries(changes.map(({ path, old }) => [path, old])) as PatientInput['fields'];
    expect(apply(record, input(undo), '3').record.fields).toEqual(first.fields);
  });
});

describe('identifiers', () => {
  const ids = (record: PatientRecord) =>
    record.lists.identifiers?.map(({ type, value, system }) => `${system} ${type} ${value}`);

  it('are added and never taken away by a message that does not have them', () => {
    const first = apply(undefined, JOHN, '1').record;
    const second = apply(
      first,
      input({}, { identifiers: [{ authority: 'LAB', type: 'PI', value: '9' }] }),
      '2',
      'B',
    ).record;
    expect(ids(second)).toEqual(['A MR 1', 'B PI 9']);
    expect(apply(second, input({}, { identifiers: [] }), '3').changed).toBe(false);
  });

  it('of an account take the place of the one before', () => {
    const account = (value: string) => input({}, { identifiers: [{ authority: 'NG', type: 'AN', value }] });
    const first = apply(apply(undefined, JOHN, '1').record, account('100'), '2').record;
    const { record, changes } = apply(first, account('200'), '3');
    expect(ids(record)).toEqual(['A MR 1', 'A AN 200']);
    expect(changes).toMatchObject([{ path: 'identifiers', old: [{ value: '100' }], new: [{ value: '200' }] }]);
  });
});

describe('coverage and related persons', () => {
  const blue = { rank: '1', plan_id: 'BLUE', payer_id: 'B', member_id: '7' };
  const gold = { rank: '2', plan_id: 'GOLD', payer_id: 'G', member_id: '8' };
  const covered = (...coverage: Record<string, string>[]) => input({}, { coverage });

  it('are replaced as a set by the same system; what stays keeps its source', () => {
    const first = apply(undefined, covered(blue, gold), '1').record;
    expect(apply(first, covered(gold, blue), '2').changed).toBe(false);
    const { record, changes } = apply(first, covered(gold, { ...blue, member_id: '70' }), '2');
    expect(changes).toEqual([{ path: 'coverage', old: [blue], new: [{ ...blue, member_id: '70' }] }]);
    expect(record.lists.coverage?.map((item) => itemSource(record, item)?.[0])).toEqual(['1', '2']);
    expect(apply(first, input({}), '2').changed).toBe(false);
  });

  it('can be said to be none', () => {
    const first = apply(undefined, covered(blue), '1').record;
    const { record, changes } = apply(first, covered(), '2');
    expect(changes).toEqual([{ path: 'coverage', old: [blue], new: null }]);
    expect(record.lists).toEqual({});
  });

  it('of another system stay, but the same thing is not kept twice', () => {
    const first = apply(undefined, covered(blue), '1', 'A').record;
    const second = apply(first, covered(gold), '2', 'B').record;
    expect(second.lists.coverage?.map(({ plan_id }) => plan_id)).toEqual(['GOLD', 'BLUE']);
    const third = apply(second, covered({ ...blue, rank: '2' }, gold), '3', 'B').record;
    expect(third.lists.coverage?.map(({ plan_id, rank }) => `${plan_id} ${rank}`)).toEqual(['BLUE 2', 'GOLD 2']);
  });
});

describe('the sources of a record', () => {
  it('stay few, with the one that most values came from first', () => {
    let { record } = apply(undefined, JOHN, '1');
    for (let i = 2; i < 50; i++)
      record = apply(record, input({ last_name: `N${i}`, first_name: `F${i}` }), String(i)).record;
    expect(record.sources.map(([id]) => id)).toEqual(['1', '49']);
    record = apply(record, input({ date_of_birth: '1981', race: ['UNK'] }), '50').record;
    expect(record.sources.map(([id]) => id).sort()).toEqual(['1', '49', '50']);
  });

  it('name, after any messages, for each value the last message that changed it', () => {
    const paths = ['first_name', 'last_name', 'email', 'phone_home', 'gender'] as const;
    const message = fc.record({
      fields: fc.dictionary(fc.constantFrom(...paths), fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null })),
      plans: fc.option(fc.uniqueArray(fc.constantFrom('P', 'Q', 'R'), { maxLength: 3 }), { nil: undefined }),
      system: fc.constantFrom('A', 'B'),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), (messages) => {
        let record: PatientRecord | undefined;
        const expected = new Map<string, { value: string; from: string }>();
        messages.forEach(({ fields, plans, system }, i) => {
          const lists = plans === undefined ? {} : { coverage: plans.map((plan_id) => ({ plan_id })) };
          const applied = apply(record, input(fields, lists), String(i), system);
          for (const [path, value] of Object.entries(fields)) {
            if (value === null) expected.delete(path);
            else if (expected.get(path)?.value !== value) expected.set(path, { value, from: String(i) });
          }
          record = decodePatientRecord(encodePatientRecord(applied.record));
        });
        for (const path of paths) {
          expect(record?.fields[path]).toBe(expected.get(path)?.value);
          if (record) expect(fieldSource(record, path)?.[0]).toBe(expected.get(path)?.from);
        }
        const plans = record?.lists.coverage?.map((item) => item.plan_id) ?? [];
        expect(new Set(plans).size).toBe(plans.length);
        for (const item of record?.lists.coverage ?? []) expect(record && itemSource(record, item)).toBeDefined();
      }),
      { numRuns: 200 },
    );
  });
});
