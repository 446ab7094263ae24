import type { KeyMap, MessageMap, SegmentStep } from '../../../mapping/to-fhir/to-fhir-format.ts';

/*
 * What many messages have in common: the header, the patient with his relatives, the visit, allergies, diagnoses, insurance.
 */

type Segments = MessageMap['segments'];

const PATIENT_KEYS: readonly KeyMap[] = [
  { scope: 'sender', parts: ['PID-3.4?', 'PID-3.1'] },
  { scope: 'sender', parts: ['PID-2.4?', 'PID-2.1'] },
];

export const HEADER: Segments = {
  MSH: {
    steps: [
      { slot: 'header', makes: 'MessageHeader', role: 'message', maps: ['MSH[MessageHeader]'] },
      {
        slot: 'source',
        makes: 'Provenance',
        role: 'message',
        maps: ['MSH[Provenance-Source]'],
        if: 'MSH-4 valued or MSH-22 valued',
      },
    ],
  },
  SFT: { steps: [{ slot: 'header', adds: true, maps: ['SFT[MessageHeader]'] }] },
  EVN: {
    steps: [
      {
        slot: 'event',
        makes: 'Provenance',
        role: 'message',
        maps: ['EVN[Provenance]'],
        if: 'EVN-5 valued or MSH-4 valued or MSH-22 valued',
      },
    ],
  },
};

/** What ends where another patient begins. */
const PATIENT_SLOTS = ['patient', 'encounter', 'account', 'service', 'report', 'observation', 'specimen', 'coverage'];

const PID: SegmentStep = {
  slot: 'patient',
  makes: 'Patient',
  role: 'patient',
  maps: ['PID[Patient]'],
  keys: PATIENT_KEYS,
};

const NEXT_OF_KIN: readonly SegmentStep[] = [
  { slot: 'patient', adds: true, maps: ['NK1[Patient]'] },
  {
    slot: 'relative',
    makes: 'RelatedPerson',
    maps: ['NK1[RelatedPerson]'],
    if: 'NK1-3.1 not in EMR E F I S and NK1-2 valued',
    links: { patient: 'patient' },
    keys: [{ scope: 'patient', parts: ['NK1-2.1', 'NK1-2.2?', 'NK1-3.1?'] }],
  },
];

/** Patient, account and relatives. */
export const PATIENT: Segments = {
  PID: { closes: PATIENT_SLOTS, forgets: ['ORC', 'OBR', 'TQ1'], steps: [PID] },
  PD1: { steps: [{ slot: 'patient', adds: true, maps: ['PD1[Patient]'] }] },
  NK1: { steps: NEXT_OF_KIN },
};

/** The same with the account that PID names, where money and visits are the subject. */
export const PATIENT_WITH_ACCOUNT: Segments = {
  ...PATIENT,
  PID: {
    closes: PATIENT_SLOTS,
    steps: [
      PID,
      {
        slot: 'account',
        makes: 'Account',
        maps: ['PID[Account]'],
        if: 'PID-18 valued',
        links: { subject: 'patient' },
        keys: [{ scope: 'sender', parts: ['PID-18.4?', 'PID-18.1'] }],
      },
      {
        slot: 'mother',
        makes: 'RelatedPerson',
        maps: ['CX[RelatedPerson-Mother]'],
        if: 'PID-21 valued',
        links: { patient: 'patient' },
        keys: [{ scope: 'patient', parts: ['=mother', 'PID-21.1'] }],
      },
    ],
  },
};

const VISIT_KEYS: readonly KeyMap[] = [
  { scope: 'sender', parts: ['PV1-19.4?', 'PV1-19.1'] },
  { scope: 'sender', parts: ['=alternate', 'PV1-50.4?', 'PV1-50.1'] },
  { scope: 'patient', parts: ['PV1-44'] },
];

/** The visit. Where it is only mentioned (results, orders, documents), it does not replace what is known of it. */
export function visit(role: 'subject' | 'context'): Segments {
  return {
    PV1: {
      steps: [
        {
          slot: 'encounter',
          makes: 'Encounter',
          role,
          maps: ['PV1[Encounter]'],
          if: 'PV1-2 valued or PV1-19 valued or PV1-44 valued or PV1-7 valued or PV1-3 valued',
          links: { subject: 'patient', account: 'account' },
          keys: VISIT_KEYS,
        },
      ],
    },
    PV2: { steps: [{ slot: 'encounter', adds: true, maps: ['PV2[Encounter]'] }] },
  };
}

const ALLERGY_LINKS = { patient: 'patient' };

export const ALLERGIES: Segments = {
  AL1: {
    steps: [
      {
        slot: 'allergy',
        makes: 'AllergyIntolerance',
        maps: ['AL1[AllergyIntolerance]'],
        if: 'AL1-3 valued',
        links: ALLERGY_LINKS,
        keys: [{ scope: 'patient', parts: ['AL1-3.1|AL1-3.2'] }],
      },
    ],
  },
  IAM: {
    steps: [
      {
        slot: 'allergy',
        makes: 'AllergyIntolerance',
        maps: ['IAM[AllergyIntolerance]'],
        if: 'IAM-3 valued or IAM-27 valued',
        links: ALLERGY_LINKS,
        keys: [
          { scope: 'sender', parts: ['=unique', 'IAM-7.1', 'IAM-7.2?'] },
          { scope: 'patient', parts: ['IAM-3.1|IAM-3.2'] },
        ],
      },
    ],
  },
};

const DIAGNOSIS_KEYS: readonly KeyMap[] = [
  { scope: 'sender', parts: ['=unique', 'DG1-20.1', 'DG1-20.2?'] },
  { scope: 'sender', parts: ['@encounter', 'DG1-3.1|DG1-3.2|DG1-4'] },
  { scope: 'patient', parts: ['DG1-3.1|DG1-3.2|DG1-4', 'DG1-5?'] },
];

/** A diagnosis; `listedIn` says where it is a reason. */
export function diagnosis(listedIn: Readonly<Record<string, string>> = {}): SegmentStep {
  return {
    slot: 'condition',
    makes: 'Condition',
    maps: ['DG1[Condition]'],
    if: 'DG1-3 valued or DG1-4 valued',
    links: { subject: 'patient', encounter: 'encounter' },
    listedIn,
    keys: DIAGNOSIS_KEYS,
  };
}

export const PROCEDURES: Segments = {
  PR1: {
    steps: [
      {
        slot: 'procedure',
        makes: 'Procedure',
        maps: ['PR1[Procedure]'],
        if: 'PR1-3 valued or PR1-4 valued',
        links: { subject: 'patient', encounter: 'encounter' },
        keys: [
          { scope: 'sender', parts: ['=unique', 'PR1-19.1', 'PR1-19.2?'] },
          { scope: 'patient', parts: ['PR1-3.1|PR1-3.2|PR1-4', 'PR1-5?'] },
        ],
      },
    ],
  },
};

export const INSURANCE: Segments = {
  IN1: {
    closes: ['coverage', 'subscriber'],
    steps: [
      {
        slot: 'subscriber',
        makes: 'RelatedPerson',
        maps: ['IN1[RelatedPerson]'],
        if: 'IN1-16 valued and IN1-17 not in SEL SELF 18 Self self ONESELF',
        links: { patient: 'patient' },
        keys: [{ scope: 'patient', parts: ['=subscriber', 'IN1-16.1', 'IN1-16.2?'] }],
      },
      {
        slot: 'coverage',
        makes: 'Coverage',
        maps: ['IN1[Coverage]'],
        if: 'IN1-2 valued or IN1-3 valued or IN1-4 valued or IN1-36 valued',
        links: { beneficiary: 'patient', subscriber: 'subscriber' },
        listedIn: { account: 'coverage[+].coverage' },
        keys: [
          { scope: 'patient', parts: ['IN1-2.1|IN1-3.1|IN1-4.1', 'IN1-36.1|IN1-49.1|IN1-1'] },
          { scope: 'patient', parts: ['IN1-1'] },
        ],
      },
    ],
  },
};

/** Results that say something of the patient himself, outside of any order. */
export const PATIENT_OBSERVATIONS: readonly SegmentStep[] = [
  { slot: 'patient', adds: true, maps: ['OBX[Patient-BirthSex]'], if: 'OBX-3.1 = 76689-9' },
  ...observations({ links: { subject: 'patient', encounter: 'encounter' } }),
];

interface ObservationPlace {
  readonly links: Readonly<Record<string, string>>;
  readonly listedIn?: Readonly<Record<string, string>>;
  readonly inside?: readonly string[];
  readonly outside?: readonly string[];
  readonly keys?: readonly KeyMap[];
  readonly if?: string;
}

/** The three ways in which OBX becomes an Observation, and the document that one may embed. */
export function observations(place: ObservationPlace): readonly SegmentStep[] {
  const { if: condition, keys = [], ...where } = place;
  const all = {
    ...where,
    slot: 'observation',
    makes: 'Observation',
    keys: [
      { scope: 'sender', parts: ['=unique', 'OBX-21.1', 'OBX-21.2?'] },
      ...keys,
      { scope: 'patient', parts: ['@encounter?', 'OBX-3.1|OBX-3.2', 'OBX-4?', 'OBX-14?'] },
    ],
  } as const satisfies Partial<SegmentStep>;
  const and = condition === undefined ? '' : `${condition} and `;
  return [
    { ...all, maps: ['OBX[Observation]'], if: `${and}OBX-5 not repeats or ${and}OBX-2 = NA` },
    { ...all, maps: ['OBX[Observation-Text]'], if: `${and}OBX-5 repeats and OBX-2 in TX FT ST` },
    { ...all, maps: ['OBX[Observation-Component]'], if: `${and}OBX-5 repeats and OBX-2 not in TX FT ST NA ED RP` },
    { ...all, maps: ['OBX[Observation]'], if: `${and}OBX-5 repeats and OBX-2 in ED RP` },
    {
      slot: 'attached',
      makes: 'DocumentReference',
      maps: ['ED[DocumentReference]'],
      if: `${and}OBX-2 in ED RP`,
      links: { subject: 'patient', 'context.encounter': 'encounter' },
      listedIn: { observation: 'derivedFrom' },
      ...(place.inside === undefined ? {} : { inside: place.inside }),
      ...(place.outside === undefined ? {} : { outside: place.outside }),
      keys: [{ scope: 'sender', parts: ['@observation'] }],
    },
  ];
}
