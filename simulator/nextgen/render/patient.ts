import { ETHNICITIES, RACES } from '../../invented/names.ts';
import type { Address, PersonName } from '../../people.ts';
import type { Patient, Provider } from '../model/entities.ts';
import { PARTIES, type RenderContext } from './context.ts';
import { components, escape, phoneInParts, plainDate, repeated, segment, upper } from './hl7-text.ts';

type Version = RenderContext['version'];

/** PID as the version's interface writes it. 2.3 has phones as one text; from 2.5.1 on they have parts. */
export function pid(version: Version, patient: Patient): string {
  const { person, visit } = patient;
  const { authority } = PARTIES[version];
  const common = {
    1: '1',
    5: nameOf(person.name),
    7: plainDate(person.birthDate),
    8: person.sex,
    15: person.language,
    16: person.maritalStatus,
  };
  if (version === '2.3') {
    const fields = {
      ...common,
      3: `${escape(patient.mrn)}^^^${authority}^MRN`,
      10: RACES[person.race] ?? '',
      11: addressWithCounty(person.address),
      12: upper(person.address.county),
      13: phoneInParts(person.homePhone),
      14: phoneInParts(person.mobilePhone),
      17: person.religion,
      18: account(version, visit.number),
      19: person.ssn,
      22: ETHNICITIES[person.ethnicity] ?? '',
    };
    // The old interface fills the segment up to PID-22 also where nothing stands.
    return segment('PID', fields) + '|'.repeat(22 - lastFilled(fields));
  }
  const phones = [
    person.homePhone && `^PRN^PH^^1^${person.homePhone.slice(0, 3)}^${person.homePhone.slice(3)}`,
    person.mobilePhone && `^PRN^CP^^1^${person.mobilePhone.slice(0, 3)}^${person.mobilePhone.slice(3)}`,
    person.email && `^NET^Internet^${escape(person.email)}`,
  ];
  return segment('PID', {
    ...common,
    3: `${escape(patient.mrn)}^^^${authority}^MRN~${patient.portalId}^^^NGPORTAL^PI`,
    10: codedOrEmpty(person.race, RACES[person.race]),
    11: addressOf(person.address, 'H'),
    13: repeated(phones),
    18: account(version, visit.number),
    ...(version === '2.8' ? {} : { 19: person.ssn }),
    22: codedOrEmpty(person.ethnicity, ETHNICITIES[person.ethnicity]),
  });
}

function lastFilled(fields: Readonly<Record<number, string>>): number {
  return Math.max(...Object.entries(fields).map(([number, value]) => (value === '' ? 0 : Number(number))));
}

function codedOrEmpty(code: string, text: string | undefined): string {
  return text === undefined ? '' : `${code}^${text}^CDCREC`;
}

export function nk1(version: Version, { person }: Patient): string[] {
  const { nextOfKin: kin } = person;
  if (kin === undefined) return [];
  if (version === '2.3') {
    return [`NK1|1|${nameOf(kin.name)}|${kin.relation}||${phoneInParts(kin.phone)}||EC${'|'.repeat(11)}`];
  }
  const phone = kin.phone === '' ? '' : `^PRN^CP^^1^${kin.phone.slice(0, 3)}^${kin.phone.slice(3)}`;
  const fields = {
    1: '1',
    2: nameOf(kin.name),
    3: `${kin.relation}^^HL70063`,
    5: phone,
    7: 'EC^Emergency contact^HL70131',
  };
  return [segment('NK1', fields)];
}

export function al1(version: Version, { allergies }: Patient): string[] {
  return allergies.map(({ kind, substance, severity, reaction }, at) =>
    segment('AL1', {
      1: String(at + 1),
      2: version === '2.3' ? kind : `${kind}^^HL70127`,
      3: components(substance.code, escape(substance.text), substance.system),
      4: version === '2.3' ? severity : `${severity}^^HL70128`,
      5: escape(reaction),
    }),
  );
}

/** The financial number of a visit. */
export function account(version: Version, number: string): string {
  const { authority } = PARTIES[version];
  return version === '2.3' ? `${escape(number)}^^^${authority}^FIN NBR` : `${escape(number)}^^^${authority}^AN`;
}

export function nameOf(name: PersonName): string {
  const suffix = name.suffix === '' ? '' : `^${upper(name.suffix)}`;
  return `${upper(name.family)}^${upper(name.given)}^${upper(name.middle)}${suffix}`;
}

export function addressWithCounty(address: Address): string {
  return `${lines(address)}^USA^^^${upper(address.county)}`;
}

export function addressOf(address: Address, kind: string): string {
  return `${lines(address)}^USA^${kind}^^${upper(address.county)}`;
}

function lines(address: Address): string {
  return [address.line1, address.line2, address.city, address.state, address.zip].map(upper).join('^');
}

/** XCN: NextGen's number of a provider, or where the receiver wants it the NPI. */
export function providerOf(
  version: Version,
  { id, npi, family, given, credential }: Provider,
  by: 'id' | 'npi' = 'id',
): string {
  const name = `${escape(family)}^${escape(given)}`;
  if (by === 'npi') return `${npi}^${name}^^^^${credential}^^NPI^^^^NPI`;
  // Both as the interface has it, not as the standard: the credential stands where a middle name belongs.
  if (version === '2.3') return `${id}^${name}^^^^^${PARTIES[version].authority}^^^^PROVID`;
  return `${id}^${name}^${credential}`;
}
