/**
 * HL7 table 0396 (coding systems) as URIs, where terminology.hl7.org has one: facts from the table and from the FHIR
 * page on code systems. Names that feeds use in their place stand beside them.
 */
const SYSTEMS: Readonly<Record<string, string>> = {
  LN: 'http://loinc.org',
  LOINC: 'http://loinc.org',
  SCT: 'http://snomed.info/sct',
  SCT2: 'http://snomed.info/sct',
  SNOMED: 'http://snomed.info/sct',
  'SNOMED-CT': 'http://snomed.info/sct',
  SNOMEDCT: 'http://snomed.info/sct',
  UCUM: 'http://unitsofmeasure.org',
  CVX: 'http://hl7.org/fhir/sid/cvx',
  MVX: 'http://hl7.org/fhir/sid/mvx',
  NDC: 'http://hl7.org/fhir/sid/ndc',
  RXNORM: 'http://www.nlm.nih.gov/research/umls/rxnorm',
  C4: 'http://www.ama-assn.org/go/cpt',
  C5: 'http://www.ama-assn.org/go/cpt',
  CPT: 'http://www.ama-assn.org/go/cpt',
  CPT4: 'http://www.ama-assn.org/go/cpt',
  'CPT-4': 'http://www.ama-assn.org/go/cpt',
  HCPCS: 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets',
  HCPT: 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets',
  I10: 'http://hl7.org/fhir/sid/icd-10',
  ICD10: 'http://hl7.org/fhir/sid/icd-10-cm',
  I10C: 'http://hl7.org/fhir/sid/icd-10-cm',
  ICD10CM: 'http://hl7.org/fhir/sid/icd-10-cm',
  'ICD-10-CM': 'http://hl7.org/fhir/sid/icd-10-cm',
  I10P: 'http://www.cms.gov/Medicare/Coding/ICD10',
  ICD10PCS: 'http://www.cms.gov/Medicare/Coding/ICD10',
  I9: 'http://hl7.org/fhir/sid/icd-9-cm',
  ICD9: 'http://hl7.org/fhir/sid/icd-9-cm',
  I9C: 'http://hl7.org/fhir/sid/icd-9-cm',
  I9CDX: 'http://hl7.org/fhir/sid/icd-9-cm',
  I9CP: 'http://hl7.org/fhir/sid/icd-9-cm',
  ICD9CM: 'http://hl7.org/fhir/sid/icd-9-cm',
  'ICD-9-CM': 'http://hl7.org/fhir/sid/icd-9-cm',
  CDCREC: 'urn:oid:2.16.840.1.113883.6.238',
  CDCPHINVS: 'urn:oid:2.16.840.1.114222.4.5.274',
  CDCM: 'urn:oid:2.16.840.1.113883.6.13',
  NIP001: 'urn:oid:2.16.840.1.113883.12.292.1',
  NIP002: 'urn:oid:2.16.840.1.113883.12.292.2',
  CAS: 'http://terminology.hl7.org/CodeSystem/CAS',
  UNII: 'http://fdasis.nlm.nih.gov',
  NUCC: 'http://nucc.org/provider-taxonomy',
  NUCCPT: 'http://nucc.org/provider-taxonomy',
  'ISO+': 'urn:oid:2.16.840.1.113883.6.8.1',
  ISO639: 'urn:ietf:bcp:47',
  ISO6391: 'urn:ietf:bcp:47',
  ISO6392: 'urn:ietf:bcp:47',
  ISO3166_1: 'urn:iso:std:iso:3166',
  POS: 'https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set',
  NPI: 'http://hl7.org/fhir/sid/us-npi',
  DCM: 'http://dicom.nema.org/resources/ontology/DCM',
  MDC: 'urn:iso:std:iso:11073:10101',
};

/** Universal ids that FHIR knows by a URI of its own. */
const OIDS: Readonly<Record<string, string>> = {
  '2.16.840.1.113883.6.1': 'http://loinc.org',
  '2.16.840.1.113883.6.96': 'http://snomed.info/sct',
  '2.16.840.1.113883.6.8': 'http://unitsofmeasure.org',
  '2.16.840.1.113883.12.292': 'http://hl7.org/fhir/sid/cvx',
  '2.16.840.1.113883.6.59': 'http://hl7.org/fhir/sid/cvx',
  '2.16.840.1.113883.6.60': 'http://hl7.org/fhir/sid/mvx',
  '2.16.840.1.113883.6.69': 'http://hl7.org/fhir/sid/ndc',
  '2.16.840.1.113883.6.88': 'http://www.nlm.nih.gov/research/umls/rxnorm',
  '2.16.840.1.113883.6.12': 'http://www.ama-assn.org/go/cpt',
  '2.16.840.1.113883.6.90': 'http://hl7.org/fhir/sid/icd-10-cm',
  '2.16.840.1.113883.6.3': 'http://hl7.org/fhir/sid/icd-10',
  '2.16.840.1.113883.6.103': 'http://hl7.org/fhir/sid/icd-9-cm',
  '2.16.840.1.113883.4.6': 'http://hl7.org/fhir/sid/us-npi',
  '2.16.840.1.113883.4.1': 'http://hl7.org/fhir/sid/us-ssn',
};

const OID = /^[0-2](?:\.(?:0|[1-9]\d*))+$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const URI = /^[a-z][a-z0-9+.-]*:\S+$/i;

/** A system as FHIR names it, and whether it is one that others know. */
export interface SystemUri {
  readonly uri: string;
  readonly standard: boolean;
}

const known = new Map<string, SystemUri>();

/**
 * The URI of a coding system (CWE.3, table 0396): of HL7 tables by their number, of others by the list above, of what is an OID or
 * URI itself, by `own`, else a name of our own that keeps the sender's.
 */
export function codingSystem(name: string, own: Readonly<Record<string, string>> | undefined): SystemUri {
  const theirs = own?.[name];
  if (theirs !== undefined) return { uri: theirs, standard: true };
  let system = known.get(name);
  if (system === undefined) {
    system = findSystem(name);
    // A feed has few names; one that invents a new one each time must not fill the memory.
    if (known.size < 2000) known.set(name, system);
  }
  return system;
}

function findSystem(name: string): SystemUri {
  const upper = name.toUpperCase();
  const table = /^(?:HL7[- ]?)?(\d{4})$/.exec(upper)?.[1];
  if (table !== undefined) return { uri: hl7Table(table), standard: true };
  const listed = Object.hasOwn(SYSTEMS, upper) ? SYSTEMS[upper] : undefined;
  if (listed !== undefined) return { uri: listed, standard: true };
  const universal = universalUri(name);
  if (universal !== undefined) return { uri: universal, standard: !universal.startsWith('urn:oid:') };
  return { uri: localUri('code-system', name), standard: false };
}

export function hl7Table(number: string): string {
  return `http://terminology.hl7.org/CodeSystem/v2-${number}`;
}

/** A universal id as URI: `urn:oid:`, `urn:uuid:`, or the URI that it is; undefined for anything else. */
export function universalUri(id: string, type?: string): string | undefined {
  const bare = id.replace(/^urn:oid:/i, '');
  if (OID.test(bare)) return OIDS[bare] ?? `urn:oid:${bare}`;
  if (UUID.test(id)) return `urn:uuid:${id.toLowerCase()}`;
  if (URI.test(id)) return id;
  return type === 'DNS' && /^[\w.-]+$/.test(id) ? `urn:dns:${id}` : undefined;
}

/** A URI for what only has a name at the sender: unique among its names, and telling them. */
export function localUri(kind: 'code-system' | 'namespace', name: string): string {
  return `urn:practice-studio:hl7v2:${kind}:${encodeURIComponent(name)}`;
}
