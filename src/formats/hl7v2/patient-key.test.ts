import { describe, expect, it } from 'vitest';
import { peekEnvelope } from './envelope.ts';
import { peekPatientKey } from './patient-key.ts';

function keyOf(pid: string, header = 'MSH|^~\\&|A'): string | undefined {
  const bytes = Buffer.from(`${header}\rEVN|A04|PID|PID\r${pid}\rPV1|1`);
  return peekPatientKey(bytes, peekEnvelope(bytes));
}

describe('peekPatientKey', () => {
  it.each([
    ['the one identifier', 'PID|1||12345^^^NEXTGEN^MRN||DOE', '12345|NEXTGEN'],
    ['the MR among others', 'PID|1||9^^^SSA^SS~12345^^^NG&1.2&ISO^MR~4^^^X^MR', '12345|NG&1.2&ISO'],
    ['the PI among others', 'PID|1||9^^^SSA^SS~77^^^NG^PI', '77|NG'],
    ['the first that is not empty', 'PID|1||^^^X^AN~""^^^Y^MR~5^^^Z', '5|Z'],
    ['an identifier without authority', 'PID|1||7', '7|'],
    ['PID-2 when PID-3 is empty', 'PID|1|22^^^EXT||', '22|EXT'],
    ['PID-2 when PID-3 is null', 'PID|1|22|""', '22|'],
    ['PID-18 when there is nothing else', 'PID|1||||DOE|||||||||||||ACC^^^NG', 'ACC|NG'],
    ['nothing when there is nothing', 'PID|1||||DOE', undefined],
    ['nothing without a PID', 'PV1|1', undefined],
  ])('gives %s', (_, pid, key) => {
    expect(keyOf(pid)).toBe(key);
  });

  it('is the same whatever the line ends and delimiters', () => {
    expect(keyOf('PID#1##12345!!!NG!MR', 'MSH#!@%*#A')).toBe('12345|NG');
    const bytes = Buffer.from('MSH|^~\\&|A\r\nPID|1||12345^^^NG^MR\r\n');
    expect(peekPatientKey(bytes, peekEnvelope(bytes))).toBe('12345|NG');
    const wide = Buffer.from('MSH|^~\\&|A\r\nPID|1||12345^^^NG^MR\r\n', 'utf16le');
    expect(peekPatientKey(wide, peekEnvelope(wide))).toBe('12345|NG');
  });
});
