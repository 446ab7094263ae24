import type { DataTypeMap, ToFhirRule } from '../../../mapping/to-fhir/to-fhir-format.ts';
import { V2, concept, extension } from '../rule-builders.ts';

/** FN[HumanName], inside the component that `at` names. */
function familyName(at: string): readonly ToFhirRule[] {
  return [
    { to: 'family', from: `${at}.1` },
    extension('humanname-own-prefix', 'valueString', { from: `${at}.2` }, '_family.extension'),
    extension('humanname-own-name', 'valueString', { from: `${at}.3` }, '_family.extension'),
    extension('humanname-partner-prefix', 'valueString', { from: `${at}.4` }, '_family.extension'),
    extension('humanname-partner-name', 'valueString', { from: `${at}.5` }, '_family.extension'),
  ];
}

const XPN: readonly ToFhirRule[] = [
  { to: 'use', from: '.7', codes: 'NameType' },
  ...familyName('.1'),
  { to: 'given', from: '.2' },
  { to: 'given', from: '.3' },
  { to: 'prefix', from: '.5' },
  { to: 'suffix', from: '.4' },
  { to: 'suffix', from: '.6' },
  { to: 'suffix', from: '.14' },
  { to: 'period', from: '.10', as: 'DR[Period]', if: '.12 not valued and .13 not valued' },
  { to: 'period.start', from: '.12' },
  { to: 'period.end', from: '.13' },
  extension('humanname-assembly-order', 'valueCode', { from: '.11' }),
];

/** The person's name within XCN, CNN and their likes. */
const XCN_NAME: readonly ToFhirRule[] = [
  { to: 'use', from: '.10', codes: 'NameType' },
  ...familyName('.2'),
  { to: 'given', from: '.3' },
  { to: 'given', from: '.4' },
  { to: 'prefix', from: '.6' },
  { to: 'suffix', from: '.5' },
  { to: 'suffix', from: '.21' },
  { to: 'period', from: '.17', as: 'DR[Period]', if: '.19 not valued and .20 not valued' },
  { to: 'period.start', from: '.19' },
  { to: 'period.end', from: '.20' },
];

const XCN_IDENTIFIER: ToFhirRule = {
  to: 'identifier',
  make: [
    { to: 'type', from: '.13', codes: 'IdentifierType' },
    { to: 'system', value: 'http://hl7.org/fhir/sid/us-npi', if: '.13 = NPI' },
    { to: 'system', from: '.9', as: 'HD[uri]' },
    { to: 'value', from: '.1' },
    { to: 'assigner.display', from: '.9.1' },
  ],
  if: '.1 valued',
};

export const PERSON_TYPES: readonly DataTypeMap[] = [
  { table: 'XPN[HumanName]', type: 'HumanName', rules: XPN },
  {
    table: 'XPN[nickname]',
    type: 'HumanName',
    rules: [
      { to: 'use', value: 'nickname' },
      { to: 'given', from: '.15' },
    ],
  },
  {
    table: 'DR[Period]',
    type: 'Period',
    rules: [
      { to: 'start', from: '.1' },
      { to: 'end', from: '.2' },
    ],
  },
  {
    table: 'XCN[Practitioner]',
    resource: 'Practitioner',
    rules: [
      XCN_IDENTIFIER,
      { to: 'name', make: XCN_NAME },
      { to: 'qualification', make: [{ to: 'code', from: '.7', codes: 'DegreeLicenseCertificate' }], if: '.7 valued' },
    ],
    display: 'person',
  },
  {
    table: 'XCN[PractitionerRole-responsibleObserver]',
    resource: 'PractitionerRole',
    rules: [
      { to: 'practitioner', from: '.', as: 'XCN[Practitioner]' },
      { to: 'code', value: concept('http://terminology.hl7.org/CodeSystem/practitioner-role', 'responsibleObserver') },
    ],
  },
  {
    table: 'XCN[PractitionerRole-medicalDirector]',
    resource: 'PractitionerRole',
    rules: [
      { to: 'practitioner', from: '.', as: 'XCN[Practitioner]' },
      { to: 'code', value: concept(`${V2}0912`, 'MDIR') },
    ],
  },
  {
    table: 'CNN[Practitioner]',
    resource: 'Practitioner',
    // NDL.1 is a CNN, whose parts are subcomponents of it.
    rules: [
      { to: 'identifier', make: [{ to: 'value', from: '.1' }] },
      {
        to: 'name',
        make: [
          { to: 'family', from: '.2' },
          { to: 'given', from: '.3' },
          { to: 'given', from: '.4' },
          { to: 'prefix', from: '.6' },
          { to: 'suffix', from: '.5' },
          { to: 'suffix', from: '.7' },
        ],
      },
    ],
    display: 'person',
  },
  {
    table: 'NDL[PractitionerRole]',
    resource: 'PractitionerRole',
    rules: [
      { to: 'practitioner', from: '.1', as: 'CNN[Practitioner]' },
      { to: 'period.start', from: '.2' },
      { to: 'period.end', from: '.3' },
    ],
    needs: ['practitioner'],
  },
];
