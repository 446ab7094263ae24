import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitMessages } from './split-messages.ts';

function split(text: string): string[] {
  return [...splitMessages(Buffer.from(text))].map(
    (part) =>
      `${part.kind === 'message' ? 'm' : 'e'} ${part.line} ${part.bytes
        .toString()
        .trim()
        .replace(/\r\n|\r|\n/g, '/')}`,
  );
}

describe('splitMessages', () => {
  it('takes a batch file apart', () => {
    const file = ['FHS|^~\\&|A', 'BHS|^~\\&|A', 'MSH|^~\\&|1', 'PID|1', 'MSH|^~\\&|2', 'PID|2', 'BTS|2', 'FTS|1', ''];
    for (const end of ['\r', '\n', '\r\n']) {
      expect(split(file.join(end))).toEqual([
        'e 1 FHS|^~\\&|A',
        'e 2 BHS|^~\\&|A',
        'm 3 MSH|^~\\&|1/PID|1',
        'm 5 MSH|^~\\&|2/PID|2',
        'e 7 BTS|2',
        'e 8 FTS|1',
      ]);
    }
  });

  it('takes messages without envelopes apart, blank lines or frames between them', () => {
    expect(split('\ufeffMSH|^~\\&|1\r\rMSH|^~\\&|2\r\u001c\r\u000bMSH#!@%*#3\rPID#1')).toEqual([
      'm 1 MSH|^~\\&|1',
      'm 3 MSH|^~\\&|2/\u001c',
      'm 5 MSH#!@%*#3/PID#1',
    ]);
  });

  it('gives what stands before the first header, so that it is refused rather than lost', () => {
    expect(split('PID|1\rMSH|^~\\&|1')).toEqual(['m 1 PID|1', 'm 2 MSH|^~\\&|1']);
  });

  it('does not take a word for a header', () => {
    expect(split('MSH|^~\\&|1\rNTE|1||see\nMSH text\nMSHX|1')).toHaveLength(1);
  });

  it('finds nothing in nothing', () => {
    expect(split('')).toEqual([]);
    expect(split('\r\n\r\n')).toEqual([]);
  });

  it('loses no byte between the first part and the last', () => {
    const line = fc.constantFrom('MSH|^~\\&|1', 'PID|1', 'BHS|', 'FTS|', 'BTS', '', ' ', '\u000b', 'MSH', 'x');
    const file = fc.array(fc.tuple(line, fc.constantFrom('\r', '\n', '\r\n', '')), { maxLength: 30 });
    fc.assert(
      fc.property(file, (lines) => {
        const bytes = Buffer.from(lines.flat().join(''));
        const parts = [...splitMessages(bytes)];
        let at = parts[0]?.offset ?? bytes.length;
        for (const part of parts) {
          const between = bytes.toString('latin1', at, part.offset);
          expect(between.trim().replace(/[\u000b\u001c\u0000]/g, '')).toBe('');
          at = part.offset + part.bytes.length;
        }
      }),
    );
  });
});
