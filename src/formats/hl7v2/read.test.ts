import { describe, expect, it } from 'vitest';
import { parseMessage } from './message.ts';
import { compilePath } from './path.ts';
import { locate, read, readFieldRaw, readRaw, repetitionCount } from './read.ts';

const MESSAGE = parseMessage(
  Buffer.from(
    [
      String.raw`MSH|^~\&|NG^1.2.3^ISO|B|C|D|20260101||ADT^A04|1|P|2.5.1`,
      'PID|1||12345^^^NG&2.16&ISO^MR~99^^^SSA^SS~|""|DOE&VAN^JOHN||""^Y|M|""&x||',
      'IN1|1|A',
      'IN1|2|B^b',
      String.raw`OBX|1|TX|||50\S\60 \T\ more~second|||`,
      'ZPM|x||y^z',
    ].join('\r'),
  ),
);

function at(path: string, where?: { segment?: number; repetition?: number }): string | null | undefined {
  return read(MESSAGE, compilePath(path), where);
}

describe('read', () => {
  it('reads fields, components, subcomponents and repetitions', () => {
    expect(at('PID-1')).toBe('1');
    expect(at('PID-3.1')).toBe('12345');
    expect(at('PID-3.4.2')).toBe('2.16');
    expect(at('PID-3[2].5')).toBe('SS');
    expect(at('IN1[2]-2.2')).toBe('b');
    expect(at('ZPM-3.2')).toBe('z');
  });

  it('reads the first component and subcomponent where the path names none', () => {
    expect(at('PID-5')).toBe('DOE');
    expect(at('PID-5.1')).toBe('DOE');
    expect(at('PID-3.4')).toBe('NG');
  });

  it('tells absent and empty from null', () => {
    expect(at('PID-2')).toBeUndefined();
    expect(at('PID-3[3]')).toBeUndefined();
    expect(at('PID-3[9]')).toBeUndefined();
    expect(at('PID-10')).toBeUndefined();
    expect(at('PID-40')).toBeUndefined();
    expect(at('IN1[3]-1')).toBeUndefined();
    expect(at('PV1-2')).toBeUndefined();
    expect(at('PID-4')).toBeNull();
    expect(at('PID-7.1')).toBeNull();
    expect(at('PID-7.2')).toBe('Y');
  });

  it('takes every part of a null field or component as null', () => {
    expect(at('PID-4.5')).toBeNull();
    expect(at('PID-7.1.3')).toBeNull();
    expect(at('PID-9.1.1')).toBeNull();
    expect(at('PID-9.1.2')).toBe('x');
  });

  it('unescapes', () => {
    expect(at('OBX-5')).toBe('50^60 & more');
  });

  it('reads another segment or repetition where it is told to', () => {
    expect(at('IN1-2', { segment: 3 })).toBe('B');
    expect(at('PID-3', { repetition: 1 })).toBe('99');
    expect(at('IN1-2', { segment: 99 })).toBeUndefined();
  });

  it('counts header fields as HL7 does', () => {
    expect(at('MSH-1')).toBe('|');
    expect(at('MSH-2')).toBe(String.raw`^~\&`);
    expect(at('MSH-3.2')).toBe('1.2.3');
    expect(at('MSH-12')).toBe('2.5.1');
    expect(at('MSH-2.2')).toBeUndefined();
  });
});

describe('readRaw and locate', () => {
  it('give the text as it stands', () => {
    expect(readRaw(MESSAGE, compilePath('PID-3'))).toBe('12345^^^NG&2.16&ISO^MR');
    expect(readRaw(MESSAGE, compilePath('PID-3.4'))).toBe('NG&2.16&ISO');
    expect(readRaw(MESSAGE, compilePath('OBX-5'))).toBe(String.raw`50\S\60 \T\ more`);
    expect(readRaw(MESSAGE, compilePath('MSH-2'))).toBe(String.raw`^~\&`);
    expect(readRaw(MESSAGE, compilePath('PID-10'))).toBeUndefined();
    expect(readFieldRaw(MESSAGE, 1, 3)).toBe('12345^^^NG&2.16&ISO^MR~99^^^SSA^SS~');
    expect(readFieldRaw(MESSAGE, 0, 1)).toBe('|');
  });

  it('give the range in the bytes', () => {
    const range = locate(MESSAGE, compilePath('PID-5.2'));
    expect(MESSAGE.bytes.toString('latin1', range?.start, range?.end)).toBe('JOHN');
  });
});

describe('repetitionCount', () => {
  it('counts separators, and nothing in what is empty', () => {
    expect(repetitionCount(MESSAGE, 1, 3)).toBe(3);
    expect(repetitionCount(MESSAGE, 1, 1)).toBe(1);
    expect(repetitionCount(MESSAGE, 1, 2)).toBe(0);
    expect(repetitionCount(MESSAGE, 1, 40)).toBe(0);
    expect(repetitionCount(MESSAGE, 0, 2)).toBe(1);
    expect(repetitionCount(MESSAGE, 99, 1)).toBe(0);
  });
});
