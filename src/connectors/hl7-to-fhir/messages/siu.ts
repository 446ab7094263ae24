import type { MessageMap } from '../../../mapping/to-fhir/to-fhir-format.ts';
import { HEADER, PATIENT, PATIENT_OBSERVATIONS, diagnosis, visit } from './common-steps.ts';

/** Appointments. What they need (AIS, AIG, AIL, AIP) are participants and the kind of service. */
export const SIU_S12: MessageMap = {
  table: 'SIU_S12',
  messages: ['SIU^*', 'SIU'],
  segments: {
    ...HEADER,
    ...PATIENT,
    ...visit('context'),
    DG1: { steps: [diagnosis({ appointment: 'reasonReference' })] },
    SCH: {
      steps: [
        {
          slot: 'ordered',
          makes: 'ServiceRequest',
          role: 'context',
          maps: ['SCH[ServiceRequest]'],
          if: 'SCH-26 valued or SCH-27 valued',
          links: { subject: 'patient' },
          keys: [
            { scope: 'sender', parts: ['=placer', 'SCH-26.1', 'SCH-26.2?', '='] },
            { scope: 'sender', parts: ['=filler', 'SCH-27.1', 'SCH-27.2?', '='] },
          ],
        },
        {
          slot: 'appointment',
          makes: 'Appointment',
          maps: ['SCH[Appointment]'],
          links: { basedOn: 'ordered' },
          keys: [
            { scope: 'sender', parts: ['=filler', 'SCH-2.1', 'SCH-2.2?'] },
            { scope: 'sender', parts: ['=placer', 'SCH-1.1', 'SCH-1.2?'] },
            { scope: 'patient', parts: ['SCH-11.4'] },
          ],
        },
      ],
    },
    TQ1: { steps: [{ slot: 'appointment', adds: true, maps: ['TQ1[Appointment]'] }] },
    NTE: {
      steps: [
        {
          slot: 'appointment',
          adds: true,
          after: ['SCH', 'TQ1', 'AIS', 'AIG', 'AIL', 'AIP'],
          maps: ['NTE[Appointment-Comment]'],
        },
        { slot: 'observation', adds: true, after: ['OBX'], maps: ['NTE[Observation]'] },
      ],
    },
    OBX: { steps: PATIENT_OBSERVATIONS },
    AIS: { steps: [{ slot: 'appointment', adds: true, maps: ['AIS[Appointment]'] }] },
    AIG: { steps: [{ slot: 'appointment', adds: true, maps: ['AIG[Appointment]'] }] },
    AIL: { steps: [{ slot: 'appointment', adds: true, maps: ['AIL[Appointment]'] }] },
    AIP: { steps: [{ slot: 'appointment', adds: true, maps: ['AIP[Appointment]'] }] },
  },
  finish: ['appointments', 'subjects'],
};
