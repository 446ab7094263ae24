import type { SegmentMap, ToFhirRule } from '../../../mapping/to-fhir/to-fhir-format.ts';
import { UNKNOWN_EXTENSION, V2, concept, extension, typedIdentifier } from '../rule-builders.ts';
import { NOTE } from './orders.ts';

/** What OBX says beside its value. */
const OBX: readonly ToFhirRule[] = [
  { to: 'identifier', from: 'OBX-21', as: 'EI[Identifier]:FILL' },
  { to: 'status', from: 'OBX-11', codes: 'ObservationResultStatusCodesInterpretation' },
  { to: 'status', value: 'unknown' },
  {
    to: '_status.extension',
    make: [
      { to: 'url', value: 'http://hl7.org/fhir/StructureDefinition/alternate-codes' },
      {
        to: 'valueCodeableConcept.coding',
        make: [
          { to: 'system', value: `${V2}0085` },
          { to: 'code', from: 'OBX-11', as: 'string' },
        ],
      },
    ],
    if: 'OBX-11 in X N W D',
  },
  {
    to: 'dataAbsentReason',
    value: concept('http://terminology.hl7.org/CodeSystem/data-absent-reason', 'not-asked', 'Not Asked'),
    if: 'OBX-11 = N and OBX-5 not valued',
  },
  {
    to: 'dataAbsentReason',
    value: concept('http://terminology.hl7.org/CodeSystem/data-absent-reason', 'unknown', 'Unknown'),
    if: 'OBX-11 = X and OBX-5 not valued',
  },
  { to: 'code', from: 'OBX-3', listUnmapped: true },
  { to: 'code', value: UNKNOWN_EXTENSION, if: 'OBX-3 not valued' },
  { to: 'category', from: 'OBX-29' },
  { to: 'effectiveDateTime', from: 'OBX-14' },
  { to: 'effectiveDateTime', from: 'OBR-7' },
  { to: 'interpretation', from: 'OBX-8', codes: 'InterpretationCodes' },
  { to: 'referenceRange', from: 'OBX-7', make: [{ to: 'text', from: '.', as: 'text' }] },
  { to: 'method', from: 'OBX-17' },
  { to: 'bodySite', from: 'OBX-20' },
  { to: 'device', from: 'OBX-18', as: 'EI[Device]' },
  { to: 'performer', from: 'OBX-16', as: 'XCN[PractitionerRole-responsibleObserver]' },
  { to: 'performer', from: 'OBX-23', as: 'OBX[PractitionerRole]', if: 'OBX-25 valued' },
  { to: 'performer', from: 'OBX-25', as: 'XCN[PractitionerRole-medicalDirector]', if: 'OBX-23 not valued' },
  { to: 'performer', from: 'OBX-23', as: 'OBX[Organization]', if: 'OBX-25 not valued' },
  { to: 'performer', from: 'OBX-15', as: 'CWE[Organization]', if: 'OBX-23 not valued' },
  extension('observation-nature-of-abnormal-test', 'valueCodeableConcept', {
    from: 'OBX-10',
    codes: 'NatureOfAbnormalTesting',
  }),
  extension('observation-analysis-date-time', 'valueDateTime', { from: 'OBX-19' }),
  {
    to: 'extension',
    from: 'OBX-4',
    make: [
      { to: 'url', value: 'http://hl7.org/fhir/StructureDefinition/observation-v2-subid' },
      {
        to: 'extension',
        make: [
          { to: 'url', value: 'original-sub-identifier' },
          { to: 'valueString', from: '.1' },
        ],
      },
      {
        to: 'extension',
        make: [
          { to: 'url', value: 'group' },
          { to: 'valueDecimal', from: '.2' },
        ],
      },
      {
        to: 'extension',
        make: [
          { to: 'url', value: 'sequence' },
          { to: 'valueDecimal', from: '.3' },
        ],
      },
      {
        to: 'extension',
        make: [
          { to: 'url', value: 'identifier' },
          { to: 'valueString', from: '.4' },
        ],
      },
    ],
  },
];

export const RESULT_SEGMENTS: readonly SegmentMap[] = [
  {
    table: 'OBX[Observation]',
    segment: 'OBX',
    resource: 'Observation',
    rules: [...OBX, { to: 'value[x]', from: 'OBX-5', as: 'OBX-5[value]' }],
  },
  {
    table: 'OBX[Observation-Component]',
    segment: 'OBX',
    resource: 'Observation',
    rules: [
      ...OBX,
      {
        to: 'component',
        from: 'OBX-5',
        make: [
          { to: 'code', from: 'OBX-3' },
          { to: 'code', value: UNKNOWN_EXTENSION, if: 'OBX-3 not valued' },
          { to: 'value[x]', from: '.', as: 'OBX-5[value]' },
        ],
      },
    ],
  },
  {
    table: 'OBX[Observation-Text]',
    own: 'Repetitions of TX, FT and ST are the lines of one text; as components (the published table) nobody could read them.',
    segment: 'OBX',
    resource: 'Observation',
    rules: [...OBX, { to: 'valueString', from: 'OBX-5', as: 'lines' }],
  },
  {
    table: 'NTE[Observation]',
    segment: 'NTE',
    resource: 'Observation',
    rules: [{ to: 'note', make: NOTE }],
  },
  {
    table: 'ED[DocumentReference]',
    segment: 'OBX',
    resource: 'DocumentReference',
    rules: [
      { to: 'status', value: 'entered-in-error', if: 'OBX-11 in D W' },
      { to: 'status', value: 'current' },
      { to: 'docStatus', value: 'amended', if: 'OBX-11 in C A' },
      { to: 'docStatus', value: 'final', if: 'OBX-11 = F' },
      { to: 'docStatus', value: 'preliminary', if: 'OBX-11 in P S R' },
      { to: 'type', from: 'OBX-3' },
      { to: 'date', from: 'OBX-14' },
      { to: 'date', from: 'OBR-22' },
      { to: 'content', from: 'OBX-5', make: [{ to: 'attachment', from: '.', as: 'ED[Attachment]' }], if: 'OBX-2 = ED' },
      { to: 'content', from: 'OBX-5', make: [{ to: 'attachment', from: '.', as: 'RP[Attachment]' }], if: 'OBX-2 = RP' },
    ],
  },
  {
    table: 'OBR[Specimen]',
    segment: 'OBR',
    resource: 'Specimen',
    rules: [
      { to: 'collection.collectedDateTime', from: 'OBR-7', if: 'OBR-8 not valued' },
      {
        to: 'collection.collectedPeriod',
        make: [
          { to: 'start', from: 'OBR-7' },
          { to: 'end', from: 'OBR-8' },
        ],
        if: 'OBR-8 valued',
      },
      { to: 'collection.quantity', from: 'OBR-9' },
      { to: 'collection.collector', from: 'OBR-10', as: 'XCN[Practitioner]' },
      { to: 'collection.bodySite', from: 'OBR-15.4', codes: 'BodySite' },
      { to: 'receivedTime', from: 'OBR-14' },
      { to: 'type', from: 'OBR-15.1', codes: 'SpecimenType' },
      { to: 'condition', from: 'OBR-15.6', codes: 'SpecimenCondition' },
      { to: 'note', from: 'OBR-15.3', make: [{ to: 'text', from: '.', as: 'text' }] },
      { to: 'note', from: 'OBR-39', make: [{ to: 'text', from: '.', as: 'CWE[string]' }] },
    ],
  },
  {
    table: 'SPM[Specimen]',
    segment: 'SPM',
    resource: 'Specimen',
    rules: [
      { to: 'identifier', from: 'SPM-2', as: 'EIP[Identifier-PlacerAssignedIdentifier]' },
      { to: 'identifier', from: 'SPM-2', as: 'EIP[Identifier-FillerAssignedIdentifier]' },
      { to: 'identifier', from: 'SPM-31', as: 'CX[Identifier]' },
      typedIdentifier('SPM-32', 'SHIP'),
      { to: 'accessionIdentifier', from: 'SPM-30', as: 'CX[Identifier]' },
      { to: 'status', from: 'SPM-20', codes: 'YesNoIndicator[AvailabilityStatus]' },
      { to: 'type', from: 'SPM-4', codes: 'SpecimenType' },
      { to: 'receivedTime', from: 'SPM-18' },
      { to: 'collection.collectedPeriod', from: 'SPM-17', as: 'DR[Period]', if: 'SPM-17.2 valued' },
      { to: 'collection.collectedDateTime', from: 'SPM-17.1', if: 'SPM-17.2 not valued' },
      { to: 'collection.quantity', from: 'SPM-12' },
      { to: 'collection.method', from: 'SPM-7', codes: 'SpecimenCollectionMethod' },
      { to: 'collection.bodySite', from: 'SPM-8' },
      { to: 'container.type', from: 'SPM-27' },
      { to: 'container.additiveCodeableConcept', from: 'SPM-6', codes: 'AdditivePreservative' },
      { to: 'condition', from: 'SPM-24', codes: 'SpecimenCondition' },
      { to: 'note', from: 'SPM-14', make: [{ to: 'text', from: '.', as: 'text' }] },
      { to: 'note', from: 'SPM-21', make: [{ to: 'text', from: '.', as: 'CWE[string]' }] },
    ],
  },
];
