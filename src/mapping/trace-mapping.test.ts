import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMessage } from '../formats/hl7v2/message.ts';
import { compileMapping } from './compile-mapping.ts';
import { parseMapping } from './mapping-format.ts';
import { traceMapping } from './trace-mapping.ts';

const tables = [{ key: 'sex', title: 'Sex', entries: { M: 'M', F: 'F' } }];
const mapping = compileMapping(
  parseMapping({
    format: 'practice-studio-mapping/1',
    key: 'test.patient',
    version: 3,
    title: 'Test',
    source: 'hl7v2',
    target: 'patient',
    messages: ['ADT^A04'],
    rules: [
      { target: 'last_name', source: 'PID-5.1', required: true },
      { target: 'suffix', source: 'PID-5.4', when: { path: 'PID-8', oneOf: ['M'] } },
      { target: 'suffix', source: 'PID-9.4', steps: [{ fn: 'upper' }], default: 'none' },
      { target: 'date_of_birth', source: 'PID-7', steps: [{ fn: 'date' }] },
      { target: 'gender', source: 'PID-8', steps: [{ fn: 'codeTable', table: 'sex' }] },
      { target: 'race', source: { field: 'PID-10', part: '1', all: true }, steps: [{ fn: 'upper' }] },
      {
        target: 'phone_home',
        source: { field: 'PID-13', where: [{ part: '3', notOneOf: ['CP'] }], as: 'telephone' },
        steps: [{ fn: 'phone' }],
      },
      {
        target: 'address.line2',
        source: { field: 'PID-11', where: [{ part: '7', notOneOf: ['B'] }], part: '2' },
        clearWithField: true,
        steps: [{ fn: 'concat', paths: ['PID-11.8'] }],
      },
    ],
    groups: [
      {
        target: 'identifiers',
        each: { repetition: 'PID-3' },
        when: { path: 'PID-3.5', notOneOf: ['SS'] },
        needs: ['value'],
        rules: [
          { target: 'value', source: 'PID-3.1' },
          { target: 'type', source: 'PID-3.5', default: 'MR' },
        ],
      },
      {
        target: 'related_persons',
        each: { segment: 'NK1' },
        needs: ['last_name'],
        rules: [
          { target: 'last_name', source: 'NK1-2.1' },
          { target: 'phone_home', source: 'NK1-5', steps: [{ fn: 'phone', invalid: 'refuse' }] },
        ],
      },
    ],
  }),
  tables,
);
const parse = (text: string) => parseMessage(Buffer.from(`MSH|^~\\&|A|B|C|D|20260101||ADT^A04|1|P|2.5.1\r${text}\r`));

describe('the trace of a mapping', () => {
  it('has the very result of the evaluation, whatever the message holds', () => {
    const piece = fc.constantFrom(
      '',
      '""',
      '1',
      'M',
      'SS',
      '19800515',
      '19801345',
      '2175550100',
      '55',
      'B',
      'CP',
      '^',
      '~',
      'é',
      'x',
    );
    const field = fc.array(piece, { maxLength: 6 }).map((list) => list.join(''));
    const segment = (name: string) => fc.array(field, { maxLength: 14 }).map((list) => [name, ...list].join('|'));
    fc.assert(
      fc.property(fc.array(fc.oneof(segment('PID'), segment('NK1'), segment('ZZZ')), { maxLength: 4 }), (segments) => {
        const message = parse(segments.join('\r'));
        const { input, problems } = mapping.evaluate(message);
        const trace = traceMapping(mapping, message);
        expect(trace.input).toEqual(input);
        expect(trace.problems).toEqual(problems);
        // Each problem stands with the rule that met it.
        const told = [...trace.rules, ...trace.items.flatMap((item) => item.rules)].flatMap((rule) => rule.problems);
        expect(told).toEqual(problems);
      }),
      { numRuns: 300 },
    );
  });

  it('tells what was read where, what each step made of it, and what came out', () => {
    const trace = traceMapping(
      mapping,
      parse('PID|1||7~8^^^^SS||DOE^JOHN^^jr||198005|M||a~b|1 Main St^^X||5551234~^PRN^PH^^1^217^5550100'),
    );
    const rule = (target: string) => trace.rules.filter((one) => one.target === target);
    expect(trace.mapping).toEqual({ key: 'test.patient', version: 3 });
    expect(rule('date_of_birth')).toEqual([
      {
        rule: 'rules[3]',
        target: 'date_of_birth',
        source: 'PID-7',
        place: 'PID-7',
        raw: '198005',
        steps: [{ fn: 'date', value: '1980-05' }],
        result: '1980-05',
        skipped: false,
        problems: [],
      },
    ]);
    expect(rule('suffix').map(({ skipped, result }) => [skipped, result])).toEqual([
      [false, 'jr'],
      [true, undefined],
    ]);
    expect(rule('race')).toMatchObject([{ raw: ['a', 'b'], result: ['A', 'B'], place: 'PID-10' }]);
    expect(rule('phone_home')).toMatchObject([
      { result: '5551234', problems: [{ code: 'mapping.phone-unreadable', place: 'PID-13' }] },
    ]);
    expect(rule('address.line2')).toMatchObject([{ raw: null, steps: [{ fn: 'concat', value: null }], result: null }]);
    expect(trace.items.map(({ group, place, outcome }) => [group, place, outcome])).toEqual([
      ['groups[0]', 'PID-3', 'item'],
      ['groups[0]', 'PID-3[2]', 'condition'],
    ]);
  });
});
