import type { SegmentMap, ToFhirRule } from '../../../mapping/to-fhir/to-fhir-format.ts';
import { UNKNOWN_EXTENSION, extension, typedIdentifier } from '../rule-builders.ts';

/** A note with its author and time (NTE[ServiceRequest], NTE[Observation]). */
export const NOTE: readonly ToFhirRule[] = [
  { to: 'authorReference', from: 'NTE-5', as: 'XCN[Practitioner]' },
  { to: 'time', from: 'NTE-6' },
  { to: 'text', from: 'NTE-3', as: 'lines' },
];

/** Placer's and filler's number, which stand in ORC and OBR alike; OBR's count when ORC has none. */
const ORDER_NUMBERS: readonly ToFhirRule[] = [typedIdentifier('ORC-2', 'PLAC'), typedIdentifier('ORC-3', 'FILL')];

/** How confidential an order and its result are; sensitivity codes (ETH, PSY …) are labels that other rules go by. */
export const SECURITY: ToFhirRule = { to: 'meta.security', from: 'ORC-28', codes: 'ConfidentialityCode' };

const ORC_SERVICE: readonly ToFhirRule[] = [
  ...ORDER_NUMBERS,
  { to: 'identifier', from: 'ORC-33', as: 'CX[Identifier]:PLAC' },
  { to: 'requisition', from: 'ORC-4', as: 'EI[Identifier]:PGN' },
  { to: 'status', from: 'ORC-5', codes: 'OrderStatus' },
  { to: 'status', from: 'ORC-1', codes: 'OrderControlCode[ServiceRequest.status]' },
  { to: 'intent', value: 'reflex-order', if: 'OBR-11 = G' },
  { to: 'authoredOn', from: 'ORC-9', if: 'ORC-1 = NW' },
  { to: 'requester', from: 'ORC-12', as: 'ORC[PractitionerRole]', if: 'ORC-21 valued' },
  { to: 'requester', from: 'ORC-12', as: 'XCN[Practitioner]' },
  extension('servicerequest-order-callback-phone-number', 'valueContactPoint', {
    from: 'ORC-14',
    as: 'XTN[ContactPoint]',
    if: 'OBR-17 not valued',
  }),
  extension('request-statusReason', 'valueCodeableConcept', { from: 'ORC-16', if: 'ORC-5 not valued' }),
  SECURITY,
  { to: 'locationCode', from: 'ORC-29', codes: 'OrderType' },
  { to: 'priority', from: 'ORC-7.6', codes: 'ExtendedPriorityCodes' },
  { to: 'occurrenceDateTime', from: 'ORC-7.4' },
];

const OBR_SERVICE: readonly ToFhirRule[] = [
  // With an ORC these are there already; an element that repeats must not get them twice.
  { ...typedIdentifier('OBR-2', 'PLAC'), if: 'ORC-2 not valued' },
  { ...typedIdentifier('OBR-3', 'FILL'), if: 'ORC-3 not valued' },
  { to: 'identifier', from: 'OBR-53', as: 'CX[Identifier]:PLAC' },
  { to: 'status', from: 'OBR-25', codes: 'ResultStatus[ServiceRequest.status]', if: 'MSH-9.1 = ORU' },
  { to: 'intent', value: 'reflex-order', if: 'OBR-11 = G' },
  { to: 'code', from: 'OBR-4', listUnmapped: true },
  { to: 'priority', from: 'OBR-5', codes: 'ExtendedPriorityCodes' },
  { to: 'priority', from: 'OBR-27.6', codes: 'ExtendedPriorityCodes' },
  { to: 'occurrenceDateTime', from: 'OBR-6' },
  { to: 'occurrenceDateTime', from: 'OBR-27.4' },
  { to: 'requester', from: 'OBR-16', as: 'XCN[Practitioner]', if: 'ORC-12 not valued' },
  extension('servicerequest-order-callback-phone-number', 'valueContactPoint', {
    from: 'OBR-17',
    as: 'XTN[ContactPoint]',
  }),
  {
    to: 'basedOn',
    make: [
      { to: 'type', value: 'ServiceRequest' },
      { to: 'identifier', from: 'OBR-29', as: 'EIP[Identifier-PlacerAssignedIdentifier]' },
    ],
    if: 'OBR-29.1 valued and OBR-50 not valued',
  },
  {
    to: 'basedOn',
    make: [
      { to: 'type', value: 'ServiceRequest' },
      { to: 'identifier', from: 'OBR-29', as: 'EIP[Identifier-FillerAssignedIdentifier]' },
    ],
    if: 'OBR-29.2 valued and OBR-50 not valued',
  },
  { to: 'reasonCode', from: 'OBR-31' },
  { to: 'orderDetail', from: 'OBR-46' },
  { to: 'orderDetail', from: 'OBR-47' },
  {
    to: 'note',
    from: 'OBR-13',
    make: [{ to: 'text', from: '.', as: 'CWE[string]' }],
  },
];

export const ORDER_SEGMENTS: readonly SegmentMap[] = [
  { table: 'ORC[ServiceRequest]', segment: 'ORC', resource: 'ServiceRequest', rules: ORC_SERVICE },
  { table: 'OBR[ServiceRequest]', segment: 'OBR', resource: 'ServiceRequest', rules: OBR_SERVICE },
  {
    table: 'ServiceRequest-defaults',
    own: 'What R4 requires and neither ORC nor OBR told.',
    segment: 'MSH',
    resource: 'ServiceRequest',
    rules: [
      { to: 'status', value: 'unknown' },
      { to: 'intent', value: 'order' },
    ],
  },
  {
    table: 'TQ1[ServiceRequest]',
    segment: 'TQ1',
    resource: 'ServiceRequest',
    rules: [
      { to: 'quantityQuantity', from: 'TQ1-2' },
      {
        to: 'occurrenceTiming',
        make: [
          { to: 'code', from: 'TQ1-3.1' },
          {
            to: 'repeat.boundsPeriod',
            make: [
              { to: 'start', from: 'TQ1-7' },
              { to: 'end', from: 'TQ1-8' },
            ],
          },
          { to: 'repeat.count', from: 'TQ1-14' },
          { to: 'repeat.timeOfDay', from: 'TQ1-4' },
        ],
        if: 'TQ1-3 valued or TQ1-14 valued or TQ1-4 valued',
      },
      { to: 'priority', from: 'TQ1-9', codes: 'ExtendedPriorityCodes' },
      {
        to: 'occurrencePeriod',
        make: [
          { to: 'start', from: 'TQ1-7' },
          { to: 'end', from: 'TQ1-8' },
        ],
        if: 'TQ1-7 valued and TQ1-8 valued',
      },
      { to: 'occurrenceDateTime', from: 'TQ1-7', if: 'TQ1-8 not valued' },
      { to: 'patientInstruction', from: 'TQ1-11', as: 'text' },
    ],
  },
  {
    table: 'NTE[ServiceRequest]',
    segment: 'NTE',
    resource: 'ServiceRequest',
    rules: [{ to: 'note', make: NOTE }],
  },
  {
    table: 'ORC[DiagnosticReport]',
    segment: 'ORC',
    resource: 'DiagnosticReport',
    rules: [
      ...ORDER_NUMBERS,
      SECURITY,
      { to: 'identifier', from: 'ORC-4', as: 'EI[Identifier]:PGN' },
      extension('event-statusReason', 'valueCodeableConcept', { from: 'ORC-16' }),
    ],
  },
  {
    table: 'OBR[DiagnosticReport]',
    segment: 'OBR',
    resource: 'DiagnosticReport',
    rules: [
      { ...typedIdentifier('OBR-2', 'PLAC'), if: 'ORC-2 not valued' },
      { ...typedIdentifier('OBR-3', 'FILL'), if: 'ORC-3 not valued' },
      { to: 'status', from: 'OBR-25', codes: 'ResultStatus[Non-Queries]' },
      { to: 'status', value: 'unknown' },
      { to: 'category', from: 'OBR-24', codes: 'DiagnosticServiceSectionID' },
      { to: 'code', from: 'OBR-4', listUnmapped: true },
      { to: 'code', value: UNKNOWN_EXTENSION, if: 'OBR-4 not valued' },
      { to: 'effectiveDateTime', from: 'OBR-7', if: 'OBR-8 not valued' },
      {
        to: 'effectivePeriod',
        make: [
          { to: 'start', from: 'OBR-7' },
          { to: 'end', from: 'OBR-8' },
        ],
        if: 'OBR-8 valued',
      },
      { to: 'issued', from: 'OBR-22' },
      { to: 'resultsInterpreter', from: 'OBR-32', as: 'NDL[PractitionerRole]' },
      { to: 'performer', from: 'OBR-34', as: 'NDL[PractitionerRole]' },
      { to: 'performer', from: 'OBR-35', as: 'NDL[PractitionerRole]' },
    ],
  },
  {
    table: 'NTE[DiagnosticReport]',
    own: 'Notes behind OBR in results: the published map puts them into the ServiceRequest only, where nobody reads results.',
    segment: 'NTE',
    resource: 'DiagnosticReport',
    rules: [
      {
        to: 'extension',
        make: [
          { to: 'url', value: 'http://hl7.org/fhir/5.0/StructureDefinition/extension-DiagnosticReport.note' },
          { to: 'valueAnnotation', make: NOTE },
        ],
      },
    ],
  },
];
