import { NEXTGEN_HL7_MESSAGES } from '../nextgen-enterprise/hl7-messages.ts';
import type { ConnectorProfile } from '../profile-format.ts';

/** NextGen Office: the vendor's own service, the same for every customer. */
export const NEXTGEN_OFFICE: ConnectorProfile = {
  key: 'nextgen-office',
  vendor: 'NextGen',
  label: 'NextGen Office',
  description:
    'Hosted by the vendor and the same for every customer; lighter clinical data and another API than Enterprise.',
  hosting: 'The vendor',
  surfaces: ['Patient Access API (FHIR R4, SMART standalone launch)', 'HL7 v2', 'Files'],
  baseUrls: { fhir: 'https://fhir.meditouchehr.com/api/fhir/r4' },
  versions: [
    {
      key: 'current',
      label: 'Current (hosted)',
      limits: 'Limited API and HL7; reduced real-time.',
      methods: {
        api: { offered: true, note: 'Patient Access API only: each patient signs in and allows it.' },
        hl7: { offered: true, note: 'Enabled by the vendor on request; reduced real-time.' },
        file: { offered: true, note: 'Exports and imports as files; not real-time.' },
      },
    },
  ],
  hl7Messages: NEXTGEN_HL7_MESSAGES.filter(({ type }) => /^(ADT|SIU|ORU)/.test(type)),
  guide: 'docs/guides/nextgen.md',
  prerequisites: [
    'Which product it is: Office, not Enterprise. The two have other interfaces.',
    "The vendor's approval for the HL7 interface, and its contact.",
    'A live sample feed, before anything is mapped.',
  ],
  patientMappingKey: 'nextgen.patient',
};
