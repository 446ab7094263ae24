import { describe, expect, it } from 'vitest';
import { decodePatientRecord, encodePatientRecord } from '../../domain/patient/record-codec.ts';
import { parseMessage } from '../../formats/hl7v2/message.ts';
import { compileMapping } from '../../mapping/compile-mapping.ts';
import { parseMapping } from '../../mapping/mapping-format.ts';
import { traceMapping } from '../../mapping/trace-mapping.ts';
import { applyPatientInput } from './apply-patient.ts';
import { DEFAULT_CODE_TABLES } from '../../connectors/code-tables/default-code-tables.ts';
import { NEXTGEN_PATIENT_V1 } from '../../connectors/nextgen-enterprise/mappings/patient.v1.ts';

const document = parseMapping(JSON.parse(JSON.stringify(NEXTGEN_PATIENT_V1)));
const mapping = compileMapping(document, DEFAULT_CODE_TABLES);

const REGISTRATION = [
  'MSH|^~\\&|NEXTGEN|NEXTGENHOST|PRACTICESTUDIO|PSSERVER|20220315142658||ADT^A04|12345|P|2.3|',
  'EVN|A04|20220315142658|||',
  'PID|1||12345^^^NEXTGEN^MRN||DOE^JOHN^||19800515|M||White|123 MAIN ST^^SPRINGFIELD^IL^62701^USA^^^SANGAMON|SANGAMON|(555)555-1234|(555)555-5678|ENG|M|CHR|100000^^^NEXTGEN^FIN NBR|123-45-6789|||',
  'NK1|1|DOE^JANE^|SPO||(555)555-4321||EC|||||||||||',
  'PV1|1|O|CLINIC^^^FACILITY|||||12345^JOHNSON^JANE^^^^^NEXTGEN^^^^PROVID|||||||||||100000^^^NEXTGEN^FIN NBR|||||||||||||||||||||||||20220315142658|',
  'IN1|1|BC123^BLUE CROSS|BLUEINS|BLUE CROSS|123 INSURANCE WAY^^SPRINGFIELD^IL^62701^USA^^^SANGAMON|||(555)555-9876|100|FAMILY PLAN||||JOHN DOE|SELF|19800515|123 MAIN ST^^SPRINGFIELD^IL^62701^USA^^^SANGAMON|Y|CO|BC123456789|||||||||||||||BC987654321||||||||||',
];
const SLIDING_FEE = [
  'MSH|^~\\&|NEXTGEN|FQHC_CLINIC|VENDOR|VENDOR_CORP|20260421093000||ADT^A04|MSG05678|P|2.5.1',
  'EVN|A04|20260421093000',
  'PID|1||987654^^^NG^MRN||JOHNSON^LINDA^K||19651103|F|||221 PINE ST^^PORTLAND^OR^97204',
  'PV1|1|O|PRIMARY^ROOM1^A|EL|||101^PATEL^RAJ^MD|||FAM|||||||101^PATEL^RAJ^MD|OUT|VN778899|SLIDING_FEE',
];

const evaluate = (segments: readonly string[]) =>
  mapping.evaluate(parseMessage(Buffer.from(segments.join('\r') + '\r')));
const pid = (fields: Readonly<Record<number, string>>) => {
  const all: Record<number, string> = { 3: '1^^^NG^MRN', 5: 'DOE^JO', ...fields };
  const text = Array.from({ length: 41 }, (_, i) => all[i] ?? '');
  return ['MSH|^~\\&|NEXTGEN|FAC|B|C|20260101||ADT^A08|1|P|2.5.1', `PID${text.join('|')}`];
};
const source = (messageId: string) => ({ messageId, at: `2026-01-0${messageId}T00:00:00.000Z`, systemId: '70' });
const register = (segments: readonly string[]) =>
  applyPatientInput(undefined, evaluate(segments).input, source('1')).record;

describe('the sample registration of NextGen', () => {
  it('gives exactly this patient', () => {
    const { problems } = evaluate(REGISTRATION);
    expect(problems).toEqual([]);
    const { fields, lists } = register(REGISTRATION);
    expect(fields).toEqual({
      external_id: '12345',
      account_number: '100000',
      ssn: '123-45-6789',
      first_name: 'JOHN',
      last_name: 'DOE',
      date_of_birth: '1980-05-15',
      gender: 'M',
      preferred_language: 'en',
      race: ['2106-3'],
      marital_status: 'M',
      religion: 'CHR',
      'address.line1': '123 MAIN ST',
      'address.city': 'SPRINGFIELD',
      'address.state': 'IL',
      'address.postal_code': '62701',
      'address.country': 'US',
      'address.county': 'SANGAMON',
      phone_home: '+15555551234',
      phone_work: '+15555555678',
      'primary_provider.id': '12345',
      'primary_provider.authority': 'NEXTGEN',
      'primary_provider.last_name': 'JOHNSON',
      'primary_provider.first_name': 'JANE',
    });
    expect(lists).toEqual({
      identifiers: [
        { authority: 'NEXTGEN', type: 'MR', value: '12345', system: '70' },
        { authority: 'NEXTGEN', type: 'AN', value: '100000', system: '70' },
      ],
      related_persons: [
        { first_name: 'JANE', last_name: 'DOE', relationship: 'SPO', contact_role: 'C', phone_home: '+15555554321' },
      ],
      coverage: [
        {
          rank: '1',
          plan_id: 'BC123',
          plan_name: 'BLUE CROSS',
          payer_id: 'BLUEINS',
          payer_name: 'BLUE CROSS',
          payer_phone: '+15555559876',
          'payer_address.line1': '123 INSURANCE WAY',
          'payer_address.city': 'SPRINGFIELD',
          'payer_address.state': 'IL',
          'payer_address.postal_code': '62701',
          'payer_address.country': 'US',
          'payer_address.county': 'SANGAMON',
          group_number: '100',
          group_name: 'FAMILY PLAN',
          'subscriber.first_name': 'JOHN',
          'subscriber.last_name': 'DOE',
          'subscriber.relationship': 'SEL',
          'subscriber.date_of_birth': '1980-05-15',
          'subscriber.address.line1': '123 MAIN ST',
          'subscriber.address.city': 'SPRINGFIELD',
          'subscriber.address.state': 'IL',
          'subscriber.address.postal_code': '62701',
          'subscriber.address.country': 'US',
          'subscriber.address.county': 'SANGAMON',
          assignment_of_benefits: 'Y',
          coordination_of_benefits: 'CO',
          member_id: 'BC123456789',
          policy_number: 'BC987654321',
        },
      ],
    });
  });

  it('is stored in less than 1.2 KB', () => {
    const record = register(REGISTRATION);
    const stored = encodePatientRecord(record);
    expect(stored.length).toBeLessThan(1200);
    expect(decodePatientRecord(stored)).toEqual(record);
  });

  it('with a sliding-fee marker gives exactly this patient', () => {
    expect(evaluate(SLIDING_FEE).problems).toEqual([]);
    const { fields, lists } = register(SLIDING_FEE);
    expect(fields).toEqual({
      external_id: '987654',
      first_name: 'LINDA',
      middle_name: 'K',
      last_name: 'JOHNSON',
      date_of_birth: '1965-11-03',
      gender: 'F',
      'address.line1': '221 PINE ST',
      'address.city': 'PORTLAND',
      'address.state': 'OR',
      'address.postal_code': '97204',
      'primary_provider.id': '101',
      'primary_provider.last_name': 'PATEL',
      'primary_provider.first_name': 'RAJ',
      financial_class: 'SLIDING_FEE',
      sliding_fee_class: 'SLIDING_FEE',
    });
    expect(lists).toEqual({ identifiers: [{ authority: 'NG', type: 'MR', value: '987654', system: '70' }] });
  });

  it('is traced with the same result', () => {
    for (const sample of [REGISTRATION, SLIDING_FEE]) {
      const message = parseMessage(Buffer.from(sample.join('\r')));
      expect(traceMapping(mapping, message).input).toEqual(mapping.evaluate(message).input);
    }
  });

  it('reads the sliding fee class where the system has its place', () => {
    const own = compileMapping(document, DEFAULT_CODE_TABLES, { positions: { sliding_fee: 'ZFS-3' } });
    const message = parseMessage(Buffer.from([...SLIDING_FEE, 'ZFS|1||B'].join('\r')));
    expect(own.evaluate(message).input.fields.sliding_fee_class).toBe('B');
  });

  it('takes PV1-20 for a sliding fee only when it names one', () => {
    const medicaid = SLIDING_FEE.map((segment) => segment.replace('SLIDING_FEE', 'MEDICAID'));
    const { fields } = evaluate(medicaid).input;
    expect([fields.financial_class, fields.sliding_fee_class]).toEqual(['MEDICAID', undefined]);
  });
});

describe('an update (A08)', () => {
  it('changes the patient and tells old and new', () => {
    const before = register(REGISTRATION);
    const update = [
      'MSH|^~\\&|NEXTGEN|NEXTGENHOST|PRACTICESTUDIO|PSSERVER|20220316||ADT^A08|12346|P|2.3',
      'PID|1||12345^^^NEXTGEN^MRN||DOE^JOHN||19800515|M||White|9 OAK AVE^^CHICAGO^IL^60601|COOK|""|(555)555-5678',
      'IN1|1|AET^AETNA PPO|AETNA|AETNA',
    ];
    const { record, changes } = applyPatientInput(before, evaluate(update).input, source('2'));
    expect(changes).toMatchObject([
      { path: 'address.line1', old: '123 MAIN ST', new: '9 OAK AVE' },
      { path: 'address.city', old: 'SPRINGFIELD', new: 'CHICAGO' },
      { path: 'address.postal_code', old: '62701', new: '60601' },
      { path: 'address.country', old: 'US', new: null },
      { path: 'address.county', old: 'SANGAMON', new: null },
      { path: 'phone_home', old: '+15555551234', new: null },
      {
        path: 'coverage',
        old: [{ plan_id: 'BC123' }],
        new: [{ rank: '1', plan_id: 'AET', plan_name: 'AETNA PPO', payer_id: 'AETNA', payer_name: 'AETNA' }],
      },
    ]);
    expect(record.fields).toMatchObject({ phone_work: '+15555555678', ssn: '123-45-6789', religion: 'CHR' });
    expect(record.lists.related_persons).toEqual(before.lists.related_persons);
  });

  it('that repeats what is known changes nothing', () => {
    const before = register(REGISTRATION);
    const again = applyPatientInput(before, evaluate(REGISTRATION).input, source('2'));
    expect(again).toEqual({ record: before, changes: [], changed: false, keptBirthDate: false });
  });
});

describe('the default mapping', () => {
  const fieldsOf = (fields: Readonly<Record<number, string>>) => evaluate(pid(fields)).input.fields;
  const problemsOf = (fields: Readonly<Record<number, string>>) =>
    evaluate(pid(fields)).problems.map(({ severity, code, place, target }) => `${severity} ${code} ${place} ${target}`);

  it('refuses an impossible birth date at its place and keeps the precision of a possible one', () => {
    expect(problemsOf({ 7: '19851345' })).toEqual(['error mapping.date-impossible PID-7 date_of_birth']);
    expect(problemsOf({ 7: '19850230' })).toEqual(['error mapping.date-impossible PID-7 date_of_birth']);
    expect(fieldsOf({ 7: '1985' }).date_of_birth).toBe('1985');
    expect(fieldsOf({ 7: '198502' }).date_of_birth).toBe('1985-02');
    expect(fieldsOf({ 7: '19850228113000' }).date_of_birth).toBe('1985-02-28');
  });

  it('refuses a message without an identifier or a last name', () => {
    expect(problemsOf({ 3: '' })).toEqual(['error mapping.required-missing PID-3.1 external_id']);
    expect(problemsOf({ 5: '^JO' })).toEqual(['error mapping.required-missing PID-5.1 last_name']);
  });

  it('never lets a reason or hint hold the value', () => {
    for (const { reason, hint } of evaluate(pid({ 7: '19851345', 13: '77-SECRET', 10: 'SECRET' })).problems) {
      expect(`${reason} ${hint}`).not.toMatch(/SECRET|19851345/);
    }
  });

  it('reads both spellings of codes and several races', () => {
    const fields = fieldsOf({
      8: 'female',
      10: '2106-3^White^CDCREC~B',
      15: 'en',
      16: 'W^Widowed',
      22: 'N^Not Hispanic',
    });
    expect(fields).toMatchObject({
      gender: 'F',
      race: ['2106-3', '2054-5'],
      preferred_language: 'en',
      marital_status: 'W',
      ethnicity: '2186-5',
    });
    expect(fieldsOf({ 10: '^White^L', 15: 'Spanish', 22: '2135-2' })).toMatchObject({
      race: ['2106-3'],
      preferred_language: 'es',
      ethnicity: '2135-2',
    });
  });

  it('keeps an unknown code and warns', () => {
    const said = pid({ 10: 'Martian', 8: 'Q' });
    expect(evaluate(said).input.fields).toMatchObject({ race: ['Martian'], gender: 'Q' });
    expect(problemsOf({ 10: 'Martian', 8: 'Q' })).toEqual([
      'warning mapping.code-unknown PID-8 gender',
      'warning mapping.code-unknown PID-10 race',
    ]);
  });

  it('puts telephones where they belong, by equipment and use', () => {
    const fields = fieldsOf({
      13: '^PRN^PH^^1^217^5550101~^PRN^CP^^1^217^5550102~^NET^Internet^jo@Example.org',
      14: '^WPN^PH^^1^217^5550103^88',
    });
    expect(fields).toMatchObject({
      phone_home: '+12175550101',
      phone_mobile: '+12175550102',
      email: 'jo@example.org',
      phone_work: '+12175550103;ext=88',
    });
    expect(fieldsOf({ 13: '^PRN^CP^^1^217^5550102' }).phone_home).toBeUndefined();
  });

  it('deletes what the sender deletes', () => {
    expect(fieldsOf({ 11: '""', 15: '""', 19: '""' })).toMatchObject({
      'address.line1': null,
      'address.county': null,
      preferred_language: null,
      ssn: null,
    });
  });

  it('takes the legal name, the home address, and the maiden name for itself', () => {
    const fields = fieldsOf({
      5: 'ROE^JO^^^^^M~DOE^JOSEPHINE^^^^^L',
      11: '1 Old Rd^^X^IL^60601^^BA~2 New Rd^^Y^IL^60602^^H',
    });
    expect(fields).toMatchObject({
      last_name: 'DOE',
      first_name: 'JOSEPHINE',
      maiden_name: 'ROE',
      'address.line1': '2 New Rd',
      'address.postal_code': '60602',
    });
  });

  it('keeps Social Security numbers out of the identifiers and placeholders out of the record', () => {
    const { input } = evaluate(pid({ 3: '1^^^NG^MRN~123456789^^^SSA^SS' }));
    expect(input.fields.ssn).toBe('123-45-6789');
    expect(input.lists.identifiers).toHaveLength(1);
    expect(fieldsOf({ 19: '999-99-9999' }).ssn).toBeUndefined();
  });

  it('takes the sending facility for the authority of an identifier that has none', () => {
    expect(evaluate(pid({ 3: '77' })).input.lists.identifiers).toEqual([{ authority: 'FAC', type: 'MR', value: '77' }]);
    expect(evaluate(pid({ 3: '77^^^&1.2.3&ISO^MR' })).input.lists.identifiers).toMatchObject([{ authority: '1.2.3' }]);
  });

  it('reads insurance segments as the standard has them', () => {
    const in1 =
      'IN1|2|PPO1^Blue Plan|BCBS|Blue Cross|PO Box 1^^Chicago^IL^606010000||^WPN^PH^^1^800^5550100|G7|Acme||||20240101|20241231||PPO|Test^Pat^Q|18^Self|19700101';
    const moved = in1.replace('|Acme||||2024', '|Acme|||2024');
    const { input, problems } = evaluate([...pid({}), `${moved}${'|'.repeat(18)}POL9`]);
    expect(problems).toEqual([]);
    expect(input.lists.coverage).toEqual([
      {
        rank: '2',
        plan_id: 'PPO1',
        plan_name: 'Blue Plan',
        payer_id: 'BCBS',
        payer_name: 'Blue Cross',
        'payer_address.line1': 'PO Box 1',
        'payer_address.city': 'Chicago',
        'payer_address.state': 'IL',
        'payer_address.postal_code': '60601',
        payer_phone: '+18005550100',
        group_number: 'G7',
        group_name: 'Acme',
        effective_date: '2024-01-01',
        expiry_date: '2024-12-31',
        plan_type: 'PPO',
        'subscriber.last_name': 'Test',
        'subscriber.first_name': 'Pat',
        'subscriber.middle_name': 'Q',
        'subscriber.relationship': 'SEL',
        'subscriber.date_of_birth': '1970-01-01',
        policy_number: 'POL9',
        member_id: 'POL9',
      },
    ]);
  });

  it('never mixes two providers', () => {
    const pd1 = 'PD1||||77';
    const pv1 = 'PV1|1|O|||||55^SMITH^ANN^^^^^^NPI';
    const { fields } = evaluate([...pid({}), pd1, pv1]).input;
    expect(fields).toMatchObject({ 'primary_provider.id': '77', 'primary_provider.last_name': null });
    expect(evaluate([...pid({}), pv1]).input.fields).toMatchObject({
      'primary_provider.id': '55',
      'primary_provider.last_name': 'SMITH',
      'primary_provider.authority': 'NPI',
    });
  });

  it('keeps letters of other alphabets', () => {
    expect(fieldsOf({ 5: 'GARCÍA^JOSÉ' })).toMatchObject({ last_name: 'GARCÍA', first_name: 'JOSÉ' });
  });
});
