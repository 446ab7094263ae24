import type { CodeMap } from '../../../mapping/to-fhir/to-fhir-format.ts';

/** Concept map DiagnosticServiceSectionID. */
export const DIAGNOSTIC_SERVICE_SECTION_ID: CodeMap = {
  table: 'DiagnosticServiceSectionID',
  from: '0074',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0074',
  same: `
    AU BG BLB CG CUS CTH CT CH CP EC EN GE HM ICU IMM LAB MB MCB MYC NMS NMR NRS OUS OT OTH OSL PHR PT PHY PF RAD RX
    RUS RC RT SR SP TX VUS VR XRC`,
};

/** Concept map ExtendedPriorityCodes. */
export const EXTENDED_PRIORITY_CODES: CodeMap = {
  table: 'ExtendedPriorityCodes',
  from: '0485',
  to: 'http://hl7.org/fhir/request-priority',
  codes: {
    S: 'stat',
    A: 'asap',
    R: 'routine',
  },
  also: {
    STAT: 'stat',
    U: 'urgent',
    P: 'routine',
    C: 'urgent',
    T: 'urgent',
    '1': 'stat',
    '2': 'asap',
    '3': 'routine',
  },
};

/** Concept map InterpretationCodes. */
export const INTERPRETATION_CODES: CodeMap = {
  table: 'InterpretationCodes',
  from: '0078',
  to: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation',
  same: `
    < > A AA B CAR D DET E EX EXP H HH HU I IE IND L LL LU MS N NCL ND NEG NR NS POS R RR S SDD SYN-R SYN-S U VS UNE
    W WR`,
};

/** Concept map NatureOfAbnormalTesting. */
export const NATURE_OF_ABNORMAL_TESTING: CodeMap = {
  table: 'NatureOfAbnormalTesting',
  from: '0080',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0080',
  same: 'A N R S SP B ST',
};

/** Concept map ObservationResultStatusCodesInterpretation. */
export const OBSERVATION_RESULT_STATUS_CODES_INTERPRETATION: CodeMap = {
  table: 'ObservationResultStatusCodesInterpretation',
  from: '0085',
  to: 'http://hl7.org/fhir/observation-status',
  codes: {
    A: 'amended',
    C: 'corrected',
    D: 'entered-in-error|Entered in Error',
    F: 'final',
    P: 'preliminary',
    X: 'cancelled',
    W: 'entered-in-error|Entered in Error',
  },
  also: {
    B: 'amended',
    I: 'registered',
    N: 'final',
    O: 'registered',
    R: 'preliminary',
    S: 'preliminary',
    U: 'final',
    V: 'final',
  },
};

/** Concept map OrderControlCode[ServiceRequest.status]. */
export const ORDER_CONTROL_CODE_SERVICE_REQUEST_STATUS: CodeMap = {
  table: 'OrderControlCode[ServiceRequest.status]',
  from: '0119',
  to: 'http://hl7.org/fhir/request-status',
  codes: {
    AF: 'active',
    CA: 'active',
    CR: 'revoked',
    DC: 'revoked',
    DF: 'revoked',
    DR: 'revoked',
    FU: 'completed',
    HD: 'active',
    HR: 'on-hold|On Hold',
    NW: 'active',
    OC: 'revoked',
    OD: 'revoked',
    OH: 'on-hold|On Hold',
    OK: 'active',
    PR: 'active',
    PY: 'active',
    RL: 'active',
    RO: 'active',
    RQ: 'active',
  },
  also: {
    RE: 'active',
    SC: 'active',
    SN: 'active',
    NA: 'active',
    XO: 'active',
    CH: 'active',
    PA: 'active',
    UA: 'revoked',
    UC: 'active',
    UD: 'active',
    RF: 'active',
  },
};

/** Concept map OrderStatus. */
export const ORDER_STATUS: CodeMap = {
  table: 'OrderStatus',
  from: '0038',
  to: 'http://hl7.org/fhir/request-status',
  codes: {
    CA: 'revoked',
    CM: 'completed',
    DC: 'revoked',
    ER: 'entered-in-error|Entered in Error',
    HD: 'on-hold|On Hold',
    IP: 'active',
    RP: 'revoked',
    SC: 'active',
  },
  also: {
    A: 'active',
    F: 'completed',
    P: 'active',
    I: 'active',
    X: 'revoked',
  },
};

/** Concept map OrderType. */
export const ORDER_TYPE: CodeMap = {
  table: 'OrderType',
  from: '0482',
  to: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode',
  codes: {
    I: 'HOSP|Hospital',
    O: 'OF|Outpatient facility',
  },
};

/** Concept map ResultStatus[Non-Queries]. */
export const RESULT_STATUS_NON_QUERIES: CodeMap = {
  table: 'ResultStatus[Non-Queries]',
  from: '0123',
  to: 'http://hl7.org/fhir/diagnostic-report-status',
  codes: {
    O: 'registered',
    I: 'registered',
    S: 'registered',
    P: 'preliminary',
    C: 'corrected',
    R: 'partial',
    F: 'final',
    X: 'cancelled',
  },
  also: {
    A: 'partial',
    M: 'preliminary',
  },
};

/** Concept map YesNoIndicator[AvailabilityStatus]. */
export const YES_NO_INDICATOR_AVAILABILITY_STATUS: CodeMap = {
  table: 'YesNoIndicator[AvailabilityStatus]',
  from: '0136',
  to: 'http://hl7.org/fhir/specimen-status',
  codes: {
    Y: 'available',
    N: 'unavailable',
  },
};
