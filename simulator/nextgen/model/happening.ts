import type { Appointment, Bill, ClinicalDocument, LabReport, Order, Patient, Shot, Visit } from './entities.ts';

/** The messages that a NextGen practice sends, as MSH-9 names them. */
export const MESSAGE_TYPES = [
  'ADT^A01',
  'ADT^A03',
  'ADT^A04',
  'ADT^A08',
  'ADT^A11',
  'ADT^A28',
  'ADT^A31',
  'ADT^A40',
  'SIU^S12',
  'SIU^S13',
  'SIU^S14',
  'SIU^S15',
  'SIU^S17',
  'SIU^S26',
  'ORM^O01',
  'OML^O21',
  'ORU^R01',
  'MDM^T01',
  'MDM^T02',
  'MDM^T06',
  'MDM^T11',
  'DFT^P03',
  'VXU^V04',
] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

/** What happened in the practice. */
export type Act =
  | 'registered'
  | 'registered_twice'
  | 'visited'
  | 'admitted'
  | 'discharged'
  | 'visit_cancelled'
  | 'moved'
  | 'new_phone'
  | 'new_insurance'
  | 'married'
  | 'merged'
  | 'booked'
  | 'rescheduled'
  | 'modified'
  | 'cancelled'
  | 'deleted'
  | 'no_show'
  | 'ordered'
  | 'order_cancelled'
  | 'result_preliminary'
  | 'result_final'
  | 'result_corrected'
  | 'result_cancelled'
  | 'document_announced'
  | 'document_filed'
  | 'addendum_filed'
  | 'document_cancelled'
  | 'charged'
  | 'charge_reversed'
  | 'immunized'
  | 'immunization_changed';

interface Common {
  readonly type: MessageType;
  readonly act: Act;
  readonly patient: Patient;
}

export type Happening = Common &
  (
    | { readonly kind: 'adt'; readonly visit: Visit; readonly prior?: Patient }
    | { readonly kind: 'siu'; readonly appointment: Appointment }
    | { readonly kind: 'order'; readonly orders: readonly Order[]; readonly control: 'NW' | 'CA' }
    | { readonly kind: 'oru'; readonly report: LabReport }
    | { readonly kind: 'mdm'; readonly document: ClinicalDocument }
    | { readonly kind: 'dft'; readonly bill: Bill }
    | { readonly kind: 'vxu'; readonly shots: readonly Shot[] }
  );
