import type { ConnectorProfile } from '../profile-format.ts';

/** The messages of NextGen's HL7 interfaces (Rosetta, or Mirth in its place), seen from Practice Studio. */
export const NEXTGEN_HL7_MESSAGES: ConnectorProfile['hl7Messages'] = [
  { type: 'ADT^A01', meaning: 'Patient admitted (registration)', direction: 'in' },
  { type: 'ADT^A04', meaning: 'Patient registered', direction: 'in' },
  { type: 'ADT^A08', meaning: 'Patient information updated', direction: 'in' },
  { type: 'ADT^A28', meaning: 'Person added', direction: 'in' },
  { type: 'ADT^A31', meaning: 'Person information updated', direction: 'in' },
  { type: 'ADT^A03', meaning: 'Visit ended', direction: 'in' },
  { type: 'ADT^A11', meaning: 'Admission cancelled', direction: 'in' },
  { type: 'ADT^A40', meaning: 'Patients merged', direction: 'in' },
  { type: 'SIU^S12', meaning: 'Appointment booked', direction: 'both' },
  { type: 'SIU^S13', meaning: 'Appointment rescheduled', direction: 'both' },
  { type: 'SIU^S14', meaning: 'Appointment modified', direction: 'both' },
  { type: 'SIU^S15', meaning: 'Appointment cancelled', direction: 'both' },
  { type: 'SIU^S17', meaning: 'Appointment deleted', direction: 'both' },
  { type: 'SIU^S26', meaning: 'Patient did not come', direction: 'both' },
  { type: 'ORU^R01', meaning: 'Observation result', direction: 'both' },
  { type: 'DFT^P03', meaning: 'Financial transaction', direction: 'both' },
  { type: 'MDM^T01', meaning: 'Document announced', direction: 'in' },
  { type: 'MDM^T02', meaning: 'Document with content', direction: 'in' },
  { type: 'MDM^T06', meaning: 'Addendum to a document, with content', direction: 'in' },
  { type: 'MDM^T11', meaning: 'Document cancelled', direction: 'in' },
  { type: 'ORM^O01', meaning: 'Order', direction: 'in' },
  { type: 'OML^O21', meaning: 'Laboratory order', direction: 'in' },
  { type: 'VXU^V04', meaning: 'Immunization', direction: 'in' },
];
