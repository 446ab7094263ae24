import type { MessageMap } from '../../../mapping/to-fhir/to-fhir-format.ts';
import { ADT_A01 } from './adt.ts';
import { visit } from './common-steps.ts';

/** Charges: the patient, visit, account and insurance as in ADT, and a ChargeItem for each FT1. */
export const DFT_P03: MessageMap = {
  table: 'DFT_P03',
  own: 'There is no published table for DFT; its segments follow those that ADT shares with it.',
  messages: ['DFT^*', 'DFT'],
  segments: {
    ...ADT_A01.segments,
    ...visit('context'),
    FT1: {
      steps: [
        {
          slot: 'charge',
          makes: 'ChargeItem',
          maps: ['FT1[ChargeItem]'],
          links: { subject: 'patient', context: 'encounter', account: 'account' },
          keys: [
            { scope: 'sender', parts: ['FT1-2.1'] },
            { scope: 'patient', parts: ['FT1-4.1', 'FT1-25.1|FT1-7.1', 'FT1-1?'] },
          ],
        },
      ],
    },
  },
  finish: ['subjects'],
};
