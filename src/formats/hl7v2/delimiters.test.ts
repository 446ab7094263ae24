import { describe, expect, it } from 'vitest';
import { Hl7Error } from './hl7-error.ts';
import { parseMessage } from './message.ts';
import { compilePath } from './path.ts';
import { read } from './read.ts';

function parse(text: string): ReturnType<typeof parseMessage> {
  return parseMessage(Buffer.from(text));
}

describe('delimiters of MSH-1 and MSH-2', () => {
  it('are taken from the message', () => {
    const message = parse('MSH#!@%*#A\rPID#1##7!!!NG*1.2@8#DOE!JOHN');
    expect(read(message, compilePath('PID-3.4.2'))).toBe('1.2');
    expect(read(message, compilePath('PID-3[2]'))).toBe('8');
    expect(read(message, compilePath('MSH-1'))).toBe('#');
    expect(read(message, compilePath('MSH-2'))).toBe('!@%*');
  });

  it('have a fifth, the truncation character, from 2.7', () => {
    const message = parse(String.raw`MSH|^~\&#|A` + '\r' + String.raw`PID|1||a\P\b`);
    expect(message.delimiters.truncation).toBe('#');
    expect(read(message, compilePath('MSH-2'))).toBe(String.raw`^~\&#`);
    expect(read(message, compilePath('PID-3'))).toBe('a#b');
    expect(read(message, compilePath('MSH-3'))).toBe('A');
  });

  it('are the standard ones when MSH-2 is empty', () => {
    const message = parse('MSH||A\rPID|1||7^^^NG');
    expect(read(message, compilePath('PID-3.4'))).toBe('NG');
  });

  it('leave characters as data that MSH-2 does not list', () => {
    const message = parse(String.raw`MSH|^~|A` + '\r' + String.raw`PID|1||A & B\T\^x`);
    expect(read(message, compilePath('PID-3'))).toBe(String.raw`A & B\T\ `.trim());
    expect(read(message, compilePath('PID-3.2'))).toBe('x');
    expect(read(message, compilePath('PID-3.1.2'))).toBeUndefined();
  });

  it.each([
    ['a letter', 'MSHA^~\\&A'],
    ['a blank', 'MSH ^~'],
    ['a control character', 'MSH\u0001^~'],
    ['a character for two purposes', 'MSH|^^\\&|A'],
    ['text where encoding characters belong', 'MSH|NEXTGEN|A'],
    ['the field separator again', 'MSH||||||NEXTGEN|A'],
    ['six encoding characters', 'MSH|^~\\&#!|A'],
  ])('cannot be %s', (_, text) => {
    expect(() => parse(text)).toThrow(Hl7Error);
    expect(() => parse(text)).toThrow(/MSH/);
    // The text goes into an ERR segment, where delimiters would be written as escape sequences.
    expect(() => parse(text)).not.toThrow(/[|^~\\&]/);
  });
});
