import type { MessageMap, SegmentStep } from '../../../mapping/to-fhir/to-fhir-format.ts';
import {
  ALLERGIES,
  HEADER,
  INSURANCE,
  PATIENT,
  PATIENT_OBSERVATIONS,
  diagnosis,
  observations,
  visit,
} from './common-steps.ts';
import { ORDER_KEYS, SPECIMEN_KEYS } from './oru.ts';

const ORDER_LINKS = { subject: 'patient', encounter: 'encounter' };

/** ORC opens an order; the OBR behind it says what is ordered. A further OBR under the same ORC is a further order. */
const REQUEST: readonly SegmentStep[] = [
  {
    slot: 'service',
    makes: 'ServiceRequest',
    adds: true,
    maps: ['ServiceRequest-defaults', 'OBR[ServiceRequest]'],
    inside: ['service'],
    links: ORDER_LINKS,
    keys: ORDER_KEYS,
  },
  {
    slot: 'service',
    makes: 'ServiceRequest',
    maps: ['OBR[ServiceRequest]', 'ServiceRequest-defaults'],
    outside: ['service'],
    links: ORDER_LINKS,
    keys: ORDER_KEYS,
  },
  {
    slot: 'specimen',
    makes: 'Specimen',
    maps: ['OBR[Specimen]'],
    if: 'OBR-15 valued or OBR-14 valued or OBR-9 valued or OBR-10 valued',
    links: { subject: 'patient', request: 'service' },
    listedIn: { service: 'specimen' },
    keys: [{ scope: 'sender', parts: ['@service', '=obr'] }],
  },
];

export const ORDER_GROUP: MessageMap['segments'] = {
  ORC: {
    closes: ['service', 'observation', 'specimen', 'drawn'],
    forgets: ['OBR', 'TQ1'],
    steps: [
      {
        slot: 'service',
        makes: 'ServiceRequest',
        maps: ['ORC[ServiceRequest]'],
        links: ORDER_LINKS,
        keys: ORDER_KEYS,
      },
    ],
  },
  TQ1: { steps: [{ slot: 'service', adds: true, maps: ['TQ1[ServiceRequest]'] }] },
  OBR: { closes: ['observation', 'specimen', 'drawn'], steps: REQUEST },
  NTE: {
    steps: [
      { slot: 'observation', adds: true, after: ['OBX'], maps: ['NTE[Observation]'] },
      { slot: 'service', adds: true, after: ['ORC', 'OBR', 'TQ1', 'DG1'], maps: ['NTE[ServiceRequest]'] },
    ],
  },
};

/** Orders: one ServiceRequest for each ORC with its OBR. */
export const ORM_O01: MessageMap = {
  table: 'ORM_O01',
  messages: ['ORM^*', 'ORM', 'OML^*', 'OMG^*'],
  segments: {
    ...HEADER,
    ...PATIENT,
    ...visit('context'),
    ...ALLERGIES,
    ...INSURANCE,
    ...ORDER_GROUP,
    DG1: { steps: [diagnosis({ service: 'reasonReference' })] },
    SPM: {
      steps: [
        {
          // What OBR said of a specimen is said of the first one.
          slot: 'specimen',
          marks: 'drawn',
          makes: 'Specimen',
          adds: true,
          maps: ['SPM[Specimen]'],
          links: { subject: 'patient', request: 'service' },
          listedIn: { service: 'specimen' },
          keys: SPECIMEN_KEYS,
        },
      ],
    },
    OBX: {
      steps: [
        ...PATIENT_OBSERVATIONS.map((step) => ({ ...step, outside: ['service'] })),
        ...observations({
          inside: ['service'],
          links: ORDER_LINKS,
          listedIn: { service: 'supportingInfo' },
          keys: [{ scope: 'sender', parts: ['@service', 'OBX-3.1|OBX-3.2', 'OBX-4?'] }],
        }),
      ],
    },
  },
  finish: ['subjects'],
};
