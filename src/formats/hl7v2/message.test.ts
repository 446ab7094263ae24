import { describe, expect, it } from 'vitest';
import { Hl7Error } from './hl7-error.ts';
import { type Hl7Message, parseMessage } from './message.ts';
import { compilePath } from './path.ts';
import { read } from './read.ts';

const HEADER = String.raw`MSH|^~\&|A|B|C|D|20260101||ADT^A04|1|P|2.5.1`;

function parse(text: string): Hl7Message {
  return parseMessage(Buffer.from(text, 'latin1'));
}

function names(message: Hl7Message): string[] {
  return Array.from({ length: message.segmentCount }, (_, i) => message.segmentName(i));
}

function segmentText(message: Hl7Message, index: number): string {
  return message.bytes.toString('latin1', message.segmentStart(index), message.segmentEnd(index));
}

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof Hl7Error) return error.code;
    throw error;
  }
  return undefined;
}

describe('parseMessage', () => {
  it.each([
    ['CR', '\r'],
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('finds segments that end in %s', (_, end) => {
    const message = parse([HEADER, 'EVN|A04', 'PID|1||7', ''].join(end));
    expect(names(message)).toEqual(['MSH', 'EVN', 'PID']);
    expect(segmentText(message, 2)).toBe('PID|1||7');
  });

  it('finds segments whose line ends are mixed', () => {
    const message = parse(`${HEADER}\rEVN|A04\nPID|1\r\nPV1|1\n\rAL1|1`);
    expect(names(message)).toEqual(['MSH', 'EVN', 'PID', 'PV1', 'AL1']);
    expect(segmentText(message, 2)).toBe('PID|1');
  });

  it('passes over a byte order mark, blank lines and what frames leave behind', () => {
    const message = parse(`\xef\xbb\xbf\x0b\r\n \r${HEADER}\r\r   \r\x0bPID|1\r\x1c\r\n\r`);
    expect(names(message)).toEqual(['MSH', 'PID']);
  });

  it('keeps a line feed inside a text field of a message that ends its segments in CR', () => {
    const message = parse(`${HEADER}\rOBX|1|TX|||first line\nsecond line\nthird|x\rOBX|2`);
    expect(names(message)).toEqual(['MSH', 'OBX', 'OBX']);
    expect(read(message, compilePath('OBX-5'))).toBe('first line\nsecond line\nthird');
  });

  it('writes back the very bytes', () => {
    const bytes = Buffer.from(`\x0b${HEADER}|||\n\n\rPID|\\X\\|\xff\xfe||\r\r\x1c\r`, 'latin1');
    expect(parseMessage(bytes).toBytes().equals(bytes)).toBe(true);
  });

  it('gives Z-segments and wrongly named lines by the name they have', () => {
    const message = parse(`${HEADER}\rZPM|1\rPIDX|2\rNK`);
    expect(names(message)).toEqual(['MSH', 'ZPM', 'PIDX', 'NK']);
    expect(message.segmentIndexes('ZPM')).toEqual([1]);
    expect(message.segmentIndexes('PID')).toEqual([]);
  });

  it('refuses what has no header, telling why', () => {
    expect(codeOf(() => parse(''))).toBe('hl7.empty');
    expect(codeOf(() => parse('\r\n \x0b'))).toBe('hl7.empty');
    expect(codeOf(() => parse('PID|1'))).toBe('hl7.no-header');
    expect(codeOf(() => parse('{"not":"hl7"}'))).toBe('hl7.no-header');
    expect(codeOf(() => parse(String.raw`FHS|^~\&|`))).toBe('hl7.is-batch');
    expect(codeOf(() => parse('MSH'))).toBe('hl7.bad-delimiters');
    expect(codeOf(() => parse('MSHX^~'))).toBe('hl7.bad-delimiters');
  });

  it('reads segments without a header where it is asked to', () => {
    const message = parseMessage(Buffer.from('PID|1||7^^^NG\rPV1|1|O'), { headerless: true });
    expect(read(message, compilePath('PID-3.4'))).toBe('NG');
  });

  it('refuses more segments than it is told to index', () => {
    const bytes = Buffer.from(`${HEADER}\r${'A\r'.repeat(100)}`);
    expect(codeOf(() => parseMessage(bytes, { maxSegments: 50 }))).toBe('hl7.too-many-segments');
  });

  it.each([
    ['le', '\ufeff'],
    ['le', ''],
    ['be', '\ufeff'],
  ] as const)('reads UTF-16 (%s, %j before it) and writes it back as it came', (order, mark) => {
    const wire = Buffer.from(`${mark}${HEADER}\rPID|1||||Müller^日本`, 'utf16le');
    if (order === 'be') wire.swap16();
    const message = parseMessage(wire);
    expect(read(message, compilePath('PID-5.1'))).toBe('Müller');
    expect(read(message, compilePath('PID-5.2'))).toBe('日本');
    expect(message.toBytes().equals(wire)).toBe(true);
  });
});
