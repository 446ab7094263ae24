import { describe, expect, it } from 'vitest';
import { parseMessage } from '../formats/hl7v2/message.ts';
import { compileMapping, type CompileOptions } from './compile-mapping.ts';
import { MappingError } from './mapping-error.ts';
import { type GroupDocument, parseMapping, type RuleDocument } from './mapping-format.ts';

const colours = { key: 'colours', title: 'Colours', entries: { RED: 'r' } };

function documentOf(rules: unknown[], groups: unknown[] = [], more: object = {}) {
  return {
    format: 'practice-studio-mapping/1',
    key: 'test.patient',
    version: 1,
    title: 'Test',
    source: 'hl7v2',
    target: 'patient',
    messages: ['ADT^A04'],
    rules,
    groups,
    ...more,
  };
}

function compile(rules: RuleDocument[], groups: GroupDocument[] = [], more: object = {}, options: CompileOptions = {}) {
  return compileMapping(parseMapping(documentOf(rules, groups, more)), [colours], options);
}

const message = (...segments: string[]) =>
  parseMessage(Buffer.from(`MSH|^~\\&|APP|FAC|C|D|20260101||ADT^A04|1|P|2.5.1\r${segments.join('\r')}\r`));

function faultsOf(work: () => unknown) {
  try {
    work();
  } catch (error) {
    if (error instanceof MappingError) return error.faults;
    throw error;
  }
  return [];
}

describe('a mapping document', () => {
  it('is refused with every fault and its place', () => {
    const faults = faultsOf(() =>
      compile([
        { target: 'firstname', source: 'PID-5.2' },
        { target: 'last_name', source: 'PID5' },
        { target: 'gender', source: 'PID-8', steps: [{ fn: 'uppercase' }] },
        { target: 'religion', source: 'PID-17', steps: [{ fn: 'codeTable', table: 'religions' }] },
        { target: 'ssn', source: 'PID-19', steps: [{ fn: 'substring', from: 0 }] },
        { target: 'suffix' },
        { target: 'email', source: { field: 'PID-13', all: true } },
        { target: 'prefix', source: '$nowhere' },
      ]),
    );
    expect(faults.map(({ place }) => place)).toEqual([
      'rules[0].target',
      'rules[1].source',
      'rules[2].steps[0].fn',
      'rules[3].steps[0]',
      'rules[4].steps[0].from',
      'rules[5]',
      'rules[6]',
      'rules[7].source',
    ]);
    expect(faults[2]?.reason).toContain('codeTable');
  });

  it('is refused when a rule can never be asked', () => {
    const faults = faultsOf(() =>
      compile([
        { target: 'last_name', source: 'PID-5.1' },
        { target: 'last_name', source: 'PID-9.1' },
      ]),
    );
    expect(faults.map(({ place }) => place)).toEqual(['rules[1].target']);
  });

  it('is refused for unknown keys, lists, needs and expressions that are none', () => {
    expect(faultsOf(() => parseMapping(documentOf([{ target: 'last_name', sources: 'PID-5' }])))).toHaveLength(1);
    const item = { each: { segment: 'NK1' }, needs: ['last_name'] };
    const rule = { target: 'last_name', source: 'NK1-2.1' };
    const faults = faultsOf(() =>
      compile(
        [{ target: 'last_name', source: 'PID-5.1', when: { path: 'PID-8', matches: '(' } }],
        [
          { ...item, target: 'relatives', rules: [rule] },
          { ...item, target: 'related_persons', rules: [{ target: 'first_name', source: 'NK1-2.2' }] },
          { ...item, target: 'related_persons', rules: [rule, { target: 'colour', source: 'NK1-3' }] },
        ],
      ),
    );
    expect(faults.map(({ place }) => place)).toEqual([
      'rules[0].when',
      'groups[0].target',
      'groups[1].needs',
      'groups[2].rules[1].target',
    ]);
  });
});

describe('a rule', () => {
  const evaluate = (rule: Partial<RuleDocument>, pid: string, more: object = {}, options: CompileOptions = {}) => {
    const mapping = compile([{ target: 'suffix', source: 'PID-5.4', ...rule }], [], more, options);
    const { input, problems } = mapping.evaluate(message(pid));
    return { said: Object.values(input.fields)[0], problems: problems.map(({ code, place }) => `${code} ${place}`) };
  };

  it('tells absent, deleted and filled apart', () => {
    expect(evaluate({}, 'PID|1||||DOE^J^^JR').said).toBe('JR');
    expect(evaluate({}, 'PID|1||||DOE^J^^""').said).toBeNull();
    expect(evaluate({}, 'PID|1||||""').said).toBeNull();
    expect(evaluate({}, 'PID|1||||DOE^J').said).toBeUndefined();
    expect(evaluate({}, 'PID|1||||DOE^J^^  ').said).toBeUndefined();
  });

  it('puts its default in the place of an absent value, never of a deleted one', () => {
    expect(evaluate({ default: 'X' }, 'PID|1').said).toBe('X');
    expect(evaluate({ default: 'X' }, 'PID|1||||DOE^J^^""').said).toBeNull();
  });

  it('reports a required value that is missing, once and with its place', () => {
    expect(evaluate({ required: true }, 'PID|1').problems).toEqual(['mapping.required-missing PID-5.4']);
    expect(
      evaluate(
        { target: 'date_of_birth', source: 'PID-7', steps: [{ fn: 'date' }], required: true },
        'PID|1||||||19851345',
      ).problems,
    ).toEqual(['mapping.date-impossible PID-7']);
  });

  it('validates what it gives', () => {
    const validate = { oneOf: ['JR', 'SR'] };
    expect(evaluate({ validate }, 'PID|1||||DOE^J^^jr').problems).toEqual([]);
    expect(evaluate({ validate }, 'PID|1||||DOE^J^^IX').problems).toEqual(['mapping.value-invalid PID-5.4']);
    expect(evaluate({ validate: { maxLength: 1, severity: 'warning' } }, 'PID|1||||DOE^J^^JR').said).toBe('JR');
  });

  it('never lets a value through that its target cannot hold', () => {
    expect(evaluate({ target: 'date_of_birth', source: 'PID-7' }, 'PID|1||||||19800515')).toEqual({
      said: undefined,
      problems: ['mapping.date-unreadable PID-7'],
    });
    expect(evaluate({ target: 'deceased', source: 'PID-30' }, `PID${'|'.repeat(30)}maybe`).problems).toEqual([
      'mapping.flag-unreadable PID-30',
    ]);
    expect(evaluate({}, `PID|1||||DOE^J^^${'x'.repeat(1001)}`)).toEqual({
      said: undefined,
      problems: ['mapping.value-too-long PID-5.4'],
    });
  });

  it('takes no control characters for data', () => {
    for (const damage of ['\u0000', '\u0001', '\u001b\u0002', '\\X00\\', '\u007f']) {
      expect(evaluate({}, `PID|1||||DOE^J^^J${damage}R`)).toEqual({
        said: undefined,
        problems: ['mapping.control-character PID-5.4'],
      });
    }
    expect(evaluate({}, 'PID|1||||DO\u0001E^J^^J\tR').said).toBe('J\tR');
    expect(evaluate({}, 'PID|1||||DOE^J^^J\\X41\\R').said).toBe('JAR');
    const concat = { steps: [{ fn: 'concat', paths: ['PID-5.1'] }] };
    expect(evaluate(concat, 'PID|1||||DO\u0001E^J^^JR').problems).toEqual(['mapping.control-character PID-5.4']);
  });

  it('refuses a list that is too long before it looks at its items', () => {
    const mapping = compile([], [
      {
        target: 'identifiers',
        each: { repetition: 'PID-3' },
        needs: ['value'],
        rules: [{ target: 'value', source: 'PID-3.1' }],
      },
    ] as never);
    const ids = (count: number) =>
      mapping.evaluate(message(`PID|1||${Array.from({ length: count }, (_, i) => i + 1).join('~')}`));
    expect(ids(200).problems).toEqual([]);
    expect(ids(200).input.lists.identifiers).toHaveLength(200);
    const long = ids(40_000);
    expect(long.problems).toMatchObject([{ code: 'mapping.too-many-items', place: 'PID-3[201]', severity: 'error' }]);
    expect(long.input.lists).toEqual({});
  });

  it('reads the first repetition that fits, and names it', () => {
    const source = { field: 'PID-13', where: [{ part: '3', oneOf: ['CP'] }], as: 'telephone' as const };
    const pid = 'PID|1||||||||||||555~^PRN^CP^^1^217^5550000^77';
    expect(evaluate({ target: 'phone_mobile', source, steps: [{ fn: 'phone' }] }, pid).said).toBe(
      '+12175550000;ext=77',
    );
    expect(
      evaluate({ target: 'phone_mobile', source, steps: [{ fn: 'phone' }] }, pid.replace('^1^217^', '^^^')),
    ).toMatchObject({ problems: ['mapping.phone-unreadable PID-13[2]'] });
  });

  it('takes all parts from the repetition that it chose', () => {
    const address = (part: string) => ({
      source: { field: 'PID-11', where: [{ part: '7', notOneOf: ['B'] }], part },
      clearWithField: true,
    });
    const pid = 'PID|1||||||||||9 Birth Rd^Apt 1^^^^^B~1 Main St^^Springfield~2 Other St^Apt 2';
    const mapping = compile([
      { target: 'address.line1', ...address('1') },
      { target: 'address.line2', ...address('2') },
      { target: 'address.city', ...address('3') },
    ]);
    expect(mapping.evaluate(message(pid)).input.fields).toEqual({
      'address.line1': '1 Main St',
      'address.line2': null,
      'address.city': 'Springfield',
    });
    expect(mapping.evaluate(message('PID|1')).input.fields).toEqual({});
  });

  it('asks an alternative only when the rules before it said nothing', () => {
    const mapping = compile([
      { target: 'suffix', source: 'PID-5.4', when: { path: 'PID-8', oneOf: ['m'] } },
      { target: 'suffix', source: 'PID-9.4', steps: [{ fn: 'codeTable', table: 'colours' }] },
    ]);
    const male = mapping.evaluate(message('PID|1||||A^B^^JR|||M|D^E^^BLUE'));
    expect([male.input.fields, male.problems]).toEqual([{ suffix: 'JR' }, []]);
    expect(mapping.evaluate(message('PID|1||||A^B^^JR|||F|D^E^^red')).input.fields).toEqual({ suffix: 'r' });
  });

  it('combines conditions', () => {
    const when = {
      all: [
        { path: 'PID-8', present: true },
        {
          not: {
            any: [
              { path: 'PID-8', oneOf: ['F'] },
              { path: 'PID-8', matches: '^X' },
            ],
          },
        },
      ],
    };
    expect(evaluate({ when }, 'PID|1||||D^^^JR|||M').said).toBe('JR');
    expect(evaluate({ when }, 'PID|1||||D^^^JR|||F').said).toBeUndefined();
    expect(evaluate({ when }, 'PID|1||||D^^^JR|||X1').said).toBeUndefined();
    expect(evaluate({ when }, 'PID|1||||D^^^JR').said).toBeUndefined();
  });

  it('reads a named position where the system has set it', () => {
    const more = { positions: { marker: { label: 'Marker' } } };
    const rule = { target: 'sliding_fee_class', source: ['$marker', 'PID-5.4'] };
    expect(evaluate(rule, 'PID|1||||D^^^JR|||M', more).said).toBe('JR');
    expect(evaluate(rule, 'PID|1||||D^^^JR|||M', more, { positions: { marker: 'PID-8' } }).said).toBe('M');
    const faults = faultsOf(() => evaluate(rule, 'PID|1', more, { positions: { marked: 'PID-8' } }));
    expect(faults[0]?.reason).toContain('"marked"');
  });
});

describe('a group', () => {
  const coverage: GroupDocument = {
    target: 'coverage',
    each: { segment: 'IN1', with: ['IN2'] },
    needs: ['plan_id'],
    rules: [
      { target: 'plan_id', source: 'IN1-2' },
      { target: 'member_id', source: 'IN2-61' },
      { target: 'group_number', source: 'PID-2' },
      { target: 'effective_date', source: 'IN1-12', steps: [{ fn: 'date' }] },
    ],
  };
  const lists = (...segments: string[]) => compile([], [coverage]).evaluate(message(...segments)).input.lists;

  it('reads the segments that belong to each of its own', () => {
    const in2 = `IN2${'|'.repeat(61)}M2`;
    expect(lists('PID|1|G', 'IN1|1|A', 'IN1|2|B', in2)).toEqual({
      coverage: [
        { plan_id: 'A', group_number: 'G' },
        { plan_id: 'B', member_id: 'M2', group_number: 'G' },
      ],
    });
  });

  it('says nothing when its segment is absent or bare, and that there is none when it is null', () => {
    expect(lists('PID|1')).toEqual({});
    expect(lists('PID|1|G', 'IN1|1|')).toEqual({});
    expect(lists('PID|1|G', 'IN1|1|""')).toEqual({ coverage: [] });
  });

  it('names the occurrence that a problem is in', () => {
    const { problems } = compile([], [coverage]).evaluate(message('IN1|1|A', `IN1|2|B${'|'.repeat(10)}20231301`));
    expect(problems).toMatchObject([
      { code: 'mapping.date-impossible', place: 'IN1[2]-12', target: 'coverage.effective_date', severity: 'error' },
    ]);
  });

  it('goes through the repetitions of a field', () => {
    const identifiers: GroupDocument = {
      target: 'identifiers',
      each: { repetition: 'PID-3' },
      when: { path: 'PID-3.5', notOneOf: ['SS'] },
      needs: ['value'],
      rules: [
        { target: 'value', source: 'PID-3.1' },
        { target: 'type', source: 'PID-3.5', default: 'MR' },
        { target: 'authority', source: ['PID-3.4', 'MSH-4'] },
      ],
    };
    const { input, values } = compile([], [identifiers]).evaluate(message('PID|||1^^^X^PI~~2~3^^^^SS'));
    expect(input.lists.identifiers).toEqual([
      { value: '1', type: 'PI', authority: 'X' },
      { value: '2', type: 'MR', authority: 'FAC' },
    ]);
    expect(values).toEqual([
      [
        ['1', 'PI', 'X'],
        [0, 'MR', 'FAC'],
        ['2', 'MR', 'FAC'],
      ],
    ]);
  });
});
