import type { KeyMap, MessageMap, SegmentStep } from '../../../mapping/to-fhir/to-fhir-format.ts';
import { ALLERGIES, HEADER, PATIENT, PATIENT_OBSERVATIONS, diagnosis, observations, visit } from './common-steps.ts';

/** A report is known by its filler's order number and the service: one number often stands for several panels. */
export const REPORT_KEYS: readonly KeyMap[] = [
  { scope: 'sender', parts: ['=filler', 'OBR-3.1|ORC-3.1', 'OBR-3.2|ORC-3.2?', 'OBR-4.1|OBR-4.2?'] },
  { scope: 'sender', parts: ['=placer', 'OBR-2.1|ORC-2.1', 'OBR-2.2|ORC-2.2?', 'OBR-4.1|OBR-4.2?'] },
  { scope: 'patient', parts: ['OBR-4.1|OBR-4.2', 'OBR-7'] },
];

/** An order is known by its placer's number and the service. */
export const ORDER_KEYS: readonly KeyMap[] = [
  { scope: 'sender', parts: ['=placer', 'ORC-2.1|OBR-2.1', 'ORC-2.2|OBR-2.2?', 'OBR-4.1|OBR-4.2?'] },
  { scope: 'sender', parts: ['=filler', 'ORC-3.1|OBR-3.1', 'ORC-3.2|OBR-3.2?', 'OBR-4.1|OBR-4.2?'] },
];

export const SPECIMEN_KEYS: readonly KeyMap[] = [
  { scope: 'sender', parts: ['=unique', 'SPM-2.2|SPM-2.1'] },
  { scope: 'sender', parts: ['@report', 'SPM-4.1?', 'SPM-1?'] },
  { scope: 'sender', parts: ['@service', 'SPM-4.1?', 'SPM-1?'] },
];

const REPORT: readonly SegmentStep[] = [
  {
    slot: 'service',
    makes: 'ServiceRequest',
    role: 'context',
    maps: ['ORC[ServiceRequest]', 'OBR[ServiceRequest]', 'ServiceRequest-defaults'],
    if: 'ORC-2 valued or OBR-2 valued',
    links: { subject: 'patient', encounter: 'encounter' },
    keys: ORDER_KEYS,
  },
  {
    slot: 'report',
    makes: 'DiagnosticReport',
    maps: ['ORC[DiagnosticReport]', 'OBR[DiagnosticReport]'],
    links: { subject: 'patient', encounter: 'encounter', basedOn: 'service' },
    keys: REPORT_KEYS,
  },
  {
    slot: 'specimen',
    makes: 'Specimen',
    maps: ['OBR[Specimen]'],
    if: 'OBR-15 valued or OBR-14 valued or OBR-9 valued or OBR-10 valued',
    links: { subject: 'patient', request: 'service' },
    listedIn: { report: 'specimen' },
    keys: [{ scope: 'sender', parts: ['@report', '=obr'] }],
  },
];

export const ORU_R01: MessageMap = {
  table: 'ORU_R01',
  messages: ['ORU^*', 'ORU'],
  segments: {
    ...HEADER,
    ...PATIENT,
    ...visit('context'),
    ...ALLERGIES,
    DG1: { steps: [diagnosis()] },
    // A common order belongs to the request behind it.
    ORC: { closes: ['service', 'report', 'observation', 'specimen', 'drawn'], forgets: ['OBR'], steps: [] },
    OBR: {
      closes: ['service', 'report', 'observation', 'specimen', 'drawn'],
      steps: REPORT,
      // The next request without an ORC of its own must not take this one's numbers.
      uses: ['ORC'],
    },
    SPM: {
      closes: ['drawn'],
      steps: [
        {
          // What OBR said of a specimen is said of the first one.
          slot: 'specimen',
          marks: 'drawn',
          makes: 'Specimen',
          adds: true,
          maps: ['SPM[Specimen]'],
          links: { subject: 'patient', request: 'service' },
          listedIn: { report: 'specimen' },
          keys: SPECIMEN_KEYS,
        },
      ],
    },
    OBX: {
      steps: [
        ...PATIENT_OBSERVATIONS.map((step) => ({ ...step, outside: ['report'] })),
        ...observations({
          inside: ['report'],
          outside: ['drawn'],
          links: { subject: 'patient', encounter: 'encounter', specimen: 'specimen', basedOn: 'service' },
          listedIn: { report: 'result' },
          keys: [{ scope: 'sender', parts: ['@report', 'OBX-3.1|OBX-3.2', 'OBX-4?'] }],
        }),
        // Behind SPM stand results about the specimen itself.
        ...observations({
          inside: ['report', 'drawn'],
          links: { subject: 'patient', encounter: 'encounter', specimen: 'drawn', focus: 'drawn' },
          listedIn: { report: 'result' },
          keys: [{ scope: 'sender', parts: ['@drawn', 'OBX-3.1|OBX-3.2', 'OBX-4?'] }],
        }),
      ],
    },
    NTE: {
      steps: [
        { slot: 'observation', adds: true, after: ['OBX'], maps: ['NTE[Observation]'] },
        { slot: 'report', adds: true, after: ['OBR'], maps: ['NTE[DiagnosticReport]'] },
        { slot: 'service', adds: true, after: ['ORC', 'OBR'], maps: ['NTE[ServiceRequest]'] },
      ],
    },
  },
  finish: ['parents', 'subjects'],
};
