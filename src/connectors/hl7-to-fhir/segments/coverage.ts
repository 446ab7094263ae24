import type { SegmentMap, ToFhirRule } from '../../../mapping/to-fhir/to-fhir-format.ts';
import { THO, concept, extension, typedIdentifier } from '../rule-builders.ts';

/** A class of the coverage: group, plan. */
function coverageClass(code: string, value: string, name?: string): ToFhirRule {
  return {
    to: 'class',
    make: [
      { to: 'type', value: concept(`${THO}coverage-class`, code) },
      { to: 'value', from: value, as: 'string' },
      ...(name === undefined ? [] : [{ to: 'name', from: name, as: 'string' }]),
    ],
    if: `${value} valued`,
  };
}

/** Who pays is told by FHIR in any case. */
const UNKNOWN_PAYOR = { display: 'unknown' };
const SUBSCRIBER_ID = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-subscriberId';

export const COVERAGE_SEGMENTS: readonly SegmentMap[] = [
  {
    table: 'IN1[Coverage]',
    segment: 'IN1',
    resource: 'Coverage',
    rules: [
      { to: 'identifier', from: 'IN1-2', as: 'CWE[Identifier]' },
      { to: 'identifier', from: 'IN1-36', as: 'ST[Identifier]' },
      { to: 'status', value: 'active' },
      { to: 'type', from: 'IN1-15' },
      { to: 'subscriberId', from: ['IN1-49.1', 'IN1-36.1'] },
      { to: 'relationship', from: 'IN1-17', codes: 'Relationship' },
      { to: 'period.start', from: 'IN1-12' },
      { to: 'period.end', from: 'IN1-13' },
      { to: 'payor', from: ['IN1-4', 'IN1-3'], as: 'IN1[Organization]' },
      { to: 'payor', value: UNKNOWN_PAYOR, if: 'IN1-3 not valued and IN1-4 not valued' },
      { to: 'policyHolder', from: 'IN1-11', as: 'XON[Organization]' },
      coverageClass('group', 'IN1-8', 'IN1-9.1'),
      coverageClass('plan', 'IN1-2.1', 'IN1-2.2'),
      { to: 'order', from: 'IN1-22' },
      { to: 'order', from: 'IN1-1', if: 'IN1-22 not valued' },
      extension(SUBSCRIBER_ID, 'valueIdentifier', { from: 'IN1-49', as: 'CX[Identifier]' }),
    ],
  },
  {
    table: 'IN1[RelatedPerson]',
    own: 'The subscriber when he is not the patient (IN1[Coverage] names him by IN1-16).',
    segment: 'IN1',
    resource: 'RelatedPerson',
    rules: [
      { to: 'identifier', from: 'IN1-49', as: 'CX[Identifier]' },
      { to: 'name', from: 'IN1-16', as: 'XPN[HumanName]' },
      { to: 'relationship', from: 'IN1-17', codes: 'Relationship' },
      { to: 'birthDate', from: 'IN1-18' },
      { to: 'address', from: 'IN1-19', as: 'XAD[Address]' },
      { to: 'gender', from: 'IN1-43', codes: 'AdministrativeSex' },
    ],
  },
  {
    table: 'FT1[ChargeItem]',
    own: 'There is no published table for FT1.',
    segment: 'FT1',
    resource: 'ChargeItem',
    rules: [
      { to: 'identifier', from: 'FT1-2', as: 'CX[Identifier]' },
      typedIdentifier('FT1-23', 'FILL'),
      { to: 'status', from: 'FT1-6', codes: 'TransactionType[ChargeItem.status]' },
      { to: 'status', value: 'unknown' },
      { to: 'code', from: ['FT1-25', 'FT1-7'], listUnmapped: true },
      { to: 'code.text', from: 'FT1-8', as: 'text' },
      { to: 'occurrencePeriod', from: 'FT1-4', as: 'DR[Period]', if: 'FT1-4.2 valued' },
      { to: 'occurrenceDateTime', from: 'FT1-4.1', if: 'FT1-4.2 not valued' },
      { to: 'enteredDate', from: 'FT1-5' },
      { to: 'quantity', make: [{ to: 'value', from: 'FT1-10' }] },
      { to: 'priceOverride', from: ['FT1-22', 'FT1-12', 'FT1-11'] },
      { to: 'reason', from: 'FT1-19' },
      { to: 'performingOrganization', from: 'FT1-13', as: 'CWE[Organization]' },
      { to: 'performer', from: 'FT1-20', make: [{ to: 'actor', from: '.', as: 'XCN[Practitioner]' }] },
      { to: 'enterer', from: 'FT1-24', as: 'XCN[Practitioner]' },
      { to: 'note', make: [{ to: 'text', from: 'FT1-9', as: 'text' }] },
    ],
  },
];
