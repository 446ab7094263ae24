import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { encodingOfLabel } from './charset-labels.ts';
import { decodeIso2022Jp, encodeIso2022Jp, maskIso2022Jp } from './iso-2022-jp.ts';

/** The character set a message is read with. */
export interface Charset {
  /** MSH-18 as sent (repetitions and all); undefined when blank. */
  readonly declared: string | undefined;
  /** The encoding used, as iconv-lite names it: `utf-8`, `windows-1252`, `iso-8859-2`, `shift_jis`, … */
  readonly name: string;
  /**
   * `declared`: MSH-18 said so. `detected`: MSH-18 is blank, says ASCII or is unknown, so the bytes decided: UTF-8 when
   * they are valid UTF-8, else windows-1252. `proven`: a byte order mark or wide units tell that it is Unicode, whatever
   * MSH-18 says.
   */
  readonly source: 'declared' | 'detected' | 'proven';
  /** False when MSH-18, or one of its repetitions, names a character set that is not known here. */
  readonly known: boolean;
}

/** Character sets in which an escape sequence may switch to the Japanese ones: the single-byte ones and the default. */
function canSwitchToJapanese(name: string | undefined): boolean {
  return name === 'detect' || name === 'iso-2022-jp' || (name !== undefined && /^(?:iso-8859|windows)/.test(name));
}

/**
 * What MSH-18 means, before any look at the bytes. Repetitions after the first are sets that escape sequences switch
 * to; of those only the Japanese ones change how a message is read (table 0211).
 */
export function charsetByLabel(declared: string | undefined, repetition: string): { name: string; known: boolean } {
  if (declared === undefined || declared === '') return { name: 'detect', known: true };
  const labels = repetition === '' ? [declared] : declared.split(repetition);
  const names = labels.map((label) => (label.trim() === '' ? 'detect' : encodingOfLabel(label)));
  const known = !names.includes(undefined);
  const [first] = names;
  if (names.includes('iso-2022-jp') && canSwitchToJapanese(first)) return { name: 'iso-2022-jp', known };
  return { name: first ?? 'detect', known };
}

/**
 * The character set of these bytes under that declaration. `wide`: they were wide Unicode on the wire and are UTF-8 now.
 */
export function resolveCharset(bytes: Buffer, declared: string | undefined, repetition: string, wide = false): Charset {
  const { name, known } = charsetByLabel(declared, repetition);
  if (wide || hasMark(bytes)) {
    return { declared, name: 'utf-8', source: name === 'utf-8' ? 'declared' : 'proven', known };
  }
  if (name !== 'detect') return { declared, name, source: 'declared', known };
  return { declared, name: isUtf8(bytes) ? 'utf-8' : 'windows-1252', source: 'detected', known };
}

/** Whether bytes begin with UTF-8's byte order mark, which is proof enough: nobody begins a message with `ï»¿`. */
export function hasMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

const HIDDEN = 0xff;

/**
 * Some character sets use bytes of delimiters inside characters. For these, a copy of the bytes with such places
 * hidden, of the same length, to look for delimiters in; for all others the bytes themselves.
 */
export function structureOf(bytes: Buffer, name: string): Buffer {
  if (name === 'iso-2022-jp') return maskIso2022Jp(bytes, HIDDEN);
  if (name !== 'shift_jis' && name !== 'gb18030' && name !== 'big5') return bytes;
  const masked = Buffer.from(bytes);
  for (let i = 0; i + 1 < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    const leads = name === 'shift_jis' ? (byte >= 0x81 && byte <= 0x9f) || byte >= 0xe0 : byte >= 0x81;
    if (!leads || byte === 0xff) continue;
    i += 1;
    const trail = bytes[i] ?? 0;
    if (trail >= 0x40) masked[i] = HIDDEN;
  }
  return masked;
}

/** Text of `bytes[start, end)`. Declared UTF-8 that is not valid is read as windows-1252, value by value. */
export function decodeText(bytes: Buffer, start: number, end: number, name: string): string {
  if (name === 'utf-8') {
    const text = bytes.toString('utf8', start, end);
    if (!text.includes('\ufffd') || isUtf8(bytes.subarray(start, end))) return text;
    return iconv.decode(bytes.subarray(start, end), 'windows-1252');
  }
  if (name === 'iso-2022-jp') return decodeIso2022Jp(bytes, start, end);
  return iconv.decode(bytes.subarray(start, end), name);
}

/** Bytes of a text; what the set lacks becomes `?`. */
export function encodeLossy(text: string, name: string): Buffer {
  if (name === 'utf-8' || name === 'detect') return Buffer.from(text, 'utf8');
  if (name === 'iso-2022-jp') return encodeIso2022Jp(text);
  return iconv.encode(text, name);
}

/** Bytes of a text, or undefined when the character set cannot carry all of it. */
export function encodeText(text: string, name: string): Buffer | undefined {
  const bytes = encodeLossy(text, name);
  return decodeText(bytes, 0, bytes.length, name) === text ? bytes : undefined;
}
