import { HL7_ERROR_CODES, Hl7Error } from './hl7-error.ts';

/**
 * The characters that structure a message (HL7 v2 section 2.5.4). Each is one ASCII character; the empty string means
 * that the message has none, so that the usual character is plain data in it. `truncation` is the fifth encoding
 * character that 2.7 added (`^~\&#`).
 */
export interface Delimiters {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
  readonly truncation: string;
  /** The same as byte values, -1 for none: what the scanning loops compare with. */
  readonly codes: DelimiterCodes;
}

export interface DelimiterCodes {
  readonly field: number;
  readonly component: number;
  readonly repetition: number;
  readonly escape: number;
  readonly subcomponent: number;
}

/** Delimiters from the field separator and the encoding characters (MSH-2); absent encoding characters are none. */
export function makeDelimiters(field: string, encoding: string): Delimiters {
  const at = (index: number): string => encoding.charAt(index);
  const code = (text: string): number => (text === '' ? -1 : text.charCodeAt(0));
  return Object.freeze({
    field,
    component: at(0),
    repetition: at(1),
    escape: at(2),
    subcomponent: at(3),
    truncation: at(4),
    codes: Object.freeze({
      field: code(field),
      component: code(at(0)),
      repetition: code(at(1)),
      escape: code(at(2)),
      subcomponent: code(at(3)),
    }),
  });
}

/** What the standard recommends and nearly everybody uses. */
export const STANDARD_DELIMITERS: Delimiters = makeDelimiters('|', '^~\\&');

/** The first letter of MSH; batch headers are often left empty. */
const M = 0x4d;

/** Whether a byte may delimit: printable ASCII that is neither a letter, a digit, a blank nor a quote. */
function canDelimit(byte: number): boolean {
  if (byte <= 0x20 || byte >= 0x7f || byte === 0x22) return false;
  const letter = byte | 0x20;
  return !(letter >= 0x61 && letter <= 0x7a) && !(byte >= 0x30 && byte <= 0x39);
}

/**
 * The delimiters told by the MSH (FHS, BHS) segment that begins at `start`. An empty MSH-2 with a filled MSH-3 means the
 * standard ones, as its sender plainly forgot it; one that is merely short means that the missing ones are not used (section 2.5.4).
 *
 * @throws Hl7Error `hl7.bad-delimiters` when the fourth byte or MSH-2 cannot serve.
 */
export function readDelimiters(bytes: Uint8Array, start: number, end: number): Delimiters {
  // The one case that matters for speed, compared without making a string.
  if (
    bytes[start + 3] === 0x7c &&
    bytes[start + 4] === 0x5e &&
    bytes[start + 5] === 0x7e &&
    bytes[start + 6] === 0x5c &&
    bytes[start + 7] === 0x26 &&
    bytes[start + 8] === 0x7c
  ) {
    return STANDARD_DELIMITERS;
  }
  const field = start + 3 < end ? (bytes[start + 3] ?? 0) : 0;
  if (!canDelimit(field)) {
    throw new Hl7Error(
      HL7_ERROR_CODES.BAD_DELIMITERS,
      'The header does not tell its field separator: the character after MSH must be a punctuation mark, normally a vertical bar.',
      { segment: 'MSH', sequence: 1, field: 1, offset: start + 3 },
    );
  }
  // A sender who leaves MSH-2 empty names himself in MSH-3; a row of separators is what stands in the place of MSH-2, and
  // every field behind it would be taken for another.
  if (bytes[start] === M && start + 5 < end && bytes[start + 4] === field && bytes[start + 5] === field) {
    throw new Hl7Error(
      HL7_ERROR_CODES.BAD_DELIMITERS,
      'MSH-2 repeats the field separator where the encoding characters belong.',
      { segment: 'MSH', sequence: 1, field: 2, offset: start + 4 },
    );
  }
  let encoding = '';
  for (let i = start + 4; i < end && bytes[i] !== field; i++) {
    const byte = bytes[i] ?? 0;
    if (!canDelimit(byte) || encoding.length === 5) {
      throw new Hl7Error(
        HL7_ERROR_CODES.BAD_DELIMITERS,
        'MSH-2 must hold up to five punctuation marks, normally caret, tilde, backslash and ampersand, and nothing else.',
        { segment: 'MSH', sequence: 1, field: 2, offset: i },
      );
    }
    const character = String.fromCharCode(byte);
    if (encoding.includes(character)) {
      throw new Hl7Error(HL7_ERROR_CODES.BAD_DELIMITERS, 'MSH-2 uses one character for two purposes.', {
        segment: 'MSH',
        sequence: 1,
        field: 2,
        offset: i,
      });
    }
    encoding += character;
  }
  return makeDelimiters(String.fromCharCode(field), encoding === '' ? '^~\\&' : encoding);
}
