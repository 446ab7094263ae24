import type { Coverage, Person } from '../../people.ts';
import type { Patient } from '../model/entities.ts';
import type { RenderContext } from './context.ts';
import { escape, phoneInParts, plainDate, segment, upper } from './hl7-text.ts';
import { addressOf, addressWithCounty, nameOf } from './patient.ts';

type Version = RenderContext['version'];

/**
 * IN1 and, where asked, IN2. The 2.3 interface has the payer's phone one field later, and the insured two fields earlier,
 * than the standard says; the newer ones follow the standard.
 */
export function insurance(version: Version, patient: Patient, withMember: boolean): string[] {
  const { coverage } = patient.person;
  if (coverage === undefined) return [];
  const first = version === '2.3' ? in1Of23(patient.person, coverage) : in1(version, patient.person, coverage);
  return withMember ? [first, in2(patient.person, coverage)] : [first];
}

function in1Of23(person: Person, { plan, insured, ...coverage }: Coverage): string {
  const gap = (fields: number) => '|'.repeat(fields);
  return (
    `IN1|1|${plan.id}^${upper(plan.name)}|${plan.payerId}|${upper(plan.payerName)}|` +
    `${addressWithCounty(plan.payerAddress)}${gap(3)}${phoneInParts(plan.payerPhone)}|${coverage.groupNumber}|` +
    `${upper(plan.product)}${gap(4)}${upper(insured.name.given)} ${upper(insured.name.family)}|${insured.relation}|` +
    `${plainDate(insured.birthDate)}|${addressWithCounty(person.address)}|Y|CO|${coverage.memberId}${gap(15)}` +
    `${coverage.policyNumber}${gap(10)}`
  );
}

/** HL7 table 0063. */
const RELATIONS = { SELF: 'SEL^Self^HL70063', SPOUSE: 'SPO^Spouse^HL70063', PARENT: 'PAR^Parent^HL70063' } as const;

function in1(version: Version, person: Person, { plan, insured, ...coverage }: Coverage): string {
  const phone = `^WPN^PH^^1^${plan.payerPhone.slice(0, 3)}^${plan.payerPhone.slice(3)}`;
  return segment('IN1', {
    1: '1',
    2: `${plan.id}^${escape(plan.name)}^L`,
    3: `${plan.payerId}^^^NG^NIIP`,
    4: escape(plan.payerName),
    5: addressOf(plan.payerAddress, 'B'),
    7: phone,
    8: coverage.groupNumber,
    9: escape(plan.product),
    12: '20250101',
    15: version === '2.8' ? `${plan.id.slice(0, 2)}^^L` : plan.id.slice(0, 2),
    16: nameOf(insured.name),
    17: RELATIONS[insured.relation],
    18: plainDate(insured.birthDate),
    19: addressOf(person.address, 'H'),
    20: version === '2.8' ? 'Y^^HL70135' : 'Y',
    21: version === '2.8' ? 'CO^^HL70173' : 'CO',
    36: coverage.policyNumber,
    49: `${coverage.memberId}^^^${plan.payerId}^MI`,
  });
}

function in2(person: Person, { insured, memberId, plan }: Coverage): string {
  return segment('IN2', {
    2: insured.relation === 'SELF' ? person.ssn : '',
    7: plan.id === 'CW300' ? escape(nameOf(insured.name).replaceAll('^', ' ').trim()) : '',
    8: plan.id === 'CW300' ? memberId : '',
    61: `${memberId}^^^${plan.payerId}^MI`,
  });
}

/** Who pays what insurance does not: the patient, or of a child the parent. */
export function gt1(version: Version, patient: Patient): string {
  const { person } = patient;
  const { nextOfKin: kin } = person;
  const parent = kin?.relation === 'PAR' ? kin : undefined;
  const phone = parent?.phone ?? person.homePhone;
  const parted = phone === '' ? '' : `^PRN^PH^^1^${phone.slice(0, 3)}^${phone.slice(3)}`;
  return segment('GT1', {
    1: '1',
    2: `G${patient.mrn}^^^NG`,
    3: nameOf(parent?.name ?? person.name),
    5: version === '2.3' ? addressWithCounty(person.address) : addressOf(person.address, 'H'),
    6: version === '2.3' ? phoneInParts(phone) : parted,
    ...(parent === undefined ? { 8: plainDate(person.birthDate), 9: person.sex } : {}),
    10: version === '2.3' ? 'P' : 'P^Personal^L',
    11:
      version === '2.3' ? (parent === undefined ? 'SEL' : 'PAR') : RELATIONS[parent === undefined ? 'SELF' : 'PARENT'],
  });
}
