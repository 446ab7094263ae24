import type { SegmentMap, ToFhirRule } from '../../../mapping/to-fhir/to-fhir-format.ts';
import { V3, concept, extension } from '../rule-builders.ts';

const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-';

const PID: readonly ToFhirRule[] = [
  { to: 'identifier', from: 'PID-3', as: 'CX[Identifier]' },
  { to: 'identifier', from: 'PID-2', as: 'CX[Identifier]' },
  { to: 'identifier', from: 'PID-4', as: 'CX[Identifier]' },
  { to: 'identifier', from: 'PID-19', as: 'ST[Identifier-SSN]' },
  { to: 'identifier', from: 'PID-20', as: 'DLN[Identifier]' },
  { to: 'name', from: 'PID-5', as: 'XPN[HumanName]' },
  { to: 'name', from: 'PID-5', as: 'XPN[nickname]' },
  { to: 'name', from: 'PID-9', as: 'XPN[HumanName]' },
  { to: 'gender', from: 'PID-8', codes: 'AdministrativeSex' },
  { to: 'birthDate', from: 'PID-7' },
  extension('patient-birthTime', 'valueDateTime', { from: 'PID-7', if: 'PID-7 longer 8' }, '_birthDate.extension'),
  { to: 'address', from: 'PID-11', as: 'XAD[Address]' },
  { to: 'address.district', from: 'PID-12', if: 'PID-11 not repeats' },
  { to: 'telecom', from: 'PID-13', as: 'XTN[ContactPoint-home]' },
  { to: 'telecom', from: 'PID-14', as: 'XTN[ContactPoint-work]' },
  { to: 'telecom', from: 'PID-40', as: 'XTN[ContactPoint]' },
  { to: 'communication', from: 'PID-15', make: [{ to: 'language', from: '.', codes: 'PrimaryLanguage' }] },
  { to: 'maritalStatus', from: 'PID-16', codes: 'MaritalStatus' },
  { to: 'multipleBirthInteger', from: 'PID-25' },
  { to: 'multipleBirthBoolean', from: 'PID-24', if: 'PID-25 not valued' },
  { to: 'deceasedDateTime', from: 'PID-29' },
  { to: 'deceasedBoolean', from: 'PID-30', if: 'PID-29 not valued' },
  { to: 'extension', from: 'PID-10', as: 'US-Core[race]', codes: 'Race[us-core-race]' },
  { to: 'extension', from: 'PID-22', as: 'US-Core[ethnicity]', codes: 'Ethnicity[us-core-ethnicity]' },
  extension('patient-mothersMaidenName', 'valueString', { from: 'PID-6.1' }),
  extension('patient-religion', 'valueCodeableConcept', { from: 'PID-17', codes: 'Religion' }),
  {
    to: 'extension',
    from: 'PID-23',
    make: [
      { to: 'url', value: 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace' },
      { to: 'valueAddress.text', from: '.', as: 'text' },
    ],
  },
  ...['PID-26', 'PID-39'].map((from) => nested('patient-citizenship', 'code', from)),
  nested('patient-nationality', 'code', 'PID-28'),
];

function nested(name: string, part: string, from: string): ToFhirRule {
  return {
    to: 'extension',
    from,
    make: [
      { to: 'url', value: `http://hl7.org/fhir/StructureDefinition/${name}` },
      {
        to: 'extension',
        make: [
          { to: 'url', value: part },
          { to: 'valueCodeableConcept', from: '.' },
        ],
      },
    ],
  };
}

const NK1_CONTACT: readonly ToFhirRule[] = [
  { to: 'relationship', from: 'NK1-3', codes: 'Relationship' },
  { to: 'relationship', from: 'NK1-7', codes: 'ContactRole' },
  { to: 'name', from: 'NK1-2', as: 'XPN[HumanName]' },
  { to: 'telecom', from: 'NK1-5', as: 'XTN[ContactPoint-home]' },
  { to: 'telecom', from: 'NK1-6', as: 'XTN[ContactPoint-work]' },
  { to: 'telecom', from: 'NK1-40', as: 'XTN[ContactPoint]' },
  { to: 'address', from: 'NK1-4', as: 'XAD[Address]' },
  { to: 'gender', from: 'NK1-15', codes: 'AdministrativeSex' },
  { to: 'organization', from: 'NK1-13', as: 'NK1[Organization]' },
  { to: 'period.start', from: 'NK1-8' },
  { to: 'period.end', from: 'NK1-9' },
];

export const PATIENT_SEGMENTS: readonly SegmentMap[] = [
  { table: 'PID[Patient]', segment: 'PID', resource: 'Patient', rules: PID },
  {
    table: 'PD1[Patient]',
    segment: 'PD1',
    resource: 'Patient',
    rules: [
      { to: 'generalPractitioner', from: 'PD1-3', as: 'XON[Organization]' },
      { to: 'generalPractitioner', from: 'PD1-4', as: 'XCN[Practitioner]' },
      extension('patient-disability', 'valueCodeableConcept', { from: 'PD1-6' }),
      extension('patient-congregation', 'valueString', { from: 'PD1-14' }),
    ],
  },
  {
    table: 'ROL[Patient-GeneralPractitioner]',
    segment: 'ROL',
    resource: 'Patient',
    rules: [{ to: 'generalPractitioner', from: 'ROL-4', as: 'XCN[Practitioner]' }],
  },
  {
    table: 'NK1[Patient]',
    segment: 'NK1',
    resource: 'Patient',
    rules: [{ to: 'contact', make: NK1_CONTACT }],
  },
  {
    table: 'NK1[RelatedPerson]',
    segment: 'NK1',
    resource: 'RelatedPerson',
    rules: [
      { to: 'identifier', from: 'NK1-33', as: 'CX[Identifier]' },
      { to: 'identifier', from: 'NK1-12', as: 'CX[Identifier]' },
      { to: 'identifier', from: 'NK1-37', as: 'ST[Identifier-SSN]' },
      { to: 'relationship', from: 'NK1-3', codes: 'Relationship' },
      { to: 'relationship', from: 'NK1-7', codes: 'ContactRole' },
      { to: 'name', from: 'NK1-2', as: 'XPN[HumanName]' },
      { to: 'name', from: 'NK1-30', as: 'XPN[HumanName]' },
      { to: 'telecom', from: 'NK1-5', as: 'XTN[ContactPoint-home]' },
      { to: 'telecom', from: 'NK1-6', as: 'XTN[ContactPoint-work]' },
      { to: 'telecom', from: 'NK1-31', as: 'XTN[ContactPoint]' },
      { to: 'telecom', from: 'NK1-40', as: 'XTN[ContactPoint]' },
      { to: 'telecom', from: 'NK1-41', as: 'XTN[ContactPoint]' },
      { to: 'gender', from: 'NK1-15', codes: 'AdministrativeSex' },
      { to: 'birthDate', from: 'NK1-16' },
      { to: 'address', from: 'NK1-4', as: 'XAD[Address]' },
      { to: 'address', from: 'NK1-32', as: 'XAD[Address]' },
      { to: 'communication', from: 'NK1-20', make: [{ to: 'language', from: '.', codes: 'PrimaryLanguage' }] },
      { to: 'period.start', from: 'NK1-8' },
      { to: 'period.end', from: 'NK1-9' },
    ],
  },
  {
    table: 'CX[RelatedPerson-Mother]',
    segment: 'PID',
    resource: 'RelatedPerson',
    rules: [
      { to: 'identifier', from: 'PID-21', as: 'CX[Identifier]' },
      { to: 'relationship', value: concept(`${V3}RoleCode`, 'MTH', 'mother') },
    ],
  },
  {
    table: 'OBX[Patient-BirthSex]',
    own: 'US Core birth sex: administrative sex (PID-8) is none, LOINC 76689-9 is.',
    segment: 'OBX',
    resource: 'Patient',
    rules: [extension(`${US_CORE}birthsex`, 'valueCode', { from: 'OBX-5', codes: 'BirthSex[us-core-birthsex]' })],
  },
  {
    table: 'MRG[Patient]',
    own: 'The published tables have the account of MRG only; a merge names the patient that is no more.',
    segment: 'MRG',
    resource: 'Patient',
    rules: [
      { to: 'active', value: false },
      { to: 'link.type', value: 'replaced-by' },
      { to: 'identifier', from: 'MRG-1', as: 'CX[Identifier]' },
      { to: 'identifier', from: 'MRG-4', as: 'CX[Identifier]' },
      { to: 'name', from: 'MRG-7', as: 'XPN[HumanName]' },
    ],
  },
  {
    table: 'MRG[Patient-replaces]',
    own: 'The other side of the same merge.',
    segment: 'MRG',
    resource: 'Patient',
    rules: [{ to: 'link[-1].type', value: 'replaces' }],
  },
  {
    table: 'PID[Account]',
    segment: 'PID',
    resource: 'Account',
    rules: [
      { to: 'identifier', from: 'PID-18', as: 'CX[Identifier]:AN' },
      { to: 'status', value: 'active' },
    ],
  },
  {
    table: 'MRG[Account]',
    segment: 'MRG',
    resource: 'Account',
    rules: [
      { to: 'identifier', from: 'MRG-3', as: 'CX[Identifier]:AN' },
      { to: 'status', value: 'unknown' },
    ],
  },
  {
    table: 'GT1[RelatedPerson]',
    own: 'There is no published table for GT1: who pays, as a person or as the party of the account.',
    segment: 'GT1',
    resource: 'RelatedPerson',
    rules: [
      { to: 'identifier', from: 'GT1-2', as: 'CX[Identifier]' },
      { to: 'identifier', from: 'GT1-12', as: 'ST[Identifier-SSN]' },
      { to: 'name', from: 'GT1-3', as: 'XPN[HumanName]' },
      { to: 'relationship', from: 'GT1-11', codes: 'Relationship' },
      { to: 'relationship', value: concept(`${V3}RoleCode`, 'GUARD', 'guardian'), if: 'GT1-11 not valued' },
      { to: 'telecom', from: 'GT1-6', as: 'XTN[ContactPoint-home]' },
      { to: 'telecom', from: 'GT1-7', as: 'XTN[ContactPoint-work]' },
      { to: 'gender', from: 'GT1-9', codes: 'AdministrativeSex' },
      { to: 'birthDate', from: 'GT1-8' },
      { to: 'address', from: 'GT1-5', as: 'XAD[Address]' },
    ],
  },
];
