import { NEXTGEN_HL7_MESSAGES } from '../nextgen-enterprise/hl7-messages.ts';
import type { ConnectorProfile } from '../profile-format.ts';

/** NextGen KBM and older Office installations with the Data Exchange API. */
export const NEXTGEN_KBM: ConnectorProfile = {
  key: 'nextgen-kbm',
  vendor: 'NextGen',
  label: 'NextGen KBM / older Data Exchange',
  description: 'Knowledge Base Model and older installations with the Data Exchange API: files and HL7 first.',
  hosting: 'The customer or the vendor',
  surfaces: ['Data Exchange API (limited)', 'HL7 v2', 'Files'],
  baseUrls: {},
  versions: [
    {
      key: 'any',
      label: 'Any version',
      limits: 'Limited API; reduced real-time: files and HL7 first.',
      methods: {
        api: { offered: true, note: 'Older Data Exchange API, limited.' },
        hl7: { offered: true, note: 'Reduced real-time. Ask for a live sample feed first.' },
        file: { offered: true, note: 'The main way in for large volumes; not real-time.' },
      },
    },
  ],
  hl7Messages: NEXTGEN_HL7_MESSAGES.filter(({ type }) => /^(ADT|SIU|ORU|DFT)/.test(type)),
  guide: 'docs/guides/nextgen.md',
  prerequisites: [
    'Which interface engine stands in front of it, and its contact.',
    'A live sample feed, before anything is mapped.',
  ],
  patientMappingKey: 'nextgen.patient',
};
