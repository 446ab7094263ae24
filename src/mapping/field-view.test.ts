import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMessage } from '../formats/hl7v2/message.ts';
import { read, repetitionCount } from '../formats/hl7v2/read.ts';
import { fieldPart, fieldView } from './field-view.ts';

const pieces = fc.constantFrom(
  '',
  'A',
  'DOE',
  '""',
  '^',
  '~',
  '&',
  '\\',
  '\\F\\',
  '\\X41\\',
  ' ',
  'é',
  '日本',
  '1',
  '|',
  'O"',
);
const body = fc.array(pieces, { maxLength: 40 }).map((list) => list.join(''));
const encodings = fc.constantFrom<[BufferEncoding, string]>(
  ['utf8', 'UNICODE UTF-8'],
  ['latin1', '8859/1'],
  ['utf8', ''],
);
const headers = fc.constantFrom('MSH|^~\\&', 'MSH|^~\\&#', 'MSH|^~', 'MSH|$%/@');

describe('the field view', () => {
  it('reads what the parser reads, whatever the message holds', () => {
    fc.assert(
      fc.property(body, body, encodings, headers, (pid, nk1, [encoding, charset], header) => {
        const text = `${header}|A|B|C|D|20260101||ADT^A04|1|P|2.5.1||||||${charset}\rPID|${pid}\rNK1|${nk1}\r`;
        const message = parseMessage(Buffer.from(text, encoding));
        const view = fieldView(message);
        for (const segment of [0, 1, 2]) {
          const name = message.segmentName(segment);
          for (let field = 1; field < 8; field++) {
            expect(view.count(segment, field)).toBe(repetitionCount(message, segment, field));
            for (const repetition of [0, 1, 2]) {
              for (const rest of ['', '.1', '.2', '.3', '.1.1', '.1.2', '.2.2']) {
                const part = fieldPart(`${name}-${field}${rest}`);
                expect(view.read(segment, part, repetition), `${part.path.text}[${repetition}]`).toBe(
                  read(message, part.path, { segment, repetition }),
                );
              }
            }
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('knows no segment that is not there', () => {
    const view = fieldView(parseMessage(Buffer.from('MSH|^~\\&|A\rPID|1\r')));
    const part = fieldPart('ZZZ-1');
    expect(view.segment(part.path)).toBe(-1);
    expect(view.read(-1, part, 0)).toBeUndefined();
    expect(view.count(-1, 1)).toBe(0);
    expect(view.filled(-1, part, 0)).toBe(false);
  });
});
