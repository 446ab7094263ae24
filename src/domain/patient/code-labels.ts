import { IDENTIFIER_TYPES } from './identifier-types.ts';
import type { CodeSet } from './patient-fields.ts';

type Labels = Readonly<Record<string, string>>;

/** Administrative sex as the default mapping keeps it. */
export const GENDER_LABELS: Labels = Object.freeze({ M: 'Male', F: 'Female', O: 'Other', U: 'Unknown' });

/** CDC race and ethnicity code set, the roll-up level and the detailed codes that UDS counts; null flavors for the rest. */
export const RACE_LABELS: Labels = Object.freeze({
  '1002-5': 'American Indian or Alaska Native',
  '2028-9': 'Asian',
  '2029-7': 'Asian Indian',
  '2034-7': 'Chinese',
  '2036-2': 'Filipino',
  '2039-6': 'Japanese',
  '2040-4': 'Korean',
  '2047-9': 'Vietnamese',
  '2054-5': 'Black or African American',
  '2076-8': 'Native Hawaiian or Other Pacific Islander',
  '2079-2': 'Native Hawaiian',
  '2080-0': 'Samoan',
  '2086-7': 'Guamanian or Chamorro',
  '2500-7': 'Other Pacific Islander',
  '2106-3': 'White',
  '2131-1': 'Other race',
  ASKU: 'Asked but declined',
  UNK: 'Unknown',
});

/** CDC race and ethnicity code set: ethnicity. */
export const ETHNICITY_LABELS: Labels = Object.freeze({
  '2135-2': 'Hispanic or Latino',
  '2186-5': 'Not Hispanic or Latino',
  '2148-5': 'Mexican',
  '2149-3': 'Mexican American',
  '2151-9': 'Chicano',
  '2180-8': 'Puerto Rican',
  '2182-4': 'Cuban',
  ASKU: 'Asked but declined',
  UNK: 'Unknown',
});

/** HL7 v3 MaritalStatus, with the null flavors that HL7 table 0002 maps to. */
export const MARITAL_STATUS_LABELS: Labels = Object.freeze({
  A: 'Annulled',
  C: 'Common law',
  D: 'Divorced',
  I: 'Interlocutory',
  L: 'Legally separated',
  M: 'Married',
  P: 'Polygamous',
  S: 'Never married',
  T: 'Domestic partner',
  U: 'Unmarried',
  W: 'Widowed',
  OTH: 'Other',
  UNK: 'Unknown',
});

/** HL7 table 0063, relationship. */
export const RELATIONSHIP_LABELS: Labels = Object.freeze({
  SEL: 'Self',
  SPO: 'Spouse',
  DOM: 'Life partner',
  CHD: 'Child',
  GCH: 'Grandchild',
  NCH: 'Natural child',
  SCH: 'Stepchild',
  FCH: 'Foster child',
  DEP: 'Dependent',
  WRD: 'Ward of court',
  PAR: 'Parent',
  MTH: 'Mother',
  FTH: 'Father',
  CGV: 'Care giver',
  GRD: 'Guardian',
  GRP: 'Grandparent',
  EXF: 'Extended family',
  SIB: 'Sibling',
  BRO: 'Brother',
  SIS: 'Sister',
  FND: 'Friend',
  OAD: 'Other adult',
  EME: 'Employee',
  EMR: 'Employer',
  ASC: 'Associate',
  EMC: 'Emergency contact',
  OWN: 'Owner',
  TRA: 'Trainer',
  MGR: 'Manager',
  NON: 'None',
  UNK: 'Unknown',
  OTH: 'Other',
});

/** HL7 table 0131, contact role. */
export const CONTACT_ROLE_LABELS: Labels = Object.freeze({
  C: 'Emergency contact',
  N: 'Next of kin',
  E: 'Employer',
  F: 'Federal agency',
  I: 'Insurance company',
  S: 'State agency',
  O: 'Other',
  U: 'Unknown',
});

/** HL7 table 0006, religion: the codes met most; any other is shown as it is. */
export const RELIGION_LABELS: Labels = Object.freeze({
  AGN: 'Agnostic',
  ATH: 'Atheist',
  BAH: "Baha'i",
  BAP: 'Baptist',
  BUD: 'Buddhist',
  CAT: 'Roman Catholic',
  CHR: 'Christian',
  EOT: 'Eastern Orthodox',
  EPI: 'Episcopalian',
  HIN: 'Hindu',
  JEW: 'Jewish',
  JWN: "Jehovah's Witness",
  LUT: 'Lutheran',
  MEN: 'Mennonite',
  MET: 'Methodist',
  MOM: 'Latter-day Saints',
  MOS: 'Muslim',
  NAM: 'Native American',
  NOE: 'Nonreligious',
  ORT: 'Orthodox',
  OTH: 'Other',
  PEN: 'Pentecostal',
  PRE: 'Presbyterian',
  PRO: 'Protestant',
  SEV: 'Seventh Day Adventist',
  SIK: 'Sikh',
  UNI: 'Unitarian',
  VAR: 'Unknown',
});

const languageNames = new Intl.DisplayNames(['en'], { type: 'language' });
const countryNames = new Intl.DisplayNames(['en'], { type: 'region' });

const TABLES: Readonly<Partial<Record<CodeSet, Labels>>> = {
  gender: GENDER_LABELS,
  race: RACE_LABELS,
  ethnicity: ETHNICITY_LABELS,
  marital_status: MARITAL_STATUS_LABELS,
  relationship: RELATIONSHIP_LABELS,
  contact_role: CONTACT_ROLE_LABELS,
  religion: RELIGION_LABELS,
};

/** What a code means, for people; a code that the set does not know is its own label. */
export function codeLabel(set: CodeSet, code: string): string {
  if (set === 'identifier_type') return IDENTIFIER_TYPES[code]?.label ?? code;
  if (set === 'language') return /^[a-z]{2,3}(-|$)/.test(code) ? (nameOf(languageNames, code) ?? code) : code;
  if (set === 'country') return /^[A-Z]{2}$/.test(code) ? (nameOf(countryNames, code) ?? code) : code;
  return TABLES[set]?.[code] ?? code;
}

function nameOf(names: Intl.DisplayNames, code: string): string | undefined {
  try {
    return names.of(code);
  } catch {
    // Not a well-formed tag: the code itself is all there is to show.
    return undefined;
  }
}
