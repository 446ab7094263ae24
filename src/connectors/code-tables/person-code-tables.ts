import {
  CONTACT_ROLE_LABELS,
  ETHNICITY_LABELS,
  GENDER_LABELS,
  RACE_LABELS,
  RELATIONSHIP_LABELS,
  RELIGION_LABELS,
} from '../../domain/patient/code-labels.ts';
import type { CodeTable } from '../../mapping/code-table.ts';

/** Every code of the set and its label, which many senders put in the code's place, lead to the code. */
function known(labels: Readonly<Record<string, string>>): Record<string, string> {
  const entries: Record<string, string> = {};
  for (const [code, label] of Object.entries(labels)) {
    entries[label.toUpperCase()] = code;
    entries[code] = code;
  }
  return entries;
}

/** HL7 table 0001 and FHIR administrative-gender to M, F, O, U. */
export const GENDER: CodeTable = {
  key: 'gender',
  title: 'Gender: M, F, O, U',
  entries: {
    ...known(GENDER_LABELS),
    A: 'O',
    N: 'O',
    X: 'O',
    AMBIGUOUS: 'O',
    'NOT APPLICABLE': 'O',
    UN: 'O',
    UNK: 'U',
  },
};

/** Names, HL7 table 0005 and the one-letter codes of older systems to CDC race codes. */
export const RACE: CodeTable = {
  key: 'race',
  title: 'Race: CDC race codes',
  entries: {
    ...known(RACE_LABELS),
    W: '2106-3',
    WH: '2106-3',
    CAUCASIAN: '2106-3',
    C: '2106-3',
    B: '2054-5',
    BL: '2054-5',
    BLACK: '2054-5',
    'AFRICAN AMERICAN': '2054-5',
    'BLACK/AFRICAN AMERICAN': '2054-5',
    A: '2028-9',
    AS: '2028-9',
    I: '1002-5',
    AI: '1002-5',
    'AMERICAN INDIAN': '1002-5',
    'ALASKA NATIVE': '1002-5',
    'AMERICAN INDIAN/ALASKA NATIVE': '1002-5',
    'NATIVE AMERICAN': '1002-5',
    P: '2076-8',
    NH: '2079-2',
    PI: '2076-8',
    'PACIFIC ISLANDER': '2076-8',
    'NATIVE HAWAIIAN/OTHER PACIFIC ISLANDER': '2076-8',
    O: '2131-1',
    OTHER: '2131-1',
    'SOME OTHER RACE': '2131-1',
    U: 'UNK',
    UN: 'UNK',
    UNREPORTED: 'UNK',
    'UNREPORTED/REFUSED TO REPORT': 'ASKU',
    'REFUSED TO REPORT': 'ASKU',
    D: 'ASKU',
    DECLINED: 'ASKU',
    'DECLINED TO SPECIFY': 'ASKU',
    'DECLINED TO STATE': 'ASKU',
    'PATIENT DECLINED': 'ASKU',
    REFUSED: 'ASKU',
  },
};

/** Names and HL7 table 0189 to CDC ethnicity codes. */
export const ETHNICITY: CodeTable = {
  key: 'ethnicity',
  title: 'Ethnicity: CDC ethnicity codes',
  entries: {
    ...known(ETHNICITY_LABELS),
    H: '2135-2',
    HISPANIC: '2135-2',
    LATINO: '2135-2',
    'HISPANIC/LATINO': '2135-2',
    'HISPANIC OR LATINO/SPANISH': '2135-2',
    N: '2186-5',
    NH: '2186-5',
    'NOT HISPANIC': '2186-5',
    'NON-HISPANIC': '2186-5',
    'NON HISPANIC': '2186-5',
    'NOT HISPANIC/LATINO': '2186-5',
    U: 'UNK',
    UN: 'UNK',
    D: 'ASKU',
    DECLINED: 'ASKU',
    'DECLINED TO SPECIFY': 'ASKU',
    REFUSED: 'ASKU',
    'REFUSED TO REPORT': 'ASKU',
  },
};

/** HL7 table 0002 and names to HL7 v3 MaritalStatus, as the v2-to-FHIR concept map has it. */
export const MARITAL_STATUS: CodeTable = {
  key: 'marital-status',
  title: 'Marital status: HL7 v3 MaritalStatus',
  entries: {
    A: 'L',
    SEPARATED: 'L',
    E: 'L',
    L: 'L',
    'LEGALLY SEPARATED': 'L',
    X: 'L',
    D: 'D',
    DIVORCED: 'D',
    M: 'M',
    MARRIED: 'M',
    S: 'S',
    SINGLE: 'S',
    'NEVER MARRIED': 'S',
    W: 'W',
    WIDOWED: 'W',
    WIDOW: 'W',
    C: 'C',
    'COMMON LAW': 'C',
    G: 'T',
    'LIVING TOGETHER': 'T',
    P: 'T',
    'DOMESTIC PARTNER': 'T',
    'LIFE PARTNER': 'T',
    PARTNER: 'T',
    R: 'T',
    'REGISTERED DOMESTIC PARTNER': 'T',
    N: 'A',
    ANNULLED: 'A',
    I: 'I',
    INTERLOCUTORY: 'I',
    B: 'U',
    UNMARRIED: 'U',
    U: 'UNK',
    UNK: 'UNK',
    UNKNOWN: 'UNK',
    O: 'OTH',
    OTHER: 'OTH',
    T: 'UNK',
    UNREPORTED: 'UNK',
  },
};

/** Names, HL7 table 0063 and the X12 relationship codes of insurance segments to HL7 table 0063. */
export const RELATIONSHIP: CodeTable = {
  key: 'relationship',
  title: 'Relationship: HL7 table 0063',
  entries: {
    ...known(RELATIONSHIP_LABELS),
    '18': 'SEL',
    '01': 'SPO',
    '19': 'CHD',
    '20': 'EME',
    '53': 'DOM',
    '04': 'GRP',
    '05': 'GCH',
    '10': 'FCH',
    '15': 'WRD',
    '17': 'SCH',
    '32': 'MTH',
    '33': 'FTH',
    G8: 'OTH',
    '21': 'UNK',
    S: 'SEL',
    SELF: 'SEL',
    ONESELF: 'SEL',
    PATIENT: 'SEL',
    SP: 'SPO',
    SPS: 'SPO',
    WIFE: 'SPO',
    HUSBAND: 'SPO',
    C: 'CHD',
    SON: 'CHD',
    DAUGHTER: 'CHD',
    MOM: 'MTH',
    DAD: 'FTH',
    PARTNER: 'DOM',
    'DOMESTIC PARTNER': 'DOM',
    'LEGAL GUARDIAN': 'GRD',
    O: 'OTH',
    U: 'UNK',
  },
};

/** HL7 table 0131 and what is sent in its place. */
export const CONTACT_ROLE: CodeTable = {
  key: 'contact-role',
  title: 'Contact role: HL7 table 0131',
  entries: {
    ...known(CONTACT_ROLE_LABELS),
    EC: 'C',
    CP: 'C',
    EMC: 'C',
    EMERGENCY: 'C',
    NK: 'N',
    NOK: 'N',
    'NEXT OF KIN': 'N',
    EMPLOYER: 'E',
  },
};

/** HL7 table 0006; older one-letter codes of 2.2 and names lead to the three-letter ones. */
export const RELIGION: CodeTable = {
  key: 'religion',
  title: 'Religion: HL7 table 0006',
  entries: {
    ...known(RELIGION_LABELS),
    A: 'ATH',
    B: 'BAP',
    C: 'CAT',
    CATHOLIC: 'CAT',
    E: 'EPI',
    J: 'JEW',
    JUDAISM: 'JEW',
    L: 'LUT',
    M: 'MOM',
    MORMON: 'MOM',
    N: 'HIN',
    P: 'PRO',
    ISLAM: 'MOS',
    NONE: 'NOE',
  },
};

/** What senders write in CX.5 to HL7 table 0203. Unknown types are kept. */
export const IDENTIFIER_TYPE: CodeTable = {
  key: 'identifier-type',
  title: 'Identifier type: HL7 table 0203',
  entries: {
    MR: 'MR',
    MRN: 'MR',
    'MEDICAL RECORD NUMBER': 'MR',
    EMRN: 'MR',
    PI: 'PI',
    PT: 'PT',
    PE: 'PE',
    EMPI: 'PE',
    AN: 'AN',
    ACCT: 'AN',
    ACCOUNT: 'AN',
    FIN: 'AN',
    'FIN NBR': 'AN',
    FINNBR: 'AN',
    VN: 'VN',
    VISIT: 'VN',
    CSN: 'VN',
    SS: 'SS',
    SSN: 'SS',
    DL: 'DL',
    DLN: 'DL',
    MA: 'MA',
    MC: 'MC',
    PPN: 'PPN',
  },
};
