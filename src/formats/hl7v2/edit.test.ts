import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edit, editRaw, withSegmentInserted, withoutSegment } from './edit.ts';
import { Hl7Error } from './hl7-error.ts';
import { type Hl7Message, parseMessage } from './message.ts';
import { compilePath } from './path.ts';
import { locate, read } from './read.ts';

const TEXT = [
  String.raw`MSH|^~\&|A|B|C|D|20260101||ADT^A04|1|P|2.5.1`,
  'PID|1||7^^^NG~8||DOE^JOHN',
  'PV1|1|O|',
  '',
].join('\r');

const parse = (text = TEXT): Hl7Message => parseMessage(Buffer.from(text));
const textOf = (message: Hl7Message): string => message.toBytes().toString();
const pid = (message: Hl7Message): string => textOf(message).split('\r')[1] ?? '';

function change(path: string, value: string | null): string {
  return pid(edit(parse(), compilePath(path), value));
}

describe('edit', () => {
  it('changes one value and nothing else', () => {
    expect(textOf(edit(parse(), compilePath('PID-5.2'), 'JANE'))).toBe(TEXT.replace('JOHN', 'JANE'));
    expect(textOf(edit(parse(), compilePath('PID-5'), 'ROE'))).toBe(TEXT.replace('DOE', 'ROE'));
  });

  it('leaves the message it was given as it was', () => {
    const message = parse();
    edit(message, compilePath('PID-5'), 'ROE');
    expect(textOf(message)).toBe(TEXT);
  });

  it('adds the fields, repetitions, components and subcomponents on the way', () => {
    expect(change('PID-8', 'M')).toBe('PID|1||7^^^NG~8||DOE^JOHN|||M');
    expect(change('PID-3[2].4.2', '1.2')).toBe('PID|1||7^^^NG~8^^^&1.2||DOE^JOHN');
    expect(change('PID-3[4]', '9')).toBe('PID|1||7^^^NG~8~~9||DOE^JOHN');
    expect(change('PID-3[1].4.3', 'ISO')).toBe('PID|1||7^^^NG&&ISO~8||DOE^JOHN');
    expect(change('PID-2', '5')).toBe('PID|1|5|7^^^NG~8||DOE^JOHN');
  });

  it('writes null and empties', () => {
    expect(change('PID-5.2', null)).toBe('PID|1||7^^^NG~8||DOE^""');
    expect(change('PID-5.2', '')).toBe('PID|1||7^^^NG~8||DOE^');
    expect(change('PID-30', '')).toBe('PID|1||7^^^NG~8||DOE^JOHN');
  });

  it('escapes what it writes', () => {
    expect(change('PID-5.2', 'A|B\\')).toBe(String.raw`PID|1||7^^^NG~8||DOE^A\F\B\E\ `.trim());
  });

  it('writes to another occurrence of a segment where told to', () => {
    const message = parse(`${TEXT}OBX|1|ST|||a\rOBX|2|ST|||b`);
    expect(textOf(edit(message, compilePath('OBX-5'), 'x', { segment: 4 }))).toBe(
      textOf(message).replace('||b', '||x'),
    );
    expect(textOf(edit(message, compilePath('OBX[2]-5'), 'x'))).toBe(textOf(message).replace('||b', '||x'));
  });

  it('edits UTF-16 on the wire', () => {
    const wire = Buffer.from(`\ufeff${TEXT.replace('JOHN', 'Jörg')}`, 'utf16le');
    const edited = edit(parseMessage(wire), compilePath('PID-8'), '日');
    expect(edited.toBytes().toString('utf16le')).toBe(`\ufeff${TEXT.replace('JOHN', 'Jörg|||日')}`);
  });

  it.each([
    ['PV2-1', 'hl7.no-segment'],
    ['MSH-1', 'hl7.bad-edit'],
    ['MSH-2', 'hl7.bad-edit'],
  ])('refuses %s with %s', (path, code) => {
    expect(() => edit(parse(), compilePath(path), 'x')).toThrow(expect.objectContaining({ code }));
  });

  it('refuses parts for which the message has no separator', () => {
    const message = parse('MSH|^~|A\rPID|1');
    expect(() => edit(message, compilePath('PID-3.1.2'), 'x')).toThrow(/subcomponent/);
    expect(() => edit(message, compilePath('PID-3'), 'a|b')).toThrow(
      expect.objectContaining({ code: 'hl7.unencodable' }),
    );
  });

  it('is read back as written, and all before and after the place stays byte for byte', () => {
    const path = fc
      .record({
        field: fc.integer({ min: 1, max: 12 }),
        repetition: fc.integer({ min: 1, max: 3 }),
        component: fc.integer({ min: 1, max: 4 }),
        subcomponent: fc.integer({ min: 1, max: 3 }),
      })
      .map(
        ({ field, repetition, component, subcomponent }) => `PID-${field}[${repetition}].${component}.${subcomponent}`,
      );
    const value = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1 }), fc.constant('""'), fc.constant(null));
    const body = fc.string({ unit: fc.constantFrom(...'ab"|^~&\\é\u0080'), maxLength: 40 });
    fc.assert(
      fc.property(path, value, body, (text, wanted, pid) => {
        const before = parseMessage(
          Buffer.from(`MSH|^~\\&|A|||||||||||||||UNICODE UTF-8\rPID|${pid}\nPV1|é|x\r\n\nZ99|\\`),
        );
        const compiled = compilePath(text);
        const after = edit(before, compiled, wanted);
        expect(read(after, compiled)).toBe(wanted);
        const range = locate(before, compiled);
        if (range === undefined) {
          // Something was added in one place: without it the rest is what it was.
          const added = after.bytes.length - before.bytes.length;
          let same = 0;
          while (same < before.bytes.length && before.bytes[same] === after.bytes[same]) same += 1;
          expect(after.bytes.subarray(same + added).equals(before.bytes.subarray(same))).toBe(true);
        } else {
          expect(after.bytes.subarray(0, range.start).equals(before.bytes.subarray(0, range.start))).toBe(true);
          const rest = before.bytes.subarray(range.end);
          expect(after.bytes.subarray(after.bytes.length - rest.length).equals(rest)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('editRaw', () => {
  it('replaces a whole repetition or component', () => {
    expect(pid(editRaw(parse(), compilePath('PID-5'), 'ROE^RICHARD^^^MR'))).toBe('PID|1||7^^^NG~8||ROE^RICHARD^^^MR');
    expect(pid(editRaw(parse(), compilePath('PID-3[2]'), '9^^^X&Y'))).toBe('PID|1||7^^^NG~9^^^X&Y||DOE^JOHN');
    expect(pid(editRaw(parse(), compilePath('PID-3[1].4'), 'A&B'))).toBe('PID|1||7^^^A&B~8||DOE^JOHN');
  });

  it('refuses text that would break the segment apart', () => {
    for (const raw of ['a|b', 'a\rb', 'a\nb', '\u000b']) {
      expect(() => editRaw(parse(), compilePath('PID-5'), raw)).toThrow(Hl7Error);
    }
    expect(() => editRaw(parse(), compilePath('PID-5.1'), 'a~b')).toThrow(Hl7Error);
  });
});

describe('segments', () => {
  it('are inserted before another and at the end', () => {
    expect(textOf(withSegmentInserted(parse(), 1, 'EVN|A04'))).toBe(TEXT.replace('\rPID', '\rEVN|A04\rPID'));
    expect(textOf(withSegmentInserted(parse(), 3, 'ZPM|1'))).toBe(`${TEXT.slice(0, -1)}\rZPM|1\r`);
    const crlf = TEXT.replaceAll('\r', '\r\n');
    expect(textOf(withSegmentInserted(parse(crlf), 1, 'EVN|A04'))).toBe(crlf.replace('\nPID', '\nEVN|A04\r\nPID'));
  });

  it('are removed with their line end', () => {
    expect(textOf(withoutSegment(parse(), 1))).toBe(TEXT.replace(/PID.*?\r/, ''));
    expect(textOf(withoutSegment(parse(), 2))).toBe(TEXT.replace(/PV1.*?\r/, ''));
  });

  it('are refused where they would break the message', () => {
    expect(() => withSegmentInserted(parse(), 0, 'EVN|A04')).toThrow(Hl7Error);
    expect(() => withSegmentInserted(parse(), 1, 'EVN|A04\rX')).toThrow(Hl7Error);
    expect(() => withSegmentInserted(parse(), 1, 'no segment')).toThrow(Hl7Error);
    expect(() => withoutSegment(parse(), 0)).toThrow(Hl7Error);
  });
});
