import type { SegmentMap, ToFhirRule } from '../../../mapping/to-fhir/to-fhir-format.ts';
import { V3, concept, extension, participant } from '../rule-builders.ts';

/** A place of the visit with how it stands. */
function location(field: string, status: string, condition?: string): ToFhirRule {
  return {
    to: 'location',
    from: field,
    make: [
      { to: 'location', from: '.', as: 'PL[Location]' },
      { to: 'status', value: status },
    ],
    ...(condition === undefined ? {} : { if: condition }),
  };
}

const PV1: readonly ToFhirRule[] = [
  { to: 'identifier', from: 'PV1-19', as: 'CX[Identifier]:VN' },
  { to: 'identifier', from: 'PV1-50', as: 'CX[Identifier]' },
  // What ends a visit counts more than what the class says; an update (A08) says nothing of its state.
  { to: 'status', value: 'cancelled', if: 'MSH-9.2 = A11' },
  { to: 'status', value: 'finished', if: 'MSH-9.2 = A03 or PV1-45 valued and MSH-9.2 != A13' },
  { to: 'status', from: 'PV1-2', codes: 'PatientClass[EncounterStatus]' },
  {
    to: 'status',
    from: 'MSH-9.2',
    codes: 'Event[EncounterStatus]',
    if: 'MSH-9.1 = ADT and MSH-9.2 in A01 A02 A04 A05 A13',
  },
  { to: 'status', value: 'unknown' },
  { to: 'class', from: 'PV1-2', codes: 'PatientClass[EncounterClass]' },
  { to: 'class', value: { system: `${V3}NullFlavor`, code: 'UNK', display: 'unknown' }, if: 'PV1-2 not valued' },
  { to: 'type', from: 'PV1-4', codes: 'AdmissionType' },
  { to: 'serviceType', from: 'PV1-10', codes: 'HospitalService' },
  participant('PV1-7', 'ATND', 'attender'),
  participant('PV1-8', 'REF', 'referrer'),
  participant('PV1-9', 'CON', 'consultant'),
  participant('PV1-17', 'ADM', 'admitter'),
  participant('PV1-52', 'PART', 'Participation'),
  { to: 'period.start', from: 'PV1-44' },
  { to: 'period.end', from: 'PV1-45' },
  { to: 'hospitalization.preAdmissionIdentifier', from: 'PV1-5', as: 'CX[Identifier]' },
  { to: 'hospitalization.admitSource', from: 'PV1-14' },
  { to: 'hospitalization.reAdmission', from: 'PV1-13', codes: 'ReadmissionIndicator' },
  { to: 'hospitalization.dietPreference', from: 'PV1-38' },
  { to: 'hospitalization.specialCourtesy', from: 'PV1-16' },
  { to: 'hospitalization.specialArrangement', from: 'PV1-15', codes: 'AmbulatoryStatus' },
  { to: 'hospitalization.destination', from: 'PV1-37', as: 'DLD[Location-Discharge]' },
  { to: 'hospitalization.dischargeDisposition', from: 'PV1-36' },
  location('PV1-3', 'planned', 'PV1-2 = P'),
  location('PV1-3', 'active', 'PV1-2 != P and PV1-45 not valued'),
  location('PV1-3', 'completed', 'PV1-2 != P and PV1-45 valued'),
  location('PV1-6', 'completed'),
  location('PV1-11', 'active'),
  location('PV1-42', 'reserved'),
];

export const VISIT_SEGMENTS: readonly SegmentMap[] = [
  { table: 'PV1[Encounter]', segment: 'PV1', resource: 'Encounter', rules: PV1 },
  {
    table: 'PV2[Encounter]',
    segment: 'PV2',
    resource: 'Encounter',
    rules: [
      location('PV2-1', 'planned'),
      { to: 'reasonCode', from: 'PV2-3' },
      extension('http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedStartDate', 'valueDateTime', {
        from: 'PV2-8',
      }),
      extension('http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate', 'valueDateTime', {
        from: 'PV2-9',
      }),
      {
        to: 'length',
        make: [
          { to: 'value', from: 'PV2-11' },
          { to: 'unit', value: 'days' },
          { to: 'system', value: 'http://unitsofmeasure.org' },
          { to: 'code', value: 'd' },
        ],
      },
      participant('PV2-13', 'REF', 'referrer'),
      { to: 'priority', from: 'PV2-25', codes: 'EncounterPriority' },
      extension('encounter-modeOfArrival', 'valueCoding', { from: 'PV2-38', codes: 'ModeOfArrivalCode' }),
    ],
  },
  {
    table: 'ROL[Encounter-PractitionerRole]',
    segment: 'ROL',
    resource: 'Encounter',
    rules: [
      {
        to: 'participant',
        make: [
          { to: 'type', from: 'ROL-3', codes: 'ProviderRole' },
          { to: 'individual', from: 'ROL-4', as: 'XCN[Practitioner]' },
          { to: 'period.start', from: 'ROL-5' },
          { to: 'period.end', from: 'ROL-6' },
        ],
        if: 'ROL-4 valued',
      },
    ],
  },
  {
    table: 'DG1[Encounter]',
    segment: 'DG1',
    resource: 'Encounter',
    rules: [
      { to: 'diagnosis[-1].use', from: 'DG1-6', codes: 'DiagnosisType' },
      { to: 'diagnosis[-1].rank', from: 'DG1-15' },
    ],
  },
  {
    table: 'DG1[Condition]',
    segment: 'DG1',
    resource: 'Condition',
    rules: [
      { to: 'identifier', from: 'DG1-20', as: 'EI[Identifier]' },
      {
        to: 'verificationStatus',
        value: concept('http://terminology.hl7.org/CodeSystem/condition-ver-status', 'entered-in-error'),
        if: 'DG1-21 = D',
      },
      {
        to: 'category',
        value: concept(
          'http://terminology.hl7.org/CodeSystem/condition-category',
          'encounter-diagnosis',
          'Encounter Diagnosis',
        ),
      },
      { to: 'code', from: 'DG1-3', listUnmapped: true },
      { to: 'code.text', from: 'DG1-4', as: 'text' },
      { to: 'onsetDateTime', from: 'DG1-5' },
      { to: 'recordedDate', from: 'DG1-19' },
      extension('condition-assertedDate', 'valueDateTime', { from: 'DG1-19' }),
      {
        to: 'extension',
        from: 'DG1-22',
        make: [
          { to: 'url', value: 'http://hl7.org/fhir/StructureDefinition/condition-dueTo' },
          { to: 'valueReference.identifier', from: '.', as: 'EI[Identifier]' },
        ],
      },
      { to: 'asserter', from: 'DG1-16', as: 'XCN[Practitioner]' },
    ],
  },
  {
    table: 'PR1[Procedure]',
    segment: 'PR1',
    resource: 'Procedure',
    rules: [
      { to: 'identifier', from: 'PR1-19', as: 'EI[Identifier]' },
      { to: 'status', value: 'unknown' },
      { to: 'category', from: 'PR1-6' },
      { to: 'code', from: 'PR1-3', listUnmapped: true },
      { to: 'code.text', from: 'PR1-4', as: 'text' },
      { to: 'performedDateTime', from: 'PR1-5' },
      {
        to: 'performer',
        from: 'PR1-8',
        make: [
          { to: 'function', value: concept('http://snomed.info/sct', '88189002', 'Anesthesiologist') },
          { to: 'actor', from: '.', as: 'XCN[Practitioner]' },
        ],
      },
      {
        to: 'performer',
        from: 'PR1-11',
        make: [
          { to: 'function', value: concept('http://snomed.info/sct', '304292004', 'Surgeon') },
          { to: 'actor', from: '.', as: 'XCN[Practitioner]' },
        ],
      },
      { to: 'performer', from: 'PR1-12', make: [{ to: 'actor', from: '.', as: 'XCN[Practitioner]' }] },
      { to: 'location', from: 'PR1-23', as: 'PL[Location]' },
      { to: 'reasonCode', from: 'PR1-15' },
      {
        to: 'partOf',
        from: 'PR1-25',
        make: [
          { to: 'type', value: 'Procedure' },
          { to: 'identifier', from: '.', as: 'EI[Identifier]' },
        ],
      },
    ],
  },
  {
    table: 'AL1[AllergyIntolerance]',
    segment: 'AL1',
    resource: 'AllergyIntolerance',
    rules: [
      {
        to: 'clinicalStatus',
        value: concept('http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', 'active'),
      },
      { to: 'type', from: 'AL1-2', codes: 'AllergyType' },
      { to: 'category', from: 'AL1-2', codes: 'AllergenType[AllergyIntoleranceCategory]' },
      { to: 'code', from: 'AL1-3', listUnmapped: true },
      { to: 'onsetDateTime', from: 'AL1-6' },
      {
        to: 'reaction',
        make: [
          { to: 'manifestation', from: 'AL1-5', as: 'ST[CodeableConcept]' },
          { to: 'severity', from: 'AL1-4', codes: 'AllergySeverity[AllergyIntolerance.reaction.severity]' },
        ],
        if: 'AL1-5 valued',
      },
      {
        to: 'criticality',
        from: 'AL1-4',
        codes: 'AllergySeverity[AllergyIntolerance.criticality]',
        if: 'AL1-5 not valued',
      },
    ],
  },
  {
    table: 'IAM[AllergyIntolerance]',
    segment: 'IAM',
    resource: 'AllergyIntolerance',
    rules: [
      { to: 'identifier', from: 'IAM-7', as: 'EI[Identifier]' },
      {
        to: 'verificationStatus',
        value: concept('http://terminology.hl7.org/CodeSystem/allergyintolerance-verification', 'entered-in-error'),
        if: 'IAM-6 = D',
      },
      {
        to: 'clinicalStatus',
        value: concept('http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', 'active'),
        if: 'IAM-6 != D',
      },
      { to: 'type', from: 'IAM-2', codes: 'AllergyType' },
      { to: 'category', from: 'IAM-2', codes: 'AllergenType[AllergyIntoleranceCategory]' },
      { to: 'code', from: ['IAM-3', 'IAM-27'], listUnmapped: true },
      { to: 'onsetDateTime', from: 'IAM-11' },
      { to: 'onsetString', from: 'IAM-12', if: 'IAM-11 not valued' },
      { to: 'recordedDate', from: 'IAM-13' },
      {
        to: 'reaction',
        make: [
          { to: 'manifestation', from: 'IAM-5', as: 'ST[CodeableConcept]' },
          { to: 'severity', from: 'IAM-4', codes: 'AllergySeverity[AllergyIntolerance.reaction.severity]' },
        ],
        if: 'IAM-5 valued',
      },
      {
        to: 'criticality',
        from: 'IAM-4',
        codes: 'AllergySeverity[AllergyIntolerance.criticality]',
        if: 'IAM-5 not valued',
      },
    ],
  },
];
