import { HL7_ERROR_CODES, Hl7Error } from './hl7-error.ts';

/** How the data of an embedded document is written (HL7 table 0299): A (as it is), Hex, Base64. */
export type DataEncoding = 'text' | 'hex' | 'base64';

/** The encoding that ED-4 names; undefined for what is in no table. */
export function encodingOf(text: string | null | undefined): DataEncoding | undefined {
  const key = (text ?? '').toUpperCase().replace(/[^A-Z0-9]/g, '');
  if (key === 'A' || key === 'ASCII' || key === 'TEXT') return 'text';
  if (key === 'HEX' || key === 'HEXADECIMAL') return 'hex';
  return key === 'BASE64' || key === 'B64' || key === 'BASE64URL' ? 'base64' : undefined;
}

/** Size of the pieces that come out, in bytes; the last one is smaller. A multiple of 3, as Base64 gives three at a time. */
const PIECE = 65_535;

const BLANK = 64;
const PAD = 65;
const INVALID = 255;

/** Values of characters; `from` lists those of a value each, in order. */
function tableOf(from: string): Uint8Array {
  const table = new Uint8Array(256).fill(INVALID);
  for (const [value, character] of [...from].entries()) table[character.charCodeAt(0)] = value;
  for (const blank of [0x09, 0x0a, 0x0d, 0x20]) table[blank] = BLANK;
  return table;
}

const BASE64 = tableOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
BASE64['='.charCodeAt(0)] = PAD;
// The alphabet for addresses.
BASE64['-'.charCodeAt(0)] = 62;
BASE64['_'.charCodeAt(0)] = 63;

const HEX = tableOf('0123456789abcdef');
for (const [index, letter] of [...'ABCDEF'].entries()) HEX[letter.charCodeAt(0)] = 10 + index;

/**
 * Decodes data as it streams by; no string is made of it. Blanks and line ends in Base64 and hexadecimal are passed over,
 * missing padding is no fault, and data encoded in several padded parts comes out in one.
 *
 * @throws Hl7Error `hl7.bad-data` at a character that is none of the encoding, or at an end in the middle of a byte: a document
 * with a gap must not look whole. `place.offset` counts in the encoded data.
 */
export function* decodeData(pieces: Iterable<Buffer>, encoding: DataEncoding): Generator<Buffer, void, undefined> {
  if (encoding === 'text') yield* gathered(pieces);
  else if (encoding === 'hex') yield* decodeHex(pieces);
  else yield* decodeBase64(pieces);
}

/** Small pieces put together, as a text with many escape sequences comes in thousands of them. */
function* gathered(pieces: Iterable<Buffer>): Generator<Buffer, void, undefined> {
  let held: Buffer[] = [];
  let length = 0;
  for (const piece of pieces) {
    held.push(piece);
    length += piece.length;
    if (length < PIECE) continue;
    yield held.length === 1 ? piece : Buffer.concat(held);
    held = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(held);
}

function* decodeBase64(pieces: Iterable<Buffer>): Generator<Buffer, void, undefined> {
  let out = Buffer.allocUnsafe(PIECE);
  let length = 0;
  let offset = 0;
  // Six bits each, of characters that do not make three bytes yet.
  let bits = 0;
  let count = 0;
  let any = false;
  for (const piece of pieces) {
    for (let i = 0; i < piece.length;) {
      if (length > PIECE - 3) {
        yield out.subarray(0, length);
        out = Buffer.allocUnsafe(PIECE);
        length = 0;
      }
      if (count === 0 && i + 4 <= piece.length) {
        const a = BASE64[piece[i] ?? 0] ?? 0;
        const b = BASE64[piece[i + 1] ?? 0] ?? 0;
        const c = BASE64[piece[i + 2] ?? 0] ?? 0;
        const d = BASE64[piece[i + 3] ?? 0] ?? 0;
        if ((a | b | c | d) < BLANK) {
          out[length] = (a << 2) | (b >> 4);
          out[length + 1] = ((b & 15) << 4) | (c >> 2);
          out[length + 2] = ((c & 3) << 6) | d;
          length += 3;
          i += 4;
          any = true;
          continue;
        }
      }
      const value = BASE64[piece[i] ?? 0] ?? INVALID;
      i += 1;
      if (value === BLANK) continue;
      if (value === PAD) {
        if (count === 1 || !any) throw notOf('Base64', offset + i - 1);
        length += flush(out, length, bits, count);
        count = 0;
        bits = 0;
        continue;
      }
      if (value === INVALID) throw notOf('Base64', offset + i - 1);
      bits = (bits << 6) | value;
      count += 1;
      any = true;
      if (count === 4) {
        length += flush(out, length, bits, count);
        count = 0;
        bits = 0;
      }
    }
    offset += piece.length;
  }
  if (count === 1) throw cutOff('Base64', offset);
  length += flush(out, length, bits, count);
  if (length > 0) yield out.subarray(0, length);
}

/** Writes the whole bytes of `count` characters; returns how many. */
function flush(out: Buffer, at: number, bits: number, count: number): number {
  if (count < 2) return 0;
  const whole = bits << (6 * (4 - count));
  for (let i = 0; i < count - 1; i++) out[at + i] = (whole >> (16 - 8 * i)) & 0xff;
  return count - 1;
}

function* decodeHex(pieces: Iterable<Buffer>): Generator<Buffer, void, undefined> {
  let out = Buffer.allocUnsafe(PIECE);
  let length = 0;
  let offset = 0;
  let high = -1;
  for (const piece of pieces) {
    for (let i = 0; i < piece.length; i++) {
      const value = HEX[piece[i] ?? 0] ?? INVALID;
      if (value === BLANK) continue;
      if (value === INVALID) throw notOf('hexadecimal', offset + i);
      if (high === -1) {
        high = value;
        continue;
      }
      out[length] = high * 16 + value;
      high = -1;
      length += 1;
      if (length === PIECE) {
        yield out;
        out = Buffer.allocUnsafe(PIECE);
        length = 0;
      }
    }
    offset += piece.length;
  }
  if (high !== -1) throw cutOff('hexadecimal', offset);
  if (length > 0) yield out.subarray(0, length);
}

function notOf(encoding: string, offset: number): Hl7Error {
  const text = `The data is not ${encoding}: character ${offset + 1} of it is none of its characters.`;
  return new Hl7Error(HL7_ERROR_CODES.BAD_DATA, text, { offset });
}

function cutOff(encoding: string, offset: number): Hl7Error {
  const text = `The ${encoding} data ends in the middle of a byte: it was cut off on its way.`;
  return new Hl7Error(HL7_ERROR_CODES.BAD_DATA, text, { offset });
}
