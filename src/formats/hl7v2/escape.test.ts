import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STANDARD_DELIMITERS, makeDelimiters } from './delimiters.ts';
import { escapeText, unescapeText } from './escape.ts';

function unescape(text: string, charset = 'utf-8'): string {
  return unescapeText(text, STANDARD_DELIMITERS, charset);
}

describe('unescapeText', () => {
  it.each([
    [String.raw`a\F\b\S\c\T\d\R\e\E\f`, 'a|b^c&d~e\\f'],
    [String.raw`line\.br\next\.sp2\far\.ce\mid\.BR\not`, 'line\nnext\n\nfar\nmid\\.BR\\not'],
    [String.raw`\H\bold\N\ plain`, 'bold plain'],
    [String.raw`\.in+4\in\.ti-2\out\.fi\\.nf\\.sk3\x`, 'inout   x'],
    ['\\X0D0A\\', '\r\n'],
    [String.raw`\XC3A9\t\XC3\\XA9\ `, 'été '],
    [String.raw`\P\ `, '# '],
  ])('reads %s', (text, expected) => {
    expect(unescape(text)).toBe(expected);
  });

  it.each([
    String.raw`C:\dir`,
    String.raw`C:\dir\file.txt`,
    String.raw`\\server\share`,
    String.raw`\Zab\local`,
    String.raw`\X0\odd`,
    String.raw`\X\none`,
    String.raw`\XGG\not hex`,
    String.raw`\Cffff\unknown`,
    '\\',
    'end\\',
    String.raw`a\b`,
  ])('keeps %s as it is', (text) => {
    expect(unescape(text)).toBe(text);
  });

  it('finds a sequence after a backslash that is data', () => {
    expect(unescape(String.raw`C:\dir\T\x`)).toBe(String.raw`C:\dir&x`);
  });

  it('reads hexadecimal in the character set of the message', () => {
    expect(unescape(String.raw`\XE9\ `, 'windows-1252')).toBe('é ');
  });

  it('switches to Japanese by \\M and back by \\C', () => {
    // 46/7C and 4B/21 of JIS X 0208, spelt with ASCII characters.
    expect(unescape(String.raw`a\M2442\F|K!\C2842\b`)).toBe('a日法b');
    expect(unescape(String.raw`\M2442\F|`)).toBe('日');
  });
});

describe('escapeText', () => {
  it('escapes delimiters and what would break a segment or a frame', () => {
    expect(escapeText('a|b^c&d~e\\f', STANDARD_DELIMITERS)).toBe(String.raw`a\F\b\S\c\T\d\R\e\E\f`);
    expect(escapeText('a\r\nb\u000b\u001c', STANDARD_DELIMITERS)).toBe(String.raw`a\X0D\\X0A\b\X0B\\X1C\ `.trim());
    expect(escapeText('plain\ttext é', STANDARD_DELIMITERS)).toBe('plain\ttext é');
  });

  it('does not let two quotes become a null', () => {
    expect(escapeText('""', STANDARD_DELIMITERS)).toBe(String.raw`\X2222\ `.trim());
  });

  it('cannot without an escape character', () => {
    expect(escapeText('a|b', makeDelimiters('|', '^~'))).toBeUndefined();
    expect(escapeText('a&b', makeDelimiters('|', '^~'))).toBe('a&b');
  });

  it('is undone by unescapeText, whatever the text and the delimiters', () => {
    const delimiters = fc.constantFrom(
      STANDARD_DELIMITERS,
      makeDelimiters('|', '^~\\&#'),
      makeDelimiters('#', '!@%*'),
      makeDelimiters('$', '.:;,'),
    );
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom(...'\\XFSTE.br|^~&#%0D"\r') }),
    );
    fc.assert(
      fc.property(delimiters, text, (used, value) => {
        const escaped = escapeText(value, used) ?? '';
        expect(unescapeText(escaped, used, 'utf-8')).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });
});
