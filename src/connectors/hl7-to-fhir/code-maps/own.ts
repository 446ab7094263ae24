import { ETHNICITY_LABELS, RACE_LABELS } from '../../../domain/patient/code-labels.ts';
import type { CodeMap } from '../../../mapping/to-fhir/to-fhir-format.ts';
import { LANGUAGE } from '../../code-tables/language-code-table.ts';
import { ETHNICITY, RACE } from '../../code-tables/person-code-tables.ts';

const NULL_FLAVOR = 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor';

/*
 * Code maps that no published table has. Each says in its comment why it is needed.
 */

/** TXA-17 (table 0271): the published table of TXA leaves the codes of docStatus open. */
export const DOCUMENT_COMPLETION: CodeMap = {
  table: 'DocumentCompletion',
  from: '0271',
  to: 'http://hl7.org/fhir/composition-status',
  codes: {
    AU: 'final',
    LA: 'final',
    DO: 'preliminary',
    DI: 'preliminary',
    IP: 'preliminary',
    IN: 'preliminary',
    PA: 'preliminary',
  },
};

/** OBR-25 (table 0123): how far the order is, in a result that says nothing else of it. */
export const RESULT_ORDER_STATUS: CodeMap = {
  table: 'ResultStatus[ServiceRequest.status]',
  from: '0123',
  to: 'http://hl7.org/fhir/request-status',
  codes: {
    F: 'completed',
    C: 'completed',
    X: 'revoked',
    O: 'active',
    I: 'active',
    S: 'active',
    A: 'active',
    P: 'active',
    R: 'active',
    M: 'active',
  },
};

/** The trigger event of SIU messages: SCH-25 is often empty, and the event says what happened. */
export const SCHEDULE_EVENT: CodeMap = {
  table: 'Event[Appointment.status]',
  from: '0003',
  to: 'http://hl7.org/fhir/appointmentstatus',
  codes: {
    S12: 'booked',
    S13: 'booked',
    S14: 'booked',
    S15: 'cancelled',
    S16: 'cancelled',
    S17: 'entered-in-error',
    S26: 'noshow',
  },
};

/** AIG-14, AIL-12, AIP-12: how a resource of an appointment stands to it; the published maps leave it open. */
export const RESOURCE_STATUS: CodeMap = {
  table: 'FillerStatusCodes[participant.status]',
  from: '0278',
  to: 'http://hl7.org/fhir/participationstatus',
  codes: {
    Pending: 'tentative',
    Waitlist: 'tentative',
    Booked: 'accepted',
    Started: 'accepted',
    Complete: 'accepted',
    Cancelled: 'declined',
    Deleted: 'declined',
    Noshow: 'accepted',
  },
  also: { Tentative: 'tentative', Confirmed: 'accepted', Overbook: 'accepted', Blocked: 'accepted' },
};

/** FT1-6 (table 0017): there is no published table for FT1. */
export const TRANSACTION_TYPE: CodeMap = {
  table: 'TransactionType[ChargeItem.status]',
  from: '0017',
  to: 'http://hl7.org/fhir/chargeitem-status',
  codes: { CG: 'billable', CD: 'billable', CR: 'aborted', AJ: 'unknown', PY: 'unknown', CO: 'unknown' },
  also: { C: 'billable', D: 'billable', CHARGE: 'billable', CREDIT: 'aborted' },
};

/** RXA-9 (NIP001): where the record of an immunization comes from. */
export const IMMUNIZATION_ORIGIN: CodeMap = {
  table: 'ImmunizationInformationSource',
  from: 'NIP001',
  to: 'http://terminology.hl7.org/CodeSystem/immunization-origin',
  codes: {
    '01': 'record',
    '02': 'provider',
    '03': 'record',
    '04': 'recall',
    '05': 'provider',
    '06': 'record',
    '07': 'school',
    '08': 'jurisdiction',
  },
};

/** Race: CDC codes, of which US Core calls five categories; the published table of PID leaves race out, as base FHIR has none. */
export const US_CORE_RACE: CodeMap = {
  table: 'Race[us-core-race]',
  from: '0005 CDCREC',
  to: 'urn:oid:2.16.840.1.113883.6.238',
  codes: labelled(RACE_LABELS),
  also: RACE.entries,
};

/** Ethnicity, likewise. */
export const US_CORE_ETHNICITY: CodeMap = {
  table: 'Ethnicity[us-core-ethnicity]',
  from: '0189 CDCREC',
  to: 'urn:oid:2.16.840.1.113883.6.238',
  codes: labelled(ETHNICITY_LABELS),
  also: ETHNICITY.entries,
};

/** Codes with their labels; null flavors are of a system of their own. */
function labelled(labels: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(labels).map(([code, label]) => {
    const system = /^[A-Z]+$/.test(code) ? `|${NULL_FLAVOR}` : '';
    return [code, `${code}|${label}${system}`];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

/** Names and codes of languages (table 0296 is the user's own) as BCP 47; the published map lists targets only. */
export const PRIMARY_LANGUAGE: CodeMap = {
  table: 'PrimaryLanguage',
  from: '0296 ISO639 ISO6391 ISO6392 ISO 639-2',
  to: 'urn:ietf:bcp:47',
  codes: LANGUAGE.entries,
};

/** The answers of LOINC 76689-9, sex assigned at birth. */
export const BIRTH_SEX: CodeMap = {
  table: 'BirthSex[us-core-birthsex]',
  from: '0001',
  to: 'http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender',
  codes: { F: 'F|Female', M: 'M|Male', UNK: 'UNK|Unknown|http://terminology.hl7.org/CodeSystem/v3-NullFlavor' },
  also: { 'LA2-8': 'M', 'LA3-6': 'F', U: 'UNK', FEMALE: 'F', MALE: 'M', UNKNOWN: 'UNK' },
};
