import type { CodeMap } from '../../../mapping/to-fhir/to-fhir-format.ts';

/** Concept map AddressType[Type]. */
export const ADDRESS_TYPE_TYPE: CodeMap = {
  table: 'AddressType[Type]',
  from: '0190',
  to: 'http://hl7.org/fhir/address-type',
  codes: {
    M: 'postal',
    SH: 'postal',
  },
};

/** Concept map AddressType[Use]. */
export const ADDRESS_TYPE_USE: CodeMap = {
  table: 'AddressType[Use]',
  from: '0190',
  to: 'http://hl7.org/fhir/address-use',
  codes: {
    BA: 'old|Old / Incorrect',
    BI: 'billing',
    C: 'temp|Temporary',
    B: 'work',
    H: 'home',
    O: 'work',
  },
};

/** Concept map AdministrativeSex. */
export const ADMINISTRATIVE_SEX: CodeMap = {
  table: 'AdministrativeSex',
  from: '0001',
  to: 'http://hl7.org/fhir/administrative-gender',
  codes: {
    F: 'female',
    M: 'male',
    O: 'other',
    U: 'unknown',
    A: 'other',
    N: 'other',
  },
  also: {
    X: 'other',
    UN: 'unknown',
    UNK: 'unknown',
    AMBIGUOUS: 'other',
  },
};

/** Concept map ContactRole. */
export const CONTACT_ROLE: CodeMap = {
  table: 'ContactRole',
  from: '0131',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0131',
  same: 'E C F I N S O U',
};

/** Concept map DegreeLicenseCertificate. */
export const DEGREE_LICENSE_CERTIFICATE: CodeMap = {
  table: 'DegreeLicenseCertificate',
  from: '0360',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0360',
  same: `
    PN AAS AA ABA AE AS BA BBA BE BFA BN BS BSL BSN BT CER CANP CMA CNP CNM CRN CNS CPNP CTR DIP DBA DED PharmD PHE
    PHD PHS MD DO EMT EMTP FPNP HS JD MA MBA MCE MDI MED MEE ME MFA MME MS MSL MSN MTH MDA MT NG NP PA RMA RN RPH
    SEC TS`,
};

/** Concept map IdentifierType. */
export const IDENTIFIER_TYPE: CodeMap = {
  table: 'IdentifierType',
  from: '0203',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0203',
  same: `
    ACSN AM AMA AN ANON ANC AND ANT APRN ASID BA BC BCT BR BRN BSNR CC CONM CZ CY DDS DEA DI DFN DL DN DO DP DPM DR
    DS EI EN ESN FI GI GL GN HC JHN IND LACSN LANR LI LN LR MA MB MC MCD MCN MCR MCT MD MI MR MRT MS NBSNR NCT NE NH
    NI NII NIIP NNxxx NP NPI OD PA PC PCN PE PEN PI PN PNT PPIN PPN PRC PRN PT QA RI RPH RN RR RRI RRP SID SL SN SP
    SR SS TAX TN TPR U UPIN USID VN VP VS WC WCN WP XX`,
};

/** Concept map MaritalStatus. */
export const MARITAL_STATUS: CodeMap = {
  table: 'MaritalStatus',
  from: '0002',
  to: 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus',
  same: 'D M S W C I',
  codes: {
    A: 'L|Legally Separated',
    G: 'T|Domestic partner',
    P: 'T|Domestic partner',
    R: 'T|Domestic partner',
    E: 'L|Legally Separated',
    N: 'A|Annulled',
    B: 'U|unmarried',
    U: 'UNK|Unknown|http://terminology.hl7.org/CodeSystem/v3-NullFlavor',
    O: 'OTH|Other|http://terminology.hl7.org/CodeSystem/v3-NullFlavor',
    T: 'NAVU|Not available|http://terminology.hl7.org/CodeSystem/v3-NullFlavor',
  },
  also: {
    SINGLE: 'S|Never Married',
    SEPARATED: 'L|Legally Separated',
    WIDOW: 'W|Widowed',
    UNMARRIED: 'U|unmarried',
    MARRIED: 'M|Married',
    DIVORCED: 'D|Divorced',
    WIDOWED: 'W|Widowed',
  },
};

/** Concept map NameAssemblyOrder. */
export const NAME_ASSEMBLY_ORDER: CodeMap = {
  table: 'NameAssemblyOrder',
  from: '0444',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0444',
  same: 'G F',
};

/** Concept map NameType. */
export const NAME_TYPE: CodeMap = {
  table: 'NameType',
  from: '0200',
  to: 'http://hl7.org/fhir/name-use',
  codes: {
    BAD: 'old',
    D: 'usual',
    L: 'official',
    M: 'maiden|Name changed for Marriage',
    MSK: 'anonymous',
    N: 'nickname',
    NAV: 'temp',
    R: 'official',
    TEMP: 'temp',
  },
  also: {
    S: 'anonymous',
    I: 'official',
    C: 'official',
  },
};

/** Concept map OrganizationalNameType. */
export const ORGANIZATIONAL_NAME_TYPE: CodeMap = {
  table: 'OrganizationalNameType',
  from: '0204',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0204',
  same: 'A L D SL',
};

/** Concept map Relationship. */
export const RELATIONSHIP: CodeMap = {
  table: 'Relationship',
  from: '0063',
  to: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode',
  same: 'MTH FTH SIB BRO SIS',
  codes: {
    SEL: 'ONESELF|self',
    SPO: 'SPS|spouse',
    DOM: 'SIGOTHR|significant other',
    CHD: 'CHILD',
    GCH: 'GRNDCHILD|grandchild',
    NCH: 'NCHILD|natural child',
    SCH: 'STPCHLD|step child',
    FCH: 'CHLDFOST|foster child',
    DEP: 'DEP|Handicapped dependent|http://terminology.hl7.org/CodeSystem/v2-0063',
    WRD: 'WRD|Ward of court|http://terminology.hl7.org/CodeSystem/v2-0063',
    PAR: 'PRN|parent',
    CGV: 'CGV|Care giver|http://terminology.hl7.org/CodeSystem/v2-0063',
    GRD: 'GRD|Guardian|http://terminology.hl7.org/CodeSystem/v2-0063',
    GRP: 'GRPRN|grandparent',
    EXF: 'EXT|extended family member',
    FND: 'FRND|unrelated friend',
    OAD: 'OAD|Other adult|http://terminology.hl7.org/CodeSystem/v2-0063',
    EME: 'EME|Employee|http://terminology.hl7.org/CodeSystem/v2-0063',
    EMR: 'E|Employer|http://terminology.hl7.org/CodeSystem/v2-0131',
    ASC: 'ASC|Associate|http://terminology.hl7.org/CodeSystem/v2-0063',
    EMC: 'C|Emergency Contact|http://terminology.hl7.org/CodeSystem/v2-0131',
    OWN: 'OWN|Owner|http://terminology.hl7.org/CodeSystem/v2-0063',
    TRA: 'TRA|Trainer|http://terminology.hl7.org/CodeSystem/v2-0063',
    MGR: 'MGR|Manager|http://terminology.hl7.org/CodeSystem/v2-0063',
    NON: 'NON|None|http://terminology.hl7.org/CodeSystem/v2-0063',
    UNK: 'U|Unknown|http://terminology.hl7.org/CodeSystem/v2-0131',
    OTH: 'O|Other|http://terminology.hl7.org/CodeSystem/v2-0131',
  },
};

/** Concept map Religion. */
export const RELIGION: CodeMap = {
  table: 'Religion',
  from: '0006',
  to: 'http://terminology.hl7.org/CodeSystem/v3-ReligiousAffiliation',
  codes: {
    A: '1007|Atheism',
    B: '1009|Baptist',
    E: '1069|Episcopalian',
    J: '1026|Judaism',
    L: '1028|Lutheran',
    M: '1027|Latter Day Saints',
    N: '1020|Hinduism',
    P: '1077|Protestant',
    AGN: '1004|Agnosticism',
    ATH: '1007|Atheism',
    BAH: "1008|Babi & Baha'I faiths",
    BRE: '1062|Brethren',
    BMA: '1029|Mahayana',
    BTH: '1051|Theravada',
    CHR: '1013|Christian (non-Catholic, non-specific)',
    ANG: '1005|Anglican',
    AOG: '1061|Assembly of God',
    BAP: '1009|Baptist',
    CRR: '1079|Reformed',
    CHS: '1063|Christian Scientist',
    COC: '1064|Church of Christ',
    COG: '1065|Church of God',
    COL: '1066|Congregational',
    EOT: '1068|Eastern Orthodox',
    EPI: '1069|Episcopalian',
    FRQ: '1071|Friends',
    FUL: '1072|Full Gospel',
    JWN: "1025|Jehovah's Witnesses",
    MOM: '1027|Latter Day Saints',
    LUT: '1028|Lutheran',
    MET: '1073|Methodist',
    NAZ: '1075|Nazarene',
    ORT: '1036|Orthodox',
    PEN: '1038|Pentecostal',
    PRE: '1076|Presbyterian',
    PRO: '1077|Protestant',
    PRC: '1078|Protestant, No Denomination',
    QUA: '1071|Friends',
    REC: '1079|Reformed',
    CAT: '1041|Roman Catholic Church',
    SAA: '1080|Salvation Army',
    SEV: '1001|Adventist',
    UCC: '1082|United Church of Christ',
    UNI: '1052|Unitarian-Universalism',
    UNU: '1081|Unitarian Universalist',
    CNF: '1014|Confucianism',
    DOC: '1067|Disciples of Christ',
    HSH: '1020|Hinduism',
    HVA: '1020|Hinduism',
    HOT: '1020|Hinduism',
    JAI: '1024|Jainism',
    MOS: '1023|Islam',
    MSH: '1045|Shiite (Islam)',
    MSU: '1049|Sunni (Islam)',
    NAM: '1074|Native American',
    SHN: '1046|Shinto',
    SIK: '1047|Sikism',
    SPI: '1048|Spiritualism',
  },
};

/** Concept map TelecommunicationEquipmentType. */
export const TELECOMMUNICATION_EQUIPMENT_TYPE: CodeMap = {
  table: 'TelecommunicationEquipmentType',
  from: '0202',
  to: 'http://hl7.org/fhir/contact-point-system',
  codes: {
    PH: 'phone',
    FX: 'fax',
    MD: 'other',
    CP: 'mobile|Mobile|http://hl7.org/fhir/contact-point-use',
    SAT: 'other',
    BP: 'pager',
    Internet: 'email',
    'X.400': 'email',
    TDD: 'other',
    TTY: 'other',
  },
};

/** Concept map TelecommunicationUseCode. */
export const TELECOMMUNICATION_USE_CODE: CodeMap = {
  table: 'TelecommunicationUseCode',
  from: '0201',
  to: 'http://hl7.org/fhir/contact-point-use',
  codes: {
    PRN: 'home',
    WPN: 'work',
    PRS: 'mobile',
  },
  also: {
    ORN: 'home',
    VHN: 'home',
    MC: 'mobile',
    CELL: 'mobile',
  },
};

/** Concept map UniversalIDType. */
export const UNIVERSAL_IDTYPE: CodeMap = {
  table: 'UniversalIDType',
  from: '0301',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0301',
  same: 'DNS EUI64 CLIA CLIP GUID HCD HL7 ISO L,M,N Random URI UUID x400 x500',
};

/** Concept map ProcessingID. */
export const PROCESSING_ID: CodeMap = {
  table: 'ProcessingID',
  from: '0103',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0103',
  same: 'D P T N V',
};
