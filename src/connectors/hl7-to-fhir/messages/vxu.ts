import type { MessageMap } from '../../../mapping/to-fhir/to-fhir-format.ts';
import { ALLERGIES, HEADER, INSURANCE, PATIENT, PATIENT_OBSERVATIONS, observations, visit } from './common-steps.ts';

/** Immunizations: each ORC with its RXA is one. */
export const VXU_V04: MessageMap = {
  table: 'VXU_V04',
  messages: ['VXU^*', 'VXU', 'VXX^*', 'VXR^*'],
  segments: {
    ...HEADER,
    ...PATIENT,
    ...visit('context'),
    ...ALLERGIES,
    ...INSURANCE,
    ORC: { closes: ['immunization', 'observation'], forgets: ['RXA', 'RXR'], steps: [] },
    RXA: {
      closes: ['immunization', 'observation'],
      forgets: ['RXR'],
      uses: ['ORC'],
      steps: [
        {
          slot: 'immunization',
          makes: 'Immunization',
          maps: ['ORC[Immunization]', 'RXA[Immunization]'],
          links: { patient: 'patient', encounter: 'encounter' },
          keys: [
            { scope: 'sender', parts: ['=filler', 'ORC-3.1', 'ORC-3.2?', 'RXA-5.1|RXA-5.2'] },
            { scope: 'sender', parts: ['=placer', 'ORC-2.1', 'ORC-2.2?', 'RXA-5.1|RXA-5.2'] },
            { scope: 'patient', parts: ['RXA-5.1|RXA-5.2', 'RXA-3'] },
          ],
        },
      ],
    },
    RXR: { steps: [{ slot: 'immunization', adds: true, maps: ['RXR[Immunization]'] }] },
    OBX: {
      steps: [
        ...PATIENT_OBSERVATIONS.map((step) => ({ ...step, outside: ['immunization'] })),
        { slot: 'immunization', adds: true, maps: ['OBX[Immunization]'], if: 'OBX-3.1 in 64994-7 30963-3' },
        ...observations({
          inside: ['immunization'],
          links: { subject: 'patient', encounter: 'encounter', partOf: 'immunization' },
          keys: [{ scope: 'sender', parts: ['@immunization', 'OBX-3.1|OBX-3.2', 'OBX-4?'] }],
        }),
      ],
    },
    NTE: {
      steps: [
        { slot: 'observation', adds: true, after: ['OBX'], maps: ['NTE[Observation]'] },
        { slot: 'immunization', adds: true, after: ['RXA', 'RXR'], maps: ['NTE[Immunization]'] },
      ],
    },
  },
  finish: ['subjects'],
};
