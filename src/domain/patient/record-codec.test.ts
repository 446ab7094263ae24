import { describe, expect, it } from 'vitest';
import { PATIENT_FIELDS, PATIENT_LISTS, patientPathLabel } from './patient-fields.ts';
import { fieldSource, itemSource, type PatientRecord } from './patient-record.ts';
import { patientView } from './patient-view.ts';
import { decodePatientRecord, encodePatientRecord } from './record-codec.ts';

/** A record in which every field and every field of every list's items is filled. */
function fullRecord(): PatientRecord {
  const filled = (fields: object) => Object.fromEntries(Object.keys(fields).map((path) => [path, `value of ${path}`]));
  const lists = Object.fromEntries(
    Object.entries(PATIENT_LISTS).map(([name, list]) => [
      name,
      [filled(list.fields), { ...filled(list.fields), src: 1 }],
    ]),
  );
  return {
    fields: { ...filled(PATIENT_FIELDS), race: ['2106-3', '2028-9'], deceased: false },
    lists: lists,
    sources: [
      ['1', '2026-01-01T00:00:00.000Z', '7'],
      ['2', '2026-01-02T00:00:00.000Z', '8'],
    ],
    provenance: { email: 1 },
    heard: [{ systemId: '7', at: 1_767_225_600_000, paths: ['last_name', 'address.city', 'coverage'] }],
    merged: ['42'],
  };
}

describe('the stored form of a patient', () => {
  it('gives back every field of every kind', () => {
    const record = fullRecord();
    expect(decodePatientRecord(encodePatientRecord(record))).toEqual(record);
  });

  it('has a short key of its own for each field', () => {
    for (const fields of [PATIENT_FIELDS, ...Object.values(PATIENT_LISTS).map((list) => list.fields)]) {
      const keys = Object.values(fields).map(({ short }) => short);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('holds no names of fields', () => {
    const { sources } = fullRecord();
    const record: PatientRecord = { fields: { last_name: 'DOE' }, lists: {}, sources, provenance: {} };
    expect(encodePatientRecord(record)).toBe(
      '{"v":1,"f":{"nl":"DOE"},"s":[["1","2026-01-01T00:00:00.000Z","7"],["2","2026-01-02T00:00:00.000Z","8"]]}',
    );
  });

  it('refuses a version that it does not know', () => {
    expect(() => decodePatientRecord('{"v":99}')).toThrow('version 99');
  });
});

describe('a patient record', () => {
  it('tells where a value came from', () => {
    const record = fullRecord();
    expect(fieldSource(record, 'email')?.[0]).toBe('2');
    expect(fieldSource(record, 'last_name')?.[0]).toBe('1');
    expect(fieldSource({ ...record, fields: {} }, 'email')).toBeUndefined();
    expect(record.lists.coverage?.map((item) => itemSource(record, item)?.[2])).toEqual(['7', '8']);
  });

  it('is shown nested, without its sources', () => {
    const view = patientView({
      fields: { last_name: 'DOE', 'address.city': 'X', 'address.line1': '1 Main' },
      lists: { coverage: [{ plan_id: 'P', 'subscriber.address.city': 'Y', src: 1 }] },
      sources: [],
      provenance: {},
    });
    expect(view).toEqual({
      last_name: 'DOE',
      address: { city: 'X', line1: '1 Main' },
      coverage: [{ plan_id: 'P', subscriber: { address: { city: 'Y' } } }],
    });
  });

  it('has a label for every path that history names', () => {
    expect(patientPathLabel('address.city')).toBe('Address: city');
    expect(patientPathLabel('coverage')).toBe('Coverage');
    expect(patientPathLabel('coverage.member_id')).toBe('Coverage: Member ID');
    expect(patientPathLabel('nonsense.x')).toBe('nonsense.x');
  });
});
