import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PatientFieldPath } from '../../domain/patient/patient-fields.ts';
import type { PatientInput, PatientRecord } from '../../domain/patient/patient-record.ts';
import { applyPatientInput } from './apply-patient.ts';
import { hear, timelyInput } from './late-message.ts';

interface Said {
  readonly at: number;
  readonly fields: Readonly<Record<string, string | null>>;
}

function applyAll(messages: readonly Said[], systemId = '1'): { record: PatientRecord; late: number } {
  let record: PatientRecord | undefined;
  let late = 0;
  messages.forEach(({ at, fields }, index) => {
    const said = { from: at, to: at };
    const whole: PatientInput = { fields, lists: {} };
    const timely = timelyInput(record, whole, systemId, said);
    if (timely.late) late += 1;
    const source = { messageId: String(index), at: '', systemId };
    const applied = applyPatientInput(record, timely.input, source).record;
    const heard = hear(applied.heard, whole, systemId, said);
    record = heard === undefined ? applied : { ...applied, heard };
  });
  if (record === undefined) throw new Error('There is no message.');
  return { record, late };
}

describe('a message that comes late', () => {
  it('changes only what no newer one has spoken of', () => {
    const { record, late } = applyAll([
      { at: 1000, fields: { last_name: 'ASH', 'address.city': 'ALTON' } },
      { at: 3000, fields: { last_name: 'BEECH' } },
      { at: 2000, fields: { last_name: 'CEDAR', 'address.city': 'CAIRO', email: 'a@b.example' } },
    ]);
    expect(record.fields).toEqual({ last_name: 'BEECH', 'address.city': 'CAIRO', email: 'a@b.example' });
    expect(late).toBe(1);
  });

  it('brings nothing back that a newer one took away, nor undoes what a newer one said again', () => {
    expect(
      applyAll([
        { at: 1000, fields: { email: 'old@b.example', last_name: 'ASH' } },
        { at: 3000, fields: { email: null, last_name: 'ASH' } },
        { at: 2000, fields: { email: 'late@b.example', last_name: 'BEECH' } },
      ]).record.fields,
    ).toEqual({ last_name: 'ASH' });
  });

  it('is not one when its time cannot be told from that of the newer one', () => {
    expect(
      applyAll([
        { at: 2000, fields: { last_name: 'ASH' } },
        { at: 2000, fields: { last_name: 'BEECH' } },
      ]),
    ).toMatchObject({ record: { fields: { last_name: 'BEECH' } }, late: 0 });
  });

  it('whatever the order of arrival, each field ends as the newest message said', () => {
    const paths: readonly PatientFieldPath[] = ['last_name', 'first_name', 'email', 'address.city'];
    const messages = fc.uniqueArray(
      fc.record({
        at: fc.integer({ min: 1, max: 50 }),
        fields: fc.dictionary(fc.constantFrom(...paths), fc.option(fc.constantFrom('A', 'B', 'C')), {
          noNullPrototype: true,
        }),
      }),
      { minLength: 1, maxLength: 8, selector: ({ at }) => at },
    );
    fc.assert(
      fc.property(messages, (all) => {
        const inOrder = applyAll(all.toSorted((one, other) => one.at - other.at)).record.fields;
        expect(applyAll(all).record.fields).toEqual(inOrder);
      }),
    );
  });
});
