import { describe, expect, it } from 'vitest';
import { Hl7Error, formatPlace } from './hl7-error.ts';
import { parseMessage } from './message.ts';
import { hasErrors, problemOf, validateMessage } from './validate.ts';

const PID = 'PID|1||7^^^NG^MR||DOE^JOHN';

function check(type: string, segments: string[], header: { id?: string; rest?: string } = {}): string[] {
  const msh = `MSH|^~\\&|A|B|C|D|20260101||${type}|${header.id ?? '1'}|${header.rest ?? 'P|2.5.1'}`;
  return validateMessage(parseMessage(Buffer.from([msh, ...segments].join('\r'), 'latin1'))).map(
    (problem) => `${problem.severity}${problem.conditionCode} ${formatPlace(problem.location)}`,
  );
}

describe('validateMessage', () => {
  it('finds nothing wrong with a good message', () => {
    expect(check('ADT^A04', ['EVN|A04', PID, 'PV1|1|O', 'ZPM|1'])).toEqual([]);
    expect(check('ADT^A20', ['NPU|x'])).toEqual([]);
    expect(check('SIU^S12', ['SCH|1'])).toEqual([]);
  });

  it.each([
    ['no message type', check('', [PID]), 'E101 MSH-9'],
    ['no trigger event', check('ADT', [PID]), 'E101 MSH-9.2'],
    ['no control id', check('ADT^A04', [PID], { id: '' }), 'E101 MSH-10'],
    ['a null control id', check('ADT^A04', [PID], { id: '""' }), 'E101 MSH-10'],
    ['no processing id', check('ADT^A04', [PID], { rest: '|2.3' }), 'W101 MSH-11'],
    ['no version', check('ADT^A04', [PID], { rest: 'P' }), 'W101 MSH-12'],
    ['another version', check('ADT^A04', [PID], { rest: 'P|3.0' }), 'W203 MSH-12'],
    ['no patient', check('ADT^A04', ['PV1|1']), 'E100 PID'],
    ['no schedule', check('SIU^S12', [PID]), 'E100 SCH'],
    ['no prior identifier in a merge', check('ADT^A40', [PID]), 'E100 MRG'],
    ['no identifier', check('ADT^A04', ['PID|1||||DOE']), 'E101 PID-3'],
    ['no name', check('ADT^A04', ['PID|1||7']), 'W101 PID-5'],
    ['two messages in one', check('ADT^A04', [PID, 'MSH|^~\\&|x']), 'E100 MSH[2]'],
    ['an unknown character set', check('ADT^A04', [PID], { rest: 'P|2.3||||||KLINGON' }), 'W103 MSH-18'],
    [
      'UTF-8 that is not',
      check('ADT^A04', [PID.replace('DOE', 'D\xd6E')], { rest: 'P|2.3||||||UNICODE UTF-8' }),
      'W102 MSH-18',
    ],
  ])('tells %s', (_, problems, expected) => {
    expect(problems).toEqual([expected]);
  });

  it('tells a line that is no segment, and not ten thousand of them', () => {
    const problems = check('ADT^A04', [PID, 'rest of a note\rPIDX|1', ...Array.from({ length: 10_000 }, () => 'x')]);
    expect(problems).toHaveLength(20);
    expect(problems[0]).toMatch(/^E100 byte \d+$/);
  });

  it('takes the event from EVN where the header has none', () => {
    expect(check('ADT', ['EVN|A04', PID])).toEqual([]);
  });

  it('never tells what a field holds', () => {
    const message = parseMessage(Buffer.from('MSH|^~\\&|A||||||ADT^A04|||SECRET\rSECRET NAME\rPID|1||||SECRET'));
    expect(JSON.stringify(validateMessage(message))).not.toContain('SECRET');
  });
});

describe('hasErrors and problemOf', () => {
  it('tell what is to be refused', () => {
    const message = parseMessage(Buffer.from(`MSH|^~\\&|A||||||ADT^A04|1||2.3\r${PID}`));
    expect(hasErrors(validateMessage(message))).toBe(false);
    expect(hasErrors(validateMessage(parseMessage(Buffer.from('MSH|^~\\&|A'))))).toBe(true);
  });

  it('turn a parse error into a problem', () => {
    for (const [text, code] of [
      ['PID|1', '100'],
      ['MSH|A|', '102'],
    ] as const) {
      try {
        parseMessage(Buffer.from(text));
        expect.unreachable();
      } catch (error) {
        if (!(error instanceof Hl7Error)) throw error;
        expect(problemOf(error)).toMatchObject({ conditionCode: code, severity: 'E', location: { segment: 'MSH' } });
      }
    }
  });
});
