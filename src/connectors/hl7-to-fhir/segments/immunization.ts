import type { SegmentMap } from '../../../mapping/to-fhir/to-fhir-format.ts';
import { V2, concept, typedIdentifier } from '../rule-builders.ts';
import { SECURITY } from './orders.ts';

export const IMMUNIZATION_SEGMENTS: readonly SegmentMap[] = [
  {
    table: 'ORC[Immunization]',
    segment: 'ORC',
    resource: 'Immunization',
    rules: [
      typedIdentifier('ORC-2', 'PLAC'),
      typedIdentifier('ORC-3', 'FILL'),
      { to: 'recorded', from: 'ORC-9' },
      SECURITY,
      {
        to: 'performer',
        from: 'ORC-12',
        make: [
          { to: 'function', value: concept(`${V2}0443`, 'OP', 'Ordering Provider') },
          { to: 'actor', from: '.', as: 'XCN[Practitioner]' },
        ],
      },
    ],
  },
  {
    table: 'RXA[Immunization]',
    segment: 'RXA',
    resource: 'Immunization',
    rules: [
      { to: 'status', value: 'entered-in-error', if: 'RXA-21 = D' },
      { to: 'status', from: 'RXA-20', codes: 'CompletionStatus' },
      { to: 'status', value: 'completed' },
      { to: 'statusReason', from: 'RXA-18' },
      { to: 'vaccineCode', from: 'RXA-5', listUnmapped: true },
      { to: 'occurrenceDateTime', from: 'RXA-3' },
      { to: 'occurrenceString', value: 'unknown', if: 'RXA-3 not valued' },
      { to: 'recorded', from: 'RXA-22' },
      // NIP001: 00 is a new record of what was given, all others tell of it later.
      { to: 'primarySource', value: true, if: 'RXA-9 = 00' },
      { to: 'primarySource', value: false, if: 'RXA-9 in 01 02 03 04 05 06 07 08' },
      { to: 'reportOrigin', from: 'RXA-9', codes: 'ImmunizationInformationSource', if: 'RXA-9 != 00' },
      // 999 stands for an amount that is not known.
      { to: 'doseQuantity', from: 'RXA-6', as: 'RXA-6[Quantity]', if: 'RXA-6 != 999' },
      { to: 'lotNumber', from: 'RXA-15' },
      { to: 'expirationDate', from: 'RXA-16' },
      { to: 'manufacturer', from: 'RXA-17', as: 'CWE[Organization]' },
      {
        to: 'performer',
        from: 'RXA-10',
        make: [
          { to: 'function', value: concept(`${V2}0443`, 'AP', 'Administering Provider') },
          { to: 'actor', from: '.', as: 'XCN[Practitioner]' },
        ],
      },
      { to: 'location', from: 'RXA-27', as: 'PL[Location]' },
      { to: 'location', from: 'RXA-11', as: 'LA2[Location]' },
      { to: 'reasonCode', from: 'RXA-19' },
    ],
  },
  {
    table: 'RXR[Immunization]',
    segment: 'RXR',
    resource: 'Immunization',
    rules: [
      { to: 'route', from: 'RXR-1', codes: 'RouteOfAdministration' },
      { to: 'site', from: 'RXR-2', codes: 'BodyParts' },
    ],
  },
  {
    table: 'OBX[Immunization]',
    own: 'Eligibility (LOINC 64994-7) and funding (30963-3) have elements in Immunization beside the Observation.',
    segment: 'OBX',
    resource: 'Immunization',
    rules: [
      { to: 'programEligibility', from: 'OBX-5', if: 'OBX-3.1 = 64994-7' },
      { to: 'fundingSource', from: 'OBX-5', if: 'OBX-3.1 = 30963-3' },
    ],
  },
  {
    table: 'NTE[Immunization]',
    own: 'RXA is followed by notes in older versions; Immunization has a place for them.',
    segment: 'NTE',
    resource: 'Immunization',
    rules: [{ to: 'note', make: [{ to: 'text', from: 'NTE-3', as: 'lines' }] }],
  },
];
