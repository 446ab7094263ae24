import { describe, expect, it } from 'vitest';
import { byteAt, charsetLabel, fromBase64, linesOf, showBytes, toBase64 } from './bytes.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('the bytes of a message', () => {
  it('come back from base64 as they were, every one of the 256', () => {
    const all = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);
    expect(fromBase64(toBase64(all))).toEqual(all);
  });
  it('are split into segments at CR, LF and CR LF, with their places', () => {
    expect(linesOf(utf8('MSH|1\rEVN\nPID\r\nPV1'))).toEqual([
      { start: 0, end: 5, terminator: '\r' },
      { start: 6, end: 9, terminator: '\n' },
      { start: 10, end: 13, terminator: '\r\n' },
      { start: 15, end: 18, terminator: '' },
    ]);
    expect(linesOf(utf8(''))).toEqual([]);
    expect(linesOf(utf8('A\r'))).toHaveLength(1);
  });
  it('show control characters as pictures', () => {
    expect(showBytes(Uint8Array.of(0x0b, 0x41, 0x1c, 0x7f), 'utf-8')).toBe('␋A␜␡');
  });
  it('are found behind a character, also where one takes several', () => {
    const bytes = utf8('aö€😀b');
    expect([0, 1, 2, 3, 4, 5, 6].map((index) => byteAt(bytes, 'utf-8', index))).toEqual([0, 1, 3, 6, 6, 10, 11]);
    expect(byteAt(Uint8Array.of(0x61, 0xe9, 0x62), 'windows-1252', 2)).toBe(2);
  });
});

describe('the charset', () => {
  it('is known by HL7’s names as well as by the browser’s', () => {
    expect(charsetLabel('UNICODE UTF-8')).toBe('utf-8');
    expect(charsetLabel('8859/1')).toBe('windows-1252');
    expect(charsetLabel('8859/15')).toBe('iso-8859-15');
    expect(charsetLabel('ASCII')).toBe('windows-1252');
    expect(charsetLabel('')).toBe('utf-8');
    expect(charsetLabel('klingon')).toBe('utf-8');
  });
});
