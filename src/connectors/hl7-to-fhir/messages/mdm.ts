import type { MessageMap } from '../../../mapping/to-fhir/to-fhir-format.ts';
import { HEADER, PATIENT, visit } from './common-steps.ts';
import { ORDER_GROUP } from './orders.ts';

/** Document notifications: what OBX holds becomes the content of one DocumentReference. */
export const MDM_T02: MessageMap = {
  table: 'MDM_T02',
  messages: ['MDM^*', 'MDM'],
  segments: {
    ...HEADER,
    ...PATIENT,
    ...visit('context'),
    ...Object.fromEntries(
      Object.entries(ORDER_GROUP).map(([segment, work]) => [
        segment,
        {
          ...work,
          steps: work.steps.map((step) => ({
            ...step,
            ...(step.makes === undefined ? {} : { role: 'context' as const }),
          })),
        },
      ]),
    ),
    NTE: { steps: [{ slot: 'service', adds: true, after: ['ORC', 'OBR'], maps: ['NTE[ServiceRequest]'] }] },
    TXA: {
      steps: [
        {
          slot: 'document',
          makes: 'DocumentReference',
          maps: ['TXA[DocumentReference]'],
          links: { subject: 'patient', 'context.encounter': 'encounter', 'context.related': 'service' },
          keys: [
            { scope: 'sender', parts: ['TXA-12.1|TXA-12.3', 'TXA-12.2?'] },
            { scope: 'patient', parts: ['TXA-16'] },
            { scope: 'patient', parts: ['TXA-2.1', 'TXA-4|TXA-6'] },
          ],
        },
        {
          slot: 'edit',
          makes: 'Provenance',
          role: 'message',
          maps: ['TXA[Provenance]'],
          if: 'TXA-8 valued and TXA-9 valued',
        },
      ],
    },
  },
  finish: ['documents', 'subjects'],
};
