import { describe, expect, it } from 'vitest';
import { checkResource } from '../../formats/fhir/check-structure.ts';
import type { FhirResource } from '../../formats/fhir/fhir-types.ts';
import { parseMessage } from '../../formats/hl7v2/message.ts';
import type { ToFhirResult } from '../../mapping/to-fhir/convert.ts';
import type { ToFhirOptions } from '../../mapping/to-fhir/run.ts';
import { hl7ToFhir } from './hl7-to-fhir.ts';

const MSH = (type: string): string => String.raw`MSH|^~\&|LAB|HOSP|PS|SRV|20260301120000-0600||${type}|1|P|2.5.1`;
const PID = 'PID|1||7^^^NG^MR||Doe^Jane||1970|F';

function convert(segments: readonly string[], options?: ToFhirOptions): ToFhirResult {
  const result = hl7ToFhir().convert(parseMessage(Buffer.from(segments.join('\r'))), options);
  for (const { resource } of result.resources) expect(checkResource(resource)).toEqual([]);
  return result;
}

function all(result: ToFhirResult, type: string): FhirResource[] {
  return result.resources.map(({ resource }) => resource).filter(({ resourceType }) => resourceType === type);
}

function one(result: ToFhirResult, type: string): FhirResource {
  const [resource] = all(result, type);
  if (resource === undefined) throw new Error(`There is no ${type}.`);
  return resource;
}

function keysOf(result: ToFhirResult, type: string): string[] {
  return result.resources
    .filter(({ resource }) => resource.resourceType === type)
    .map(({ key }) => `${key.scope} ${key.text}`);
}

const ORC = 'ORC|RE|P1^NG|F1^LAB';
const OBR = (status: string, rest = ''): string =>
  `OBR|1|P1^NG|F1^LAB|24323-8^CMP^LN|||20260301080000-0600|||||||||||||||20260301110000-0600||LAB|${status}${rest}`;

describe('patients', () => {
  it('keep the precision of dates, identifiers with their authority, and US Core race, ethnicity and language', () => {
    const pid =
      'PID|1||7^^^NG&1.2.3&ISO^MR||Doe^Jane^^JR||1970|F||White~2028-9|||||SPA|M||||||2135-2^Hispanic^CDCREC|||||||||';
    const patient = one(convert([MSH('ADT^A04'), pid]), 'Patient');
    expect(patient).toMatchObject({
      identifier: [{ system: 'urn:oid:1.2.3', value: '7', type: { coding: [{ code: 'MR' }] } }],
      birthDate: '1970',
      gender: 'female',
      communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'es' }, { code: 'SPA' }] } }],
      maritalStatus: { coding: [{ code: 'M' }] },
    });
    const [race, ethnicity] = patient['extension'] as {
      extension: { url: string; valueCoding?: { code: string } }[];
    }[];
    expect(race?.extension.map(({ url, valueCoding }) => valueCoding?.code ?? url)).toEqual([
      '2106-3',
      '2028-9',
      'text',
    ]);
    expect(ethnicity?.extension[0]?.valueCoding?.code).toBe('2135-2');
  });

  it('have a birth sex when the sender told it as such, not from the administrative sex', () => {
    const obx = 'OBX|1|CE|76689-9^Sex assigned at birth^LN||F^Female||||||F';
    const url = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex';
    expect(one(convert([MSH('ADT^A04'), PID]), 'Patient')['extension']).toBeUndefined();
    expect(one(convert([MSH('ADT^A04'), PID, obx]), 'Patient')['extension']).toEqual([{ url, valueCode: 'F' }]);
  });

  it('are linked on both sides when they are merged', () => {
    const result = convert([MSH('ADT^A40'), PID, 'MRG|8^^^NG^MR']);
    const [kept, replaced] = result.resources.filter(({ resource }) => resource.resourceType === 'Patient');
    expect(kept?.resource['link']).toEqual([{ other: { reference: replaced?.url }, type: 'replaces' }]);
    expect(replaced).toMatchObject({ role: 'replaced', resource: { active: false, link: [{ type: 'replaced-by' }] } });
    expect(keysOf(result, 'Patient')).toEqual(['sender Patient|NG|7', 'sender Patient|NG|8']);
  });
});

describe('results', () => {
  const obx = (status: string, value = '4.10'): string =>
    `OBX|1|NM|2345-7^Glucose^LN|1|${value}|mg/dL^^UCUM|70-99|H|||${status}`;

  it('keep codes, units, the digits of a number, interpretation and range', () => {
    const result = convert([MSH('ORU^R01'), PID, ORC, OBR('F'), obx('F'), 'NTE|1||first line~second line']);
    expect(one(result, 'Observation')).toMatchObject({
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '2345-7' }] },
      valueQuantity: {
        value: 4.1,
        _value: { extension: [{ valueInteger: 2 }] },
        system: 'http://unitsofmeasure.org',
        code: 'mg/dL',
      },
      interpretation: [{ coding: [{ code: 'H' }] }],
      referenceRange: [{ text: '70-99' }],
      effectiveDateTime: '2026-03-01T08:00:00-06:00',
      note: [{ text: 'first line\nsecond line' }],
    });
    const report = result.resources.find(({ resource }) => resource.resourceType === 'DiagnosticReport');
    expect(report?.resource).toMatchObject({ status: 'final', issued: '2026-03-01T11:00:00-06:00' });
    expect(report?.resource['result']).toHaveLength(1);
  });

  it('have the same key when they are corrected or cancelled, so that the later replaces the earlier', () => {
    const first = convert([MSH('ORU^R01'), PID, ORC, OBR('P'), obx('P')]);
    const corrected = convert([MSH('ORU^R01'), PID, ORC, OBR('C'), obx('C', '5.2')]);
    const cancelled = convert([MSH('ORU^R01'), PID, ORC, OBR('X'), obx('X', '')]);
    for (const type of ['DiagnosticReport', 'Observation', 'ServiceRequest']) {
      expect(keysOf(corrected, type)).toEqual(keysOf(first, type));
      expect(keysOf(cancelled, type)).toEqual(keysOf(first, type));
    }
    expect(keysOf(first, 'DiagnosticReport')).toEqual(['sender DiagnosticReport|filler|F1|LAB|24323-8']);
    expect([corrected, cancelled].map((result) => one(result, 'Observation')['status'])).toEqual([
      'corrected',
      'cancelled',
    ]);
    expect([corrected, cancelled].map((result) => one(result, 'DiagnosticReport')['status'])).toEqual([
      'corrected',
      'cancelled',
    ]);
  });

  it('with the same code and no sub-id stay apart', () => {
    const line = (text: string): string => `OBX|1|TX|18842-5^Report^LN||${text}||||||F`;
    const result = convert([MSH('ORU^R01'), PID, OBR('F'), line('one'), line('two')]);
    const [a, b] = keysOf(result, 'Observation');
    expect(b).toBe(`${a}#2`);
  });

  it.each([
    ['NM', '<0.5', { valueQuantity: { comparator: '<', value: 0.5 } }],
    ['NM', 'negative', { valueString: 'negative mg/dL' }],
    ['SN', '>^100', { valueQuantity: { comparator: '>', value: 100 } }],
    ['SN', '^1^:^128', { valueRatio: { numerator: { value: 1 }, denominator: { value: 128 } } }],
    ['SN', '^2^-^5', { valueRange: { low: { value: 2 }, high: { value: 5 } } }],
    ['CWE', '260385009^Negative^SCT', { valueCodeableConcept: { coding: [{ system: 'http://snomed.info/sct' }] } }],
    ['DT', '202601', { valueDateTime: '2026-01' }],
    ['TM', '0830', { valueTime: '08:30:00' }],
    ['TX', 'line 1~line 2', { valueString: 'line 1\nline 2' }],
  ])('of type %s: %s', (type, value, expected) => {
    const result = convert([MSH('ORU^R01'), PID, OBR('F'), `OBX|1|${type}|1^x^L||${value}|mg/dL^^UCUM|||||F`]);
    expect(one(result, 'Observation')).toMatchObject(expected);
  });

  it('of microbiology hang on the organism that they were tested on', () => {
    const result = convert([
      MSH('ORU^R01'),
      PID,
      'OBR|1|P1|F1|600-7^Blood culture^LN|||20260301|||||||||||||||||MB|F',
      'OBX|1|CWE|600-7^Bacteria^LN|1|112283007^E. coli^SCT||||||F',
      'OBR|2|P1|F2|29576-6^Susceptibility^LN|||20260301|||||||||||||||||MB|F|600-7&Bacteria&LN^1|||P1^F1',
      'OBX|1|SN|20629-2^Levofloxacin^LN|1|<=^0.5||||||F',
    ]);
    const [organism, susceptibility] = result.resources.filter(
      ({ resource }) => resource.resourceType === 'Observation',
    );
    expect(organism?.resource['hasMember']).toEqual([{ reference: susceptibility?.url }]);
    expect(susceptibility?.resource['derivedFrom']).toEqual([{ reference: organism?.url }]);
  });

  it('bring embedded documents as documents that they are derived from', () => {
    const result = convert([
      MSH('ORU^R01'),
      PID,
      ORC,
      OBR('F'),
      'OBX|1|ED|PDF^Report^L|1|^application^pdf^Base64^SGVsbG8=||||||F',
    ]);
    const document = result.resources.find(({ resource }) => resource.resourceType === 'DocumentReference');
    expect(document?.resource).toMatchObject({
      docStatus: 'final',
      content: [{ attachment: { contentType: 'application/pdf', data: 'SGVsbG8=' } }],
    });
    expect(one(result, 'Observation')['derivedFrom']).toEqual([{ reference: document?.url }]);
    expect(document?.key.scope).toBe('sender');
  });

  it('list local codes as unmapped, and take what the practice made of them', () => {
    const message = [MSH('ORU^R01'), PID, OBR('F'), 'OBX|1|ST|GLU^Glucose^99LAB||x||||||F'];
    expect(convert(message).unmappedCodes).toEqual([
      { place: 'OBX-3', code: 'GLU', system: '99LAB', display: 'Glucose' },
    ]);
    const translate = (): { system: string; code: string } => ({ system: 'http://loinc.org', code: '2345-7' });
    const result = convert(message, { translate });
    expect(one(result, 'Observation')['code']).toMatchObject({ coding: [{ code: '2345-7' }, { code: 'GLU' }] });
    expect(result.unmappedCodes).toEqual([]);
  });
});

describe('times', () => {
  const visit = (time: string): string => `PV1|1|O${'|'.repeat(42)}${time}`;
  const start = (time: string, timeZone?: string): unknown => {
    const header = MSH('ADT^A04').replace('-0600', '');
    const result = convert([header, PID, visit(time)], timeZone === undefined ? {} : { timeZone });
    return (one(result, 'Encounter')['period'] as { start?: string } | undefined)?.start;
  };

  it('keep their offset, else have that of the sender, else count as UTC with a warning', () => {
    expect(start('202607041230+0200')).toBe('2026-07-04T12:30:00+02:00');
    expect(start('202607041230', 'America/Chicago')).toBe('2026-07-04T12:30:00-05:00');
    expect(start('202601041230.5', 'America/Chicago')).toBe('2026-01-04T12:30:00.5-06:00');
    expect(start('202607041230')).toBe('2026-07-04T12:30:00Z');
  });

  it('that do not exist or exist twice are not guessed', () => {
    expect(start('202603080230', 'America/Chicago')).toBe('2026-03-08');
    expect(start('202611010130', 'America/Chicago')).toBe('2026-11-01');
    expect(start('202602300101', 'America/Chicago')).toBeUndefined();
  });
});

describe('other messages', () => {
  it('appointments are cancelled or not kept by their event', () => {
    const sch = 'SCH|A1^NG|B2^NG|||||||30|MIN|^^^20260301090000-0600';
    const status = (event: string): unknown => one(convert([MSH(`SIU^${event}`), sch, PID]), 'Appointment')['status'];
    expect(['S12', 'S14', 'S15', 'S17', 'S26'].map(status)).toEqual([
      'booked',
      'booked',
      'cancelled',
      'entered-in-error',
      'noshow',
    ]);
    const result = convert([MSH('SIU^S12'), sch, PID]);
    expect(one(result, 'Appointment')).toMatchObject({
      end: '2026-03-01T09:30:00-06:00',
      participant: [{ actor: { reference: result.patient?.url }, status: 'accepted' }],
    });
    expect(keysOf(result, 'Appointment')).toEqual(['sender Appointment|filler|B2|NG']);
  });

  it('documents have the lines of all OBX as their text, and their unique number as key', () => {
    const txa = 'TXA|1|CN|TX|20260301090000-0600||||||||D1^NG|||||AU';
    const result = convert([MSH('MDM^T02'), PID, txa, 'OBX|1|TX|x||Dear colleague,', 'OBX|2|TX|x||all is well.']);
    const [content] = one(result, 'DocumentReference')['content'] as { attachment: { data: string } }[];
    expect(Buffer.from(content?.attachment.data ?? '', 'base64').toString()).toBe('Dear colleague,\nall is well.\n');
    expect(keysOf(result, 'DocumentReference')).toEqual(['sender DocumentReference|D1|NG']);
  });

  it('immunizations have vaccine, dose, lot and their order as key; deleted ones are in error', () => {
    const rxa = (action: string): string =>
      `RXA|0|1|20260301||08^Hep B^CVX|0.5|mL^^UCUM||00||||||LOT1|20270101|MSD^Merck^MVX|||CP|${action}`;
    const result = convert([MSH('VXU^V04'), PID, 'ORC|RE||V1^NG', rxa('A'), 'RXR|IM']);
    expect(one(result, 'Immunization')).toMatchObject({
      status: 'completed',
      vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '08' }] },
      lotNumber: 'LOT1',
      primarySource: true,
      route: { coding: [{ code: 'IM' }] },
    });
    expect(keysOf(result, 'Immunization')).toEqual(['sender Immunization|filler|V1|NG|08']);
    expect(one(convert([MSH('VXU^V04'), PID, 'ORC|RE||V1^NG', rxa('D')]), 'Immunization')['status']).toBe(
      'entered-in-error',
    );
  });

  it('orders, charges and coverage are made with what FHIR has for them', () => {
    const order = convert([
      MSH('ORM^O01'),
      PID,
      'ORC|NW|P9^NG',
      'OBR|1|P9^NG||24323-8^CMP^LN',
      'DG1|1||E11.9^Diabetes^I10C',
    ]);
    expect(one(order, 'ServiceRequest')).toMatchObject({ status: 'active', intent: 'order' });
    expect(one(order, 'ServiceRequest')['reasonReference']).toHaveLength(1);
    const charge = convert([MSH('DFT^P03'), PID, 'FT1|1|T1||20260301|20260301|CG|99213^Visit^CPT|||2|||150.00']);
    expect(one(charge, 'ChargeItem')).toMatchObject({ status: 'billable', quantity: { value: 2 } });
    const insured = convert([MSH('ADT^A04'), PID, 'IN1|1|BC1^PPO|BLUE|BLUE CROSS||||GRP|||||||||SEL']);
    expect(one(insured, 'Coverage')).toMatchObject({ status: 'active', class: [{ value: 'GRP' }, { value: 'BC1' }] });
  });

  it('without a patient leave out what cannot be filed, with a warning', () => {
    const result = convert([MSH('ADT^A04'), 'AL1|1|DA|X^Penicillin']);
    expect(all(result, 'AllergyIntolerance')).toEqual([]);
    expect(result.warnings).toMatchObject([{ code: 'to-fhir.no-patient', place: 'AL1' }]);
  });

  it('of other types are not converted', () => {
    expect(convert([MSH('MFN^M02')])).toMatchObject({ table: undefined, resources: [], subjects: [] });
  });
});
