/** The kinds of value that a field of the canonical patient holds. */
export const FIELD_KINDS = {
  text: 'Text as it was sent, without surrounding white space.',
  code: 'A code of the code set named beside it; a code that the set does not know is kept as it was sent.',
  codes: 'A set of codes.',
  date: 'A date of known precision: YYYY, YYYY-MM or YYYY-MM-DD.',
  phone:
    'E.164 (`+15555551234`, with `;ext=12` behind it for an extension); what cannot be brought to it stays as text.',
  email: 'An e-mail address.',
  flag: 'true or false.',
} as const;
export type FieldKind = keyof typeof FIELD_KINDS;

/** How far a value gives a person away; screens mask and logs leave out accordingly. */
export const SENSITIVITIES = {
  identifying: 'Names one person or reaches him: name, number, address, phone, birth date.',
  sensitive: 'Does harm in wrong hands beyond identifying: SSN, race, religion, income class.',
  ordinary: 'Says little about one person alone: gender, state, plan.',
} as const;
export type Sensitivity = keyof typeof SENSITIVITIES;

/** Code sets with labels, see code-labels.ts. */
export type CodeSet =
  | 'gender'
  | 'race'
  | 'ethnicity'
  | 'language'
  | 'marital_status'
  | 'religion'
  | 'relationship'
  | 'contact_role'
  | 'identifier_type'
  | 'country';

export interface FieldDefinition {
  readonly label: string;
  readonly group: string;
  readonly kind: FieldKind;
  readonly sensitivity: Sensitivity;
  /** Stands for the path in the stored record, where size counts; never reused or renamed. */
  readonly short: string;
  readonly codeSet?: CodeSet;
}

const define = (
  short: string,
  label: string,
  group: string,
  kind: FieldKind,
  sensitivity: Sensitivity,
  codeSet?: CodeSet,
): FieldDefinition => Object.freeze({ label, group, kind, sensitivity, short, ...(codeSet ? { codeSet } : {}) });

const address = <P extends string>(prefix: P, short: string, label: string, group: string) => {
  const at = (part: string, title: string, suffix: string, sensitivity: Sensitivity, codeSet?: CodeSet) =>
    [
      `${prefix}.${part}`,
      define(short + suffix, `${label}: ${title}`, group, codeSet ? 'code' : 'text', sensitivity, codeSet),
    ] as const;
  return Object.fromEntries([
    at('line1', 'line 1', '1', 'identifying'),
    at('line2', 'line 2', '2', 'identifying'),
    at('city', 'city', 'c', 'identifying'),
    at('state', 'state', 's', 'ordinary'),
    at('postal_code', 'postal code', 'p', 'identifying'),
    at('country', 'country', 'n', 'ordinary', 'country'),
    at('county', 'county', 'y', 'ordinary'),
  ]) as Readonly<Record<`${P}.${AddressPart}`, FieldDefinition>>;
};
export type AddressPart = 'line1' | 'line2' | 'city' | 'state' | 'postal_code' | 'country' | 'county';

/** Every single-valued field (and code set such as race) of the canonical patient, in the order of a person's reading. */
export const PATIENT_FIELDS = Object.freeze({
  external_id: define('xi', 'External ID', 'Identity', 'text', 'identifying'),
  account_number: define('no', 'Account number', 'Identity', 'text', 'identifying'),
  ssn: define('sn', 'Social Security number', 'Identity', 'text', 'sensitive'),
  prefix: define('np', 'Prefix', 'Name', 'text', 'ordinary'),
  first_name: define('nf', 'First name', 'Name', 'text', 'identifying'),
  middle_name: define('nm', 'Middle name', 'Name', 'text', 'identifying'),
  last_name: define('nl', 'Last name', 'Name', 'text', 'identifying'),
  suffix: define('ns', 'Suffix', 'Name', 'text', 'ordinary'),
  maiden_name: define('nb', 'Maiden name', 'Name', 'text', 'identifying'),
  mother_maiden_name: define('nk', "Mother's maiden name", 'Name', 'text', 'identifying'),
  date_of_birth: define('bd', 'Date of birth', 'Demographics', 'date', 'identifying'),
  gender: define('ge', 'Gender', 'Demographics', 'code', 'ordinary', 'gender'),
  preferred_language: define('lg', 'Preferred language', 'Demographics', 'code', 'ordinary', 'language'),
  race: define('ra', 'Race', 'Demographics', 'codes', 'sensitive', 'race'),
  ethnicity: define('et', 'Ethnicity', 'Demographics', 'code', 'sensitive', 'ethnicity'),
  marital_status: define('ms', 'Marital status', 'Demographics', 'code', 'ordinary', 'marital_status'),
  religion: define('re', 'Religion', 'Demographics', 'code', 'sensitive', 'religion'),
  multiple_birth: define('mb', 'Multiple birth', 'Demographics', 'flag', 'ordinary'),
  birth_order: define('bo', 'Birth order', 'Demographics', 'text', 'ordinary'),
  deceased: define('dd', 'Deceased', 'Demographics', 'flag', 'sensitive'),
  death_date: define('dt', 'Date of death', 'Demographics', 'date', 'sensitive'),
  ...address('address', 'a', 'Address', 'Address'),
  phone_home: define('ph', 'Home phone', 'Contact', 'phone', 'identifying'),
  phone_mobile: define('pm', 'Mobile phone', 'Contact', 'phone', 'identifying'),
  phone_work: define('pw', 'Work phone', 'Contact', 'phone', 'identifying'),
  email: define('em', 'E-mail', 'Contact', 'email', 'identifying'),
  'primary_provider.id': define('vi', 'Primary provider: ID', 'Care', 'text', 'ordinary'),
  'primary_provider.authority': define('va', 'Primary provider: authority', 'Care', 'text', 'ordinary'),
  'primary_provider.last_name': define('vl', 'Primary provider: last name', 'Care', 'text', 'ordinary'),
  'primary_provider.first_name': define('vf', 'Primary provider: first name', 'Care', 'text', 'ordinary'),
  financial_class: define('fc', 'Financial class', 'Financial', 'text', 'sensitive'),
  sliding_fee_class: define('sf', 'Sliding fee class', 'Financial', 'text', 'sensitive'),
});
export type PatientFieldPath = keyof typeof PATIENT_FIELDS;

const IDENTIFIER_FIELDS = Object.freeze({
  authority: define('a', 'Assigning authority', 'Identifiers', 'text', 'ordinary'),
  type: define('t', 'Type', 'Identifiers', 'code', 'ordinary', 'identifier_type'),
  value: define('v', 'Value', 'Identifiers', 'text', 'identifying'),
  system: define('s', 'System', 'Identifiers', 'text', 'ordinary'),
});

const COVERAGE_FIELDS = Object.freeze({
  rank: define('r', 'Rank', 'Coverage', 'text', 'ordinary'),
  plan_id: define('pi', 'Plan ID', 'Coverage', 'text', 'ordinary'),
  plan_name: define('pn', 'Plan name', 'Coverage', 'text', 'ordinary'),
  plan_type: define('pt', 'Plan type', 'Coverage', 'text', 'ordinary'),
  payer_id: define('yi', 'Payer ID', 'Coverage', 'text', 'ordinary'),
  payer_name: define('yn', 'Payer name', 'Coverage', 'text', 'ordinary'),
  payer_phone: define('yp', 'Payer phone', 'Coverage', 'phone', 'ordinary'),
  ...address('payer_address', 'z', 'Payer address', 'Coverage'),
  member_id: define('m', 'Member ID', 'Coverage', 'text', 'identifying'),
  policy_number: define('po', 'Policy number', 'Coverage', 'text', 'identifying'),
  group_number: define('gn', 'Group number', 'Coverage', 'text', 'ordinary'),
  group_name: define('gm', 'Group name', 'Coverage', 'text', 'ordinary'),
  effective_date: define('ef', 'Effective', 'Coverage', 'date', 'ordinary'),
  expiry_date: define('ex', 'Expires', 'Coverage', 'date', 'ordinary'),
  'subscriber.first_name': define('sf', 'Subscriber: first name', 'Coverage', 'text', 'identifying'),
  'subscriber.middle_name': define('sm', 'Subscriber: middle name', 'Coverage', 'text', 'identifying'),
  'subscriber.last_name': define('sl', 'Subscriber: last name', 'Coverage', 'text', 'identifying'),
  'subscriber.relationship': define('sr', 'Subscriber: relationship', 'Coverage', 'code', 'ordinary', 'relationship'),
  'subscriber.date_of_birth': define('sb', 'Subscriber: date of birth', 'Coverage', 'date', 'identifying'),
  'subscriber.gender': define('sg', 'Subscriber: gender', 'Coverage', 'code', 'ordinary', 'gender'),
  ...address('subscriber.address', 'a', 'Subscriber address', 'Coverage'),
  assignment_of_benefits: define('ab', 'Assignment of benefits', 'Coverage', 'text', 'ordinary'),
  coordination_of_benefits: define('cb', 'Coordination of benefits', 'Coverage', 'text', 'ordinary'),
});

const RELATED_PERSON_FIELDS = Object.freeze({
  first_name: define('nf', 'First name', 'Related persons', 'text', 'identifying'),
  middle_name: define('nm', 'Middle name', 'Related persons', 'text', 'identifying'),
  last_name: define('nl', 'Last name', 'Related persons', 'text', 'identifying'),
  relationship: define('r', 'Relationship', 'Related persons', 'code', 'ordinary', 'relationship'),
  contact_role: define('c', 'Contact role', 'Related persons', 'code', 'ordinary', 'contact_role'),
  phone_home: define('ph', 'Home phone', 'Related persons', 'phone', 'identifying'),
  phone_mobile: define('pm', 'Mobile phone', 'Related persons', 'phone', 'identifying'),
  phone_work: define('pw', 'Work phone', 'Related persons', 'phone', 'identifying'),
  email: define('em', 'E-mail', 'Related persons', 'email', 'identifying'),
  ...address('address', 'a', 'Address', 'Related persons'),
});

export interface ListDefinition {
  readonly label: string;
  /**
   * `merge`: what a message brings is added, as another system's identifiers stay true when one system does not send them.
   * `snapshot`: what a message brings replaces all that the same system said before.
   */
  readonly mode: 'merge' | 'snapshot';
  readonly short: string;
  readonly fields: Readonly<Record<string, FieldDefinition>>;
}

/** The repeating parts of the canonical patient. */
export const PATIENT_LISTS = Object.freeze({
  identifiers: { label: 'Identifiers', mode: 'merge', short: 'I', fields: IDENTIFIER_FIELDS },
  coverage: { label: 'Coverage', mode: 'snapshot', short: 'C', fields: COVERAGE_FIELDS },
  related_persons: { label: 'Related persons', mode: 'snapshot', short: 'R', fields: RELATED_PERSON_FIELDS },
} as const satisfies Record<string, ListDefinition>);
export type PatientListName = keyof typeof PATIENT_LISTS;

export type IdentifierFieldPath = keyof typeof IDENTIFIER_FIELDS;
export type CoverageFieldPath = keyof typeof COVERAGE_FIELDS;
export type RelatedPersonFieldPath = keyof typeof RELATED_PERSON_FIELDS;

/** Is this text the path of a single-valued field of the patient? */
export function isPatientFieldPath(path: string): path is PatientFieldPath {
  return Object.hasOwn(PATIENT_FIELDS, path);
}

/** Is this text the name of one of the patient's lists? */
export function isPatientListName(name: string): name is PatientListName {
  return Object.hasOwn(PATIENT_LISTS, name);
}

/**
 * The label of a path as history and provenance use it: a field (`address.city`), a list (`coverage`) or a field of a
 * list's items (`coverage.member_id`). An unknown path is its own label.
 */
export function patientPathLabel(path: string): string {
  if (isPatientFieldPath(path)) return PATIENT_FIELDS[path].label;
  if (isPatientListName(path)) return PATIENT_LISTS[path].label;
  const dot = path.indexOf('.');
  const list = path.slice(0, dot);
  if (dot > 0 && isPatientListName(list)) {
    const fields: Readonly<Record<string, FieldDefinition>> = PATIENT_LISTS[list].fields;
    const field = fields[path.slice(dot + 1)];
    if (field) return `${PATIENT_LISTS[list].label}: ${field.label}`;
  }
  return path;
}
