import type { DataTypeMap, ToFhirRule } from '../../../mapping/to-fhir/to-fhir-format.ts';
import { V2, extension } from '../rule-builders.ts';

const CHECK_DIGIT: readonly ToFhirRule[] = [
  extension('identifier-checkDigit', 'valueString', { from: '.2' }),
  extension('namingsystem-checkDigit', 'valueString', { from: '.3' }),
];

/** The assigning authority also by name, as what reads a record should see who gave a number. */
const ASSIGNER: ToFhirRule = { to: 'assigner.display', from: '.4.1' };

const CX: readonly ToFhirRule[] = [
  { to: 'type', from: '.5', codes: 'IdentifierType' },
  { to: 'system', value: 'http://hl7.org/fhir/sid/us-ssn', if: '.5 = SS' },
  { to: 'system', value: 'http://hl7.org/fhir/sid/us-npi', if: '.5 = NPI' },
  { to: 'system', from: '.4', as: 'HD[uri]' },
  { to: 'value', from: '.1' },
  { to: 'period.start', from: '.7' },
  { to: 'period.end', from: '.8' },
  ASSIGNER,
  ...CHECK_DIGIT,
];

const EI: readonly ToFhirRule[] = [
  { to: 'system', from: '.3', as: 'EI[system]' },
  { to: 'system', from: '.2', as: 'HD[uri]' },
  { to: 'value', from: '.1' },
  { to: 'assigner.display', from: '.2' },
];

/** The same with a fixed type, by a name such as `EI[Identifier]:PLAC`. */
function typed(table: string, rules: readonly ToFhirRule[], code: string): DataTypeMap {
  return {
    table: `${table}:${code}`,
    type: 'Identifier',
    rules: [{ to: 'type', value: { coding: [{ system: `${V2}0203`, code }] } }, ...rules],
    needs: ['value'],
  };
}

export const IDENTIFIER_TYPES: readonly DataTypeMap[] = [
  { table: 'CX[Identifier]', type: 'Identifier', rules: CX, needs: ['value'] },
  typed('CX[Identifier]', CX, 'VN'),
  typed('CX[Identifier]', CX, 'PLAC'),
  typed('CX[Identifier]', CX, 'AN'),
  // The published EI[Identifier-Extension], its extensions on the authority as system and assigner, which FHIR has for that.
  { table: 'EI[Identifier]', type: 'Identifier', rules: EI, needs: ['value'] },
  ...['PLAC', 'FILL', 'PGN', 'FGN', 'SHIP'].map((code) => typed('EI[Identifier]', EI, code)),
  {
    table: 'EIP[Identifier-PlacerAssignedIdentifier]',
    type: 'Identifier',
    rules: [
      { to: 'type', value: { coding: [{ system: `${V2}0203`, code: 'PGN' }] } },
      { to: 'system', from: '.1.3', as: 'EI[system]' },
      { to: 'system', from: '.1.2', as: 'HD[uri]' },
      { to: 'value', from: '.1' },
    ],
    needs: ['value'],
  },
  {
    table: 'EIP[Identifier-FillerAssignedIdentifier]',
    type: 'Identifier',
    rules: [
      { to: 'type', value: { coding: [{ system: `${V2}0203`, code: 'FGN' }] } },
      { to: 'system', from: '.2.3', as: 'EI[system]' },
      { to: 'system', from: '.2.2', as: 'HD[uri]' },
      { to: 'value', from: '.2' },
    ],
    needs: ['value'],
  },
  {
    table: 'ST[Identifier-SSN]',
    type: 'Identifier',
    rules: [
      { to: 'type', value: { coding: [{ system: `${V2}0203`, code: 'SS' }] } },
      { to: 'system', value: 'http://hl7.org/fhir/sid/us-ssn' },
      { to: 'value', from: '.' },
    ],
  },
  {
    table: 'DLN[Identifier]',
    type: 'Identifier',
    rules: [
      { to: 'type', value: { coding: [{ system: `${V2}0203`, code: 'DL' }] } },
      { to: 'system', from: '.2', as: 'DLN[system]' },
      { to: 'value', from: '.1' },
      { to: 'period.end', from: '.3' },
      { to: 'assigner.display', from: '.2' },
    ],
    needs: ['value'],
  },
  {
    table: 'ST[Identifier]',
    type: 'Identifier',
    rules: [{ to: 'value', from: '.' }],
  },
  {
    table: 'CWE[Identifier]',
    type: 'Identifier',
    rules: [
      { to: 'system', from: '.3', as: 'CWE[system]' },
      { to: 'value', from: '.1' },
    ],
    needs: ['value'],
  },
];
