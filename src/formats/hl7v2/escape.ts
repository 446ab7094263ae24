import iconv from 'iconv-lite';
import { encodeLossy, decodeText } from './charset.ts';
import type { Delimiters } from './delimiters.ts';
import { decodeIso2022Jp } from './iso-2022-jp.ts';

// HL7 v2 section 2.7. Whatever is not an escape sequence of the standard is data and stays as it is: a lone backslash
// (`C:\dir`), local sequences (`\Zxx\`), a sequence that does not end.

// ISO 2022 designations that `\Cxxyy\` and `\Mxxyyzz\` may carry; others are kept as they stand.

/** Back to the message's own set. */
const TO_DEFAULT = new Set(['2842', '284A']);

/** Japanese sets spelt with the byte values of ASCII. */
const TO_JAPANESE = new Set(['2849', '2440', '2442', '242844']);

/** Sets that change what bytes above A0 mean, as iconv-lite names them. Only where a character is one byte else. */
const TO_UPPER_HALF: ReadonlyMap<string, string> = new Map([
  ['2D41', 'windows-1252'],
  ['2D42', 'iso-8859-2'],
  ['2D43', 'iso-8859-3'],
  ['2D44', 'iso-8859-4'],
  ['2D46', 'iso-8859-7'],
  ['2D47', 'iso-8859-6'],
  ['2D48', 'iso-8859-8'],
  ['2D4C', 'iso-8859-5'],
  ['2D4D', 'windows-1254'],
  ['2D54', 'iso-8859-11'],
  ['2D62', 'iso-8859-15'],
  ['242941', 'gb18030'],
  ['242943', 'cp949'],
]);

const SINGLE_BYTE = /^(?:windows-|iso-8859-)/;

const SEQUENCE =
  /^(?:([FSTREP])|([HN])|\.(br|sp|sk|ce|fi|nf|in|ti)[ ]?([+-]?\d{0,3})|C([0-9A-Fa-f]{4})|M([0-9A-Fa-f]{4}(?:[0-9A-Fa-f]{2})?))$/;

/**
 * Text without its escape sequences. Line breaks (`\.br\`, `\.sp\`, `\.ce\`) become `\n`, skips become blanks,
 * highlighting and filling are dropped, `\X..\` are bytes of the message's character set.
 */
export function unescapeText(text: string, delimiters: Delimiters, charset: string): string {
  const escape = delimiters.escape;
  if (escape === '' || !text.includes(escape)) return text;
  let out = '';
  // Bytes of adjacent \X..\ sequences: one character's bytes may be spread over several.
  let hex = '';
  // Where text in a switched character set began in `out`, and its ISO 2022 designation.
  let switched: { from: number; designation: string } | undefined;
  const flushHex = (): void => {
    if (hex === '') return;
    const bytes = Buffer.from(hex, 'hex');
    out += decodeText(bytes, 0, bytes.length, charset);
    hex = '';
  };
  const closeSwitch = (): void => {
    if (switched === undefined) return;
    const { from, designation } = switched;
    switched = undefined;
    const upper = TO_UPPER_HALF.get(designation);
    if (upper !== undefined) {
      out = out.slice(0, from) + iconv.decode(iconv.encode(out.slice(from), charset), upper);
      return;
    }
    const escaped = Buffer.concat([Buffer.from(`1b${designation}`, 'hex'), Buffer.from(out.slice(from), 'latin1')]);
    out = out.slice(0, from) + decodeIso2022Jp(escaped, 0, escaped.length);
  };
  for (let at = 0; at < text.length;) {
    const open = text.indexOf(escape, at);
    if (open === -1) {
      flushHex();
      out += text.slice(at);
      break;
    }
    if (open > at) {
      flushHex();
      out += text.slice(at, open);
    }
    const close = text.indexOf(escape, open + 1);
    if (close === -1) {
      flushHex();
      out += text.slice(open);
      break;
    }
    if (isHexSequence(text, open + 1, close)) {
      hex += text.slice(open + 2, close);
      at = close + 1;
      continue;
    }
    // No other sequence is longer than \M242844\, so a long stretch of data between two backslashes is not looked at.
    const match = close - open > MAX_SEQUENCE + 1 ? null : SEQUENCE.exec(text.slice(open + 1, close));
    if (match === null) {
      // Not a sequence: this backslash is data, the next may open one.
      flushHex();
      out += text.slice(open, close);
      at = close;
      continue;
    }
    at = close + 1;
    const [, delimiter, highlight, format, count, single, multi] = match;
    flushHex();
    if (delimiter !== undefined) out += delimiterFor(delimiter, delimiters);
    else if (format !== undefined) out += formatting(format, count ?? '');
    else if (highlight === undefined) {
      const designation = (single ?? multi ?? '').toUpperCase();
      closeSwitch();
      if (TO_JAPANESE.has(designation) || (TO_UPPER_HALF.has(designation) && SINGLE_BYTE.test(charset))) {
        switched = { from: out.length, designation };
      } else if (!TO_DEFAULT.has(designation)) out += text.slice(open, at);
    }
  }
  flushHex();
  closeSwitch();
  return out;
}

/** Whether `text[start, end)` is X and an even number of hexadecimal digits. A loop, as it may be megabytes long. */
function isHexSequence(text: string, start: number, end: number): boolean {
  if (text.charCodeAt(start) !== 0x58 || end - start < 3 || (end - start) % 2 === 0) return false;
  for (let i = start + 1; i < end; i++) {
    const code = text.charCodeAt(i);
    const lower = code | 0x20;
    if (!(code >= 0x30 && code <= 0x39) && !(lower >= 0x61 && lower <= 0x66)) return false;
  }
  return true;
}

function delimiterFor(letter: string, delimiters: Delimiters): string {
  if (letter === 'F') return delimiters.field;
  if (letter === 'S') return delimiters.component === '' ? '^' : delimiters.component;
  if (letter === 'T') return delimiters.subcomponent === '' ? '&' : delimiters.subcomponent;
  if (letter === 'R') return delimiters.repetition === '' ? '~' : delimiters.repetition;
  if (letter === 'P') return delimiters.truncation === '' ? '#' : delimiters.truncation;
  return delimiters.escape;
}

/**
 * What one escape sequence stands for, given without its escape characters: ASCII text; undefined for `\X..\`, for switches of
 * character set and for what is no sequence.
 */
export function sequenceText(body: string, delimiters: Delimiters): string | undefined {
  const match = SEQUENCE.exec(body);
  if (match === null) return undefined;
  const [, delimiter, highlight, format, count] = match;
  if (delimiter !== undefined) return delimiterFor(delimiter, delimiters);
  if (format !== undefined) return formatting(format, count ?? '');
  return highlight === undefined ? undefined : '';
}

/** The longest body that {@link sequenceText} and switches of character set have: `M242844`. */
export const MAX_SEQUENCE = 7;

function formatting(command: string, count: string): string {
  const times = Math.max(1, Math.abs(Number.parseInt(count, 10) || 1));
  if (command === 'br' || command === 'ce') return '\n';
  if (command === 'sp') return '\n'.repeat(times);
  if (command === 'sk') return ' '.repeat(times);
  return '';
}

/**
 * Text made safe to stand as a value: delimiters as `\F\` and so on, control characters (which would end a segment or
 * a frame) as `\X..\`, and a text of two quotes, which would read as HL7's explicit null, as hexadecimal too.
 *
 * @returns undefined when it would need escaping and the message has no escape character.
 */
export function escapeText(text: string, delimiters: Delimiters): string | undefined {
  const { field, component, repetition, escape, subcomponent, truncation } = delimiters;
  const hex = (character: string): string =>
    `${escape}X${encodeLossy(character, 'utf-8').toString('hex').toUpperCase()}${escape}`;
  if (text === '""') return escape === '' ? undefined : hex('""');
  if (isPlain(text, delimiters)) return text;
  let out = '';
  for (const character of text) {
    let letter = '';
    if (character === escape) letter = 'E';
    else if (character === field) letter = 'F';
    else if (character === component) letter = 'S';
    else if (character === repetition) letter = 'R';
    else if (character === subcomponent) letter = 'T';
    else if (character === truncation) letter = 'P';
    const control = character < ' ' && character !== '\t';
    if (letter === '' && !control) {
      out += character;
      continue;
    }
    if (escape === '') return undefined;
    out += control ? hex(character) : escape + letter + escape;
  }
  return out;
}

function isPlain(text: string, delimiters: Delimiters): boolean {
  const { field, component, repetition, escape, subcomponent } = delimiters.codes;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 && code !== 0x09) return false;
    if (code === field || code === component || code === repetition) return false;
    if (code === escape || code === subcomponent) return false;
  }
  return delimiters.truncation === '' || !text.includes(delimiters.truncation);
}
