import type { GroupDocument, MappingDocument, RuleDocument } from '../../../mapping/mapping-format.ts';

/** A code translated by a table; an unknown one is kept, with a warning. */
const code = (table: string) => [{ fn: 'codeTable', table }];

/** Address types that say where somebody lives no more, was born or works (HL7 table 0190). */
const NOT_HOME = ['B', 'BA', 'BDL', 'BI', 'BR', 'F', 'N', 'O', 'RH', 'S', 'SH', 'TM', 'V'];

/** Equipment and use codes of telecommunications (HL7 tables 0202 and 0201). */
const MOBILE = ['CP', 'MC', 'CELL'];
const NO_VOICE = ['CP', 'MC', 'CELL', 'FX', 'BP', 'Internet', 'X.400', 'MD', 'TTY', 'TDD'];
const NOT_HOME_USE = ['NET', 'WPN', 'BPN', 'EMR', 'PRS'];

/** The seven parts of an address (XAD). A new address replaces the old one whole. */
function addressRules(target: string, source: (part: string) => NonNullable<RuleDocument['source']>): RuleDocument[] {
  const part = (name: string, component: string, steps?: RuleDocument['steps']): RuleDocument => ({
    target: `${target}.${name}`,
    source: source(component),
    clearWithField: true,
    ...(steps ? { steps } : {}),
  });
  return [
    part('line1', '1'),
    part('line2', '2'),
    part('city', '3'),
    part('state', '4', [{ fn: 'stateCode' }]),
    part('postal_code', '5', [{ fn: 'postalCode' }]),
    part('country', '6', code('country')),
    part('county', '9'),
  ];
}

const homePhone = (field: string): RuleDocument['source'] => ({
  field,
  where: [
    { part: '3', notOneOf: NO_VOICE },
    { part: '2', notOneOf: NOT_HOME_USE },
  ],
  as: 'telephone',
});
const mobilePhone = (field: string) => ({ field, where: [{ part: '3', oneOf: MOBILE }], as: 'telephone' as const });
const workPhone = (field: string): RuleDocument['source'] => ({
  field,
  where: [
    { part: '3', notOneOf: NO_VOICE },
    { part: '2', notOneOf: ['NET', 'PRS'] },
  ],
  as: 'telephone',
});
const emailAddress = (field: string) => ({ field, as: 'email' as const });

/** The legal or displayed name among the repetitions of PID-5 (HL7 table 0200). */
const name = (part: string) => ({
  field: 'PID-5',
  where: [{ part: '7', notOneOf: ['A', 'B', 'M', 'N', 'P', 'S', 'BAD'] }],
  part,
});

/** The provider who knows the patient best: primary care (PD1-4), else attending, referring, admitting of the visit. */
const PROVIDER_FIELDS = ['PD1-4', 'PV1-7', 'PV1-8', 'PV1-17'];
const provider = (...parts: readonly string[]) =>
  PROVIDER_FIELDS.flatMap((field) => parts.map((part) => `${field}.${part}`));

const identifierType = [{ fn: 'codeTable', table: 'identifier-type', unknown: 'keep' }];
/** An identifier without an assigning authority is one of the facility that sent the message. */
const authority = (field: string) => [`${field}.4.1`, `${field}.4.2`, `${field}.6.1`, 'MSH-4.1', 'MSH-3.1'];

const identifierGroups: GroupDocument[] = [
  {
    target: 'identifiers',
    each: { repetition: 'PID-3' },
    when: { path: 'PID-3.5', notOneOf: ['SS', 'SSN'] },
    needs: ['value'],
    note: 'The identifiers of the patient. A Social Security number goes to its own field.',
    rules: [
      { target: 'authority', source: authority('PID-3') },
      { target: 'type', source: 'PID-3.5', steps: identifierType, default: 'MR' },
      { target: 'value', source: 'PID-3.1' },
    ],
  },
  {
    target: 'identifiers',
    each: { repetition: 'PID-18' },
    needs: ['value'],
    note: 'The account number (FIN NBR).',
    rules: [
      { target: 'authority', source: authority('PID-18') },
      { target: 'type', source: 'PID-18.5', steps: identifierType, default: 'AN' },
      { target: 'value', source: 'PID-18.1' },
    ],
  },
  {
    target: 'identifiers',
    each: { repetition: 'PID-4' },
    needs: ['value'],
    when: { path: 'PID-4.5', notOneOf: ['SS', 'SSN'] },
    note: 'Alternate identifiers. One without a type is searchable, but never decides who is meant.',
    rules: [
      { target: 'authority', source: authority('PID-4') },
      { target: 'type', source: 'PID-4.5', steps: identifierType, default: 'U' },
      { target: 'value', source: 'PID-4.1' },
    ],
  },
];

const relatedPersons: GroupDocument = {
  target: 'related_persons',
  each: { segment: 'NK1' },
  needs: ['last_name', 'first_name'],
  rules: [
    { target: 'first_name', source: 'NK1-2.2' },
    { target: 'middle_name', source: 'NK1-2.3' },
    { target: 'last_name', source: 'NK1-2.1' },
    { target: 'relationship', source: ['NK1-3.1', 'NK1-3.2'], steps: code('relationship') },
    { target: 'contact_role', source: ['NK1-7.1', 'NK1-7.2'], steps: code('contact-role') },
    { target: 'phone_home', source: homePhone('NK1-5'), steps: [{ fn: 'phone' }] },
    { target: 'phone_mobile', source: [mobilePhone('NK1-5'), mobilePhone('NK1-6')], steps: [{ fn: 'phone' }] },
    { target: 'phone_work', source: workPhone('NK1-6'), steps: [{ fn: 'phone' }] },
    { target: 'email', source: [emailAddress('NK1-5'), emailAddress('NK1-6')], steps: [{ fn: 'email' }] },
    ...addressRules('address', (part) => `NK1-4.${part}`),
  ],
};

const laxDate = [{ fn: 'date', invalid: 'warn' }];

/** What both layouts of IN1 have in the same places. */
const coverageHead: RuleDocument[] = [
  { target: 'rank', source: 'IN1-1' },
  { target: 'plan_id', source: 'IN1-2.1' },
  { target: 'plan_name', source: 'IN1-2.2' },
  { target: 'payer_id', source: 'IN1-3.1' },
  { target: 'payer_name', source: 'IN1-4.1' },
  ...addressRules('payer_address', (part) => `IN1-5.${part}`),
];

/**
 * Older NextGen feeds leave the contact person and the visit's authorization out of IN1 and so move what follows: the
 * phone stands in IN1-8, the birth date in IN1-16, where the standard has a group number and a name.
 */
const MOVED_LAYOUT = {
  any: [
    { path: 'IN1-16', matches: '^\\d{8}$' },
    { path: 'IN1-8', matches: '^\\(\\d{3}\\)' },
  ],
};
const NAME_IN_PARTS = { path: 'IN1-14.2', present: true };
const COVERAGE_NEEDS = ['plan_id', 'plan_name', 'payer_id', 'payer_name', 'member_id', 'policy_number'];

const coverageGroups: GroupDocument[] = [
  {
    target: 'coverage',
    each: { segment: 'IN1', with: ['IN2'] },
    when: { not: MOVED_LAYOUT },
    needs: COVERAGE_NEEDS,
    note: 'IN1 as the standard has it.',
    rules: [
      ...coverageHead,
      { target: 'payer_phone', source: { field: 'IN1-7', as: 'telephone' }, steps: [{ fn: 'phone' }] },
      { target: 'group_number', source: 'IN1-8' },
      { target: 'group_name', source: 'IN1-9.1' },
      { target: 'effective_date', source: 'IN1-12', steps: laxDate },
      { target: 'expiry_date', source: 'IN1-13', steps: laxDate },
      { target: 'plan_type', source: 'IN1-15' },
      { target: 'subscriber.last_name', source: 'IN1-16.1' },
      { target: 'subscriber.first_name', source: 'IN1-16.2' },
      { target: 'subscriber.middle_name', source: 'IN1-16.3' },
      { target: 'subscriber.relationship', source: ['IN1-17.1', 'IN1-17.2'], steps: code('relationship') },
      { target: 'subscriber.date_of_birth', source: 'IN1-18', steps: laxDate },
      { target: 'subscriber.gender', source: 'IN1-43', steps: code('gender') },
      ...addressRules('subscriber.address', (part) => `IN1-19.${part}`),
      { target: 'assignment_of_benefits', source: 'IN1-20.1' },
      { target: 'coordination_of_benefits', source: 'IN1-21' },
      { target: 'policy_number', source: 'IN1-36' },
      { target: 'member_id', source: ['IN1-49.1', 'IN2-61.1', 'IN1-36'] },
    ],
  },
  {
    target: 'coverage',
    each: { segment: 'IN1', with: ['IN2'] },
    when: MOVED_LAYOUT,
    needs: COVERAGE_NEEDS,
    note: 'IN1 with its fields moved, as older NextGen feeds send it.',
    rules: [
      ...coverageHead,
      { target: 'payer_phone', source: { field: 'IN1-8', as: 'telephone' }, steps: [{ fn: 'phone' }] },
      { target: 'group_number', source: 'IN1-9' },
      { target: 'group_name', source: 'IN1-10.1' },
      { target: 'subscriber.last_name', source: 'IN1-14.1', when: NAME_IN_PARTS },
      { target: 'subscriber.last_name', source: 'IN1-14.1', steps: [{ fn: 'namePart', part: 'last' }] },
      { target: 'subscriber.first_name', source: 'IN1-14.2', when: NAME_IN_PARTS },
      { target: 'subscriber.first_name', source: 'IN1-14.1', steps: [{ fn: 'namePart', part: 'first' }] },
      { target: 'subscriber.relationship', source: ['IN1-15.1', 'IN1-15.2'], steps: code('relationship') },
      { target: 'subscriber.date_of_birth', source: 'IN1-16', steps: laxDate },
      ...addressRules('subscriber.address', (part) => `IN1-17.${part}`),
      { target: 'assignment_of_benefits', source: 'IN1-18.1' },
      { target: 'coordination_of_benefits', source: 'IN1-19' },
      { target: 'member_id', source: ['IN1-20.1', 'IN1-35'] },
      { target: 'policy_number', source: 'IN1-35' },
    ],
  },
];

/** Patient registrations and updates of NextGen (HL7 v2, ADT) to the canonical patient. */
export const NEXTGEN_PATIENT_V1: MappingDocument = {
  format: 'practice-studio-mapping/1',
  key: 'nextgen.patient',
  version: 1,
  title: 'NextGen patient demographics from HL7 v2 ADT',
  source: 'hl7v2',
  target: 'patient',
  messages: ['ADT^A01', 'ADT^A03', 'ADT^A04', 'ADT^A08', 'ADT^A11', 'ADT^A28', 'ADT^A31', 'ADT^A40'],
  positions: {
    sliding_fee: { label: 'Sliding fee class, where the practice sends it in a place of its own (ZFS-3, PV1-21)' },
  },
  rules: [
    {
      target: 'external_id',
      source: [
        { field: 'PID-3', where: [{ part: '5', oneOf: ['MR', 'MRN', 'PI', 'PT', 'EMRN'] }], part: '1' },
        { field: 'PID-3', where: [{ part: '5', notOneOf: ['SS', 'SSN', 'DL', 'AN', 'VN'] }], part: '1' },
      ],
      required: true,
      note: 'The NextGen patient identifier: the medical record number, or the first identifier that is none of another kind.',
    },
    { target: 'account_number', source: 'PID-18.1' },
    {
      target: 'ssn',
      source: ['PID-19', { field: 'PID-3', where: [{ part: '5', oneOf: ['SS', 'SSN'] }], part: '1' }],
      steps: [{ fn: 'ssn' }],
    },
    { target: 'prefix', source: name('5') },
    { target: 'first_name', source: name('2') },
    { target: 'middle_name', source: name('3') },
    { target: 'last_name', source: name('1'), required: true },
    { target: 'suffix', source: name('4') },
    { target: 'maiden_name', source: { field: 'PID-5', where: [{ part: '7', oneOf: ['M', 'B'] }], part: '1' } },
    { target: 'mother_maiden_name', source: 'PID-6.1' },
    { target: 'date_of_birth', source: 'PID-7', steps: [{ fn: 'date' }] },
    { target: 'gender', source: 'PID-8', steps: code('gender') },
    {
      target: 'preferred_language',
      source: ['PID-15.1', 'PID-15.2'],
      steps: [{ fn: 'codeTable', table: 'language', unknown: 'keep' }, { fn: 'language' }],
    },
    {
      target: 'race',
      source: [
        { field: 'PID-10', part: '1', all: true },
        { field: 'PID-10', part: '2', all: true },
      ],
      steps: code('race'),
    },
    { target: 'ethnicity', source: ['PID-22.1', 'PID-22.2'], steps: code('ethnicity') },
    { target: 'marital_status', source: ['PID-16.1', 'PID-16.2'], steps: code('marital-status') },
    {
      target: 'religion',
      source: ['PID-17.1', 'PID-17.2'],
      steps: [{ fn: 'codeTable', table: 'religion', unknown: 'keep' }],
    },
    { target: 'multiple_birth', source: 'PID-24' },
    { target: 'birth_order', source: 'PID-25' },
    { target: 'deceased', source: 'PID-30' },
    { target: 'death_date', source: 'PID-29', steps: laxDate },
    ...addressRules('address', (part) => ({ field: 'PID-11', where: [{ part: '7', notOneOf: NOT_HOME }], part })),
    { target: 'phone_home', source: homePhone('PID-13') ?? 'PID-13', steps: [{ fn: 'phone' }] },
    {
      target: 'phone_mobile',
      source: [mobilePhone('PID-13'), mobilePhone('PID-14'), mobilePhone('PID-40')],
      steps: [{ fn: 'phone' }],
    },
    { target: 'phone_work', source: workPhone('PID-14') ?? 'PID-14', steps: [{ fn: 'phone' }] },
    {
      target: 'email',
      source: [emailAddress('PID-13'), emailAddress('PID-14'), emailAddress('PID-40')],
      steps: [{ fn: 'email' }],
    },
    { target: 'primary_provider.id', source: provider('1'), clearWithField: true },
    {
      target: 'primary_provider.authority',
      source: provider('9', '8'),
      clearWithField: true,
      note: 'XCN.9; some NextGen feeds have it one component early.',
    },
    { target: 'primary_provider.last_name', source: provider('2'), clearWithField: true },
    { target: 'primary_provider.first_name', source: provider('3'), clearWithField: true },
    { target: 'financial_class', source: 'PV1-20.1' },
    {
      target: 'sliding_fee_class',
      source: [
        '$sliding_fee',
        { field: 'PV1-20', where: [{ part: '1', matches: '^([Ss][Ll][Ii][Dd]|[Ss][Ff])' }], part: '1' },
      ],
      note: 'The place set for the system, else a financial class that names a sliding fee.',
    },
  ],
  groups: [...identifierGroups, relatedPersons, ...coverageGroups],
};
