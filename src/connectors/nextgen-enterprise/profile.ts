import type { ConnectorProfile } from '../profile-format.ts';
import { NEXTGEN_HL7_MESSAGES } from './hl7-messages.ts';

const FILES = 'Patient lists, appointments and billing over SFTP or a folder; not real-time.';

/** NextGen Enterprise EHR and PM: mostly on the customer's or a reseller's machines, customized per customer. */
export const NEXTGEN_ENTERPRISE: ConnectorProfile = {
  key: 'nextgen-enterprise',
  vendor: 'NextGen',
  label: 'NextGen Enterprise',
  description:
    'EHR and practice management, mostly hosted by the customer or a reseller. Forms, workflows and Z-segments differ from customer to customer.',
  hosting: 'Mostly the customer or a reseller; some in the cloud',
  surfaces: ['Enterprise REST API', 'FHIR R4', 'Bulk Data', 'HL7 v2 (Rosetta, or Mirth in its place)', 'Files'],
  baseUrls: {
    rest: 'https://api.nextgen.com/v1',
    fhir: 'https://fhir.nextgen.com/nge/prod/fhir-api-r4/fhir/r4',
  },
  versions: [
    {
      key: '6.0.x',
      label: '6.0.x and later',
      limits: '',
      methods: {
        api: { offered: true, note: 'Full REST API and FHIR R4. Needs credentials of a partner program.' },
        hl7: { offered: true, note: 'Every customer has a layout of its own: ask for a live sample feed first.' },
        file: { offered: true, note: FILES },
      },
    },
    {
      key: '5.9.x',
      label: '5.9.x',
      limits: 'Some API endpoints are unavailable; the data of some USCDI elements differs.',
      methods: {
        api: { offered: true, note: 'Basic API: some endpoints are unavailable, some USCDI elements differ.' },
        hl7: { offered: true, note: 'Every customer has a layout of its own: ask for a live sample feed first.' },
        file: { offered: true, note: FILES },
      },
    },
    {
      key: '5.8.x',
      label: '5.8.x and older',
      limits: 'API limited; HL7 and files are the way.',
      methods: {
        api: { offered: false, note: 'Version 5.8.x and older has no API to build on; use HL7 or files.' },
        hl7: { offered: true, note: 'Basic HL7. Ask for a live sample feed first.' },
        file: { offered: true, note: FILES },
      },
    },
  ],
  hl7Messages: NEXTGEN_HL7_MESSAGES,
  guide: 'docs/guides/nextgen.md',
  prerequisites: [
    'Which product it is: Enterprise, not Office. The two have other interfaces.',
    'HL7 is enabled separately from the partner program: ask for the Rosetta (or Mirth) interface and its contact.',
    "The customer's IT: addresses, ports and allow-lists on both sides, VPN or private link.",
    'A live sample feed, before anything is mapped.',
    'For community health centers: where sliding fee class, grant codes and UDS elements stand.',
  ],
  patientMappingKey: 'nextgen.patient',
};
