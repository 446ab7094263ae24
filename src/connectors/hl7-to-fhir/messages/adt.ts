import type { MessageMap, SegmentStep } from '../../../mapping/to-fhir/to-fhir-format.ts';
import {
  ALLERGIES,
  HEADER,
  INSURANCE,
  PATIENT_OBSERVATIONS,
  PATIENT_WITH_ACCOUNT,
  PROCEDURES,
  diagnosis,
  visit,
} from './common-steps.ts';

/** A diagnosis of the visit, with its role and rank there. */
export const VISIT_DIAGNOSIS: readonly SegmentStep[] = [
  diagnosis({ encounter: 'diagnosis[+].condition' }),
  { slot: 'encounter', adds: true, maps: ['DG1[Encounter]'], if: 'DG1-3 valued or DG1-4 valued' },
];

const ADT: MessageMap['segments'] = {
  ...HEADER,
  ...PATIENT_WITH_ACCOUNT,
  ...visit('subject'),
  ...ALLERGIES,
  ...PROCEDURES,
  ...INSURANCE,
  OBX: { steps: PATIENT_OBSERVATIONS },
  NTE: { steps: [{ slot: 'observation', adds: true, after: ['OBX'], maps: ['NTE[Observation]'] }] },
  ROL: {
    steps: [
      {
        slot: 'patient',
        adds: true,
        outside: ['encounter'],
        maps: ['ROL[Patient-GeneralPractitioner]'],
        if: 'ROL-3.1 = PP',
      },
      { slot: 'encounter', adds: true, maps: ['ROL[Encounter-PractitionerRole]'] },
    ],
  },
  DG1: { steps: VISIT_DIAGNOSIS },
  GT1: {
    steps: [
      {
        slot: 'guarantor',
        makes: 'RelatedPerson',
        maps: ['GT1[RelatedPerson]'],
        if: 'GT1-3 valued',
        links: { patient: 'patient' },
        listedIn: { account: 'guarantor[+].party' },
        keys: [{ scope: 'patient', parts: ['=guarantor', 'GT1-3.1', 'GT1-3.2?'] }],
      },
    ],
  },
};

/** Admission, registration, transfer, discharge, update, cancellation: one structure, of which each event uses a part. */
export const ADT_A01: MessageMap = {
  table: 'ADT_A01',
  messages: ['ADT^*', 'ADT', 'BAR^P01', 'BAR^P02', 'BAR^P12', 'BAR^P06'],
  segments: ADT,
  finish: ['subjects'],
};

/** Merge: the patient of PID stays, the one of MRG is no more. */
export const ADT_A40: MessageMap = {
  table: 'ADT_A39',
  own: 'The published tables have no merge: two patients that are linked, and the account of MRG (MRG[Account]).',
  messages: [
    'ADT^A40',
    'ADT^A39',
    'ADT^A41',
    'ADT^A18',
    'ADT^A30',
    'ADT^A34',
    'ADT^A35',
    'ADT^A36',
    'ADT^A47',
    'ADT^A43',
    'ADT^A45',
    'ADT^A50',
  ],
  segments: {
    ...HEADER,
    PID: {
      closes: ['patient', 'replaced', 'account', 'encounter'],
      steps: PATIENT_WITH_ACCOUNT['PID']?.steps ?? [],
    },
    PD1: PATIENT_WITH_ACCOUNT['PD1'] ?? { steps: [] },
    MRG: {
      steps: [
        {
          slot: 'replaced',
          makes: 'Patient',
          role: 'replaced',
          maps: ['MRG[Patient]'],
          if: 'MRG-1 valued',
          links: { 'link.other': 'patient' },
          listedIn: { patient: 'link[+].other' },
          keys: [{ scope: 'sender', parts: ['MRG-1.4?', 'MRG-1.1'] }],
        },
        { slot: 'patient', adds: true, maps: ['MRG[Patient-replaces]'], if: 'MRG-1 valued' },
        {
          slot: 'oldAccount',
          makes: 'Account',
          maps: ['MRG[Account]'],
          if: 'MRG-3 valued',
          links: { subject: 'patient' },
          keys: [{ scope: 'sender', parts: ['MRG-3.4?', 'MRG-3.1'] }],
        },
      ],
    },
    ...visit('context'),
  },
  finish: ['subjects'],
};
