import type { CodeMap } from '../../../mapping/to-fhir/to-fhir-format.ts';

/** Concept map AdmissionType. */
export const ADMISSION_TYPE: CodeMap = {
  table: 'AdmissionType',
  from: '0007',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0007',
  same: 'A E L R N U C',
};

/** Concept map AmbulatoryStatus. */
export const AMBULATORY_STATUS: CodeMap = {
  table: 'AmbulatoryStatus',
  from: '0009',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0009',
  same: 'A3 A4 A5 A6 A7 A8 A9 B1 B2 B3 B4 B5 B6',
  codes: {
    A2: 'wheel|Wheelchair|http://terminology.hl7.org/CodeSystem/encounter-special-arrangements',
  },
};

/** Concept map BedStatus. */
export const BED_STATUS: CodeMap = {
  table: 'BedStatus',
  from: '0116',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0116',
  same: 'C H O U K I',
};

/** Concept map DiagnosisType. */
export const DIAGNOSIS_TYPE: CodeMap = {
  table: 'DiagnosisType',
  from: '0052',
  to: 'http://terminology.hl7.org/CodeSystem/diagnosis-role',
  codes: {
    A: 'AD|Admission Diagnosis',
  },
  also: {
    D: 'DD|Discharge diagnosis',
    F: 'DD|Discharge diagnosis',
  },
};

/** Concept map EncounterPriority. */
export const ENCOUNTER_PRIORITY: CodeMap = {
  table: 'EncounterPriority',
  from: '0217',
  to: 'http://terminology.hl7.org/CodeSystem/v3-ActPriority',
  codes: {
    '1': 'EM|emergency',
    '2': 'UR|urgent',
    '3': 'EL|elective',
  },
};

/** Concept map EventReason. */
export const EVENT_REASON: CodeMap = {
  table: 'EventReason',
  from: '0062',
  to: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
  codes: {
    '01': 'PATRQT|patient requested',
    '02': 'TREAT|treatment',
    '03': 'HOPERAT|healthcare operations',
    O: 'O|Other|http://terminology.hl7.org/CodeSystem/v2-0062',
    U: 'U|Unknown|http://terminology.hl7.org/CodeSystem/v2-0062',
  },
};

/** Concept map Event[EncounterStatus]. */
export const EVENT_ENCOUNTER_STATUS: CodeMap = {
  table: 'Event[EncounterStatus]',
  from: '0003',
  to: 'http://hl7.org/fhir/encounter-status',
  codes: {
    A01: 'in-progress|In Progress',
    A02: 'in-progress|In Progress',
    A03: 'finished',
    A04: 'planned',
    A05: 'planned',
    A08: 'unknown',
    A11: 'cancelled',
    A13: 'in-progress|In Progress',
  },
};

/** Concept map HospitalService. */
export const HOSPITAL_SERVICE: CodeMap = {
  table: 'HospitalService',
  from: '0069',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0069',
  same: 'SUR PUL CAR',
  codes: {
    MED: '382|Medical Services|http://terminology.hl7.org/CodeSystem/service-type',
    URO: '222|Urology|http://terminology.hl7.org/CodeSystem/service-type',
  },
};

/** Concept map ModeOfArrivalCode. */
export const MODE_OF_ARRIVAL_CODE: CodeMap = {
  table: 'ModeOfArrivalCode',
  from: '0430',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0430',
  same: 'A C F H P O U',
};

/** Concept map PatientClass[EncounterClass]. */
export const PATIENT_CLASS_ENCOUNTER_CLASS: CodeMap = {
  table: 'PatientClass[EncounterClass]',
  from: '0004',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0004',
  same: 'R B C N U',
  codes: {
    E: 'EMER|emergency|http://terminology.hl7.org/CodeSystem/v3-ActCode',
    I: 'IMP|inpatient encounter|http://terminology.hl7.org/CodeSystem/v3-ActCode',
    O: 'AMB|ambulatory|http://terminology.hl7.org/CodeSystem/v3-ActCode',
    P: 'PRENC|pre-admission|http://terminology.hl7.org/CodeSystem/v3-ActCode',
  },
  also: {
    OUTPATIENT: 'AMB|ambulatory|http://terminology.hl7.org/CodeSystem/v3-ActCode',
    INPATIENT: 'IMP|inpatient encounter|http://terminology.hl7.org/CodeSystem/v3-ActCode',
    EMERGENCY: 'EMER|emergency|http://terminology.hl7.org/CodeSystem/v3-ActCode',
  },
};

/** Concept map PatientClass[EncounterStatus]. */
export const PATIENT_CLASS_ENCOUNTER_STATUS: CodeMap = {
  table: 'PatientClass[EncounterStatus]',
  from: '0004',
  to: 'http://hl7.org/fhir/encounter-status',
  codes: {
    E: 'in-progress',
    I: 'in-progress',
    O: 'in-progress',
    P: 'planned',
    R: 'in-progress',
    B: 'in-progress',
    C: 'in-progress',
    N: 'in-progress',
    U: 'unknown',
  },
};

/** Concept map ReadmissionIndicator. */
export const READMISSION_INDICATOR: CodeMap = {
  table: 'ReadmissionIndicator',
  from: '0092',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0092',
  same: 'R',
};

/** Concept map AppointmentReasonCodes. */
export const APPOINTMENT_REASON_CODES: CodeMap = {
  table: 'AppointmentReasonCodes',
  from: '0276',
  to: 'http://snomed.info/sct',
  codes: {
    ROUTINE: '3780001|Routine patient disposition, no follow-up planned',
    CHECKUP: '866149003|Annual visit (procedure)',
    FOLLOWUP: '185389009|Follow-up visit (procedure)',
    EMERGENCY: '373110003|Emergency procedure (procedure)',
  },
};

/** Concept map AppointmentTypeCodes. */
export const APPOINTMENT_TYPE_CODES: CodeMap = {
  table: 'AppointmentTypeCodes',
  from: '0277',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0277',
  same: 'Normal Tentative Complete',
};

/** Concept map FillerStatusCodes[Appointment]. */
export const FILLER_STATUS_CODES_APPOINTMENT: CodeMap = {
  table: 'FillerStatusCodes[Appointment]',
  from: '0278',
  to: 'http://hl7.org/fhir/appointmentstatus',
  codes: {
    Pending: 'pending',
    Waitlist: 'waitlist|Waitlisted',
    Booked: 'booked',
    Started: 'checked-in|Checked In',
    Complete: 'fulfilled',
    Cancelled: 'cancelled',
    Deleted: 'entered-in-error|Entered In Error',
    Noshow: 'noshow|No Show',
  },
  also: {
    Arrived: 'arrived',
    'Checked In': 'checked-in',
    CheckedIn: 'checked-in',
    Confirmed: 'booked',
    Scheduled: 'booked',
    Completed: 'fulfilled',
    Canceled: 'cancelled',
    'No Show': 'noshow',
    'No-Show': 'noshow',
    Rescheduled: 'booked',
    Overbook: 'booked',
    Blocked: 'booked',
    DC: 'cancelled',
  },
};

/** Concept map ProviderRole. */
export const PROVIDER_ROLE: CodeMap = {
  table: 'ProviderRole',
  from: '0443',
  to: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType',
  codes: {
    AD: 'ADM|admitter',
    AT: 'ATND|attender',
    CP: 'CON|consultant',
    PP: '446050000|PCP - Primary care physician|http://snomed.info/sct',
    RP: 'REF|referrer',
    PI: '40570005|Interpreter|http://snomed.info/sct',
  },
};
