import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { decodeIso2022Jp, encodeIso2022Jp, maskIso2022Jp } from './iso-2022-jp.ts';

/** The character set a message is read with. */
export interface Charset {
  /** MSH-18 as sent (repetitions and all); undefined when blank. */
  readonly declared: string | undefined;
  /** The encoding used, as iconv-lite names it: `utf-8`, `windows-1252`, `iso-8859-2`, `shift_jis`, … */
  readonly name: string;
  /**
   * `declared`: MSH-18 said so. `detected`: MSH-18 is blank, says ASCII or is unknown, so the bytes decided: UTF-8 when
   * they are valid UTF-8, else windows-1252.
   */
  readonly source: 'declared' | 'detected';
  /** False when MSH-18 names a character set that is not known here. */
  readonly known: boolean;
}

/** What a label of MSH-18 stands for; `detect` where the bytes have to decide. Keys are upper case, letters and digits only. */
const LABELS: Readonly<Record<string, string>> = {
  ASCII: 'detect',
  USASCII: 'detect',
  ISOIR6: 'detect',
  UTF8: 'utf-8',
  UNICODEUTF8: 'utf-8',
  UNICODE: 'utf-8',
  // The bytes have been brought from UTF-16 to UTF-8 before anybody asks.
  UTF16: 'utf-8',
  UNICODEUTF16: 'utf-8',
  // Senders that declare Latin-1 do send the quotes and dashes of windows-1252, which is the same but for control codes
  // that nobody sends. The web's encoding standard does the same, for Latin-5 too.
  '88591': 'windows-1252',
  ISO88591: 'windows-1252',
  ISOIR100: 'windows-1252',
  LATIN1: 'windows-1252',
  WINDOWS1252: 'windows-1252',
  CP1252: 'windows-1252',
  '88592': 'iso-8859-2',
  '88593': 'iso-8859-3',
  '88594': 'iso-8859-4',
  '88595': 'iso-8859-5',
  '88596': 'iso-8859-6',
  '88597': 'iso-8859-7',
  '88598': 'iso-8859-8',
  '88599': 'windows-1254',
  '885910': 'iso-8859-10',
  '885913': 'iso-8859-13',
  '885914': 'iso-8859-14',
  '885915': 'iso-8859-15',
  '885916': 'iso-8859-16',
  WINDOWS1250: 'windows-1250',
  WINDOWS1251: 'windows-1251',
  WINDOWS1253: 'windows-1253',
  WINDOWS1254: 'windows-1254',
  WINDOWS1255: 'windows-1255',
  WINDOWS1256: 'windows-1256',
  WINDOWS1257: 'windows-1257',
  ISOIR13: 'iso-2022-jp',
  ISOIR14: 'iso-2022-jp',
  ISOIR87: 'iso-2022-jp',
  ISOIR159: 'iso-2022-jp',
  ISO2022JP: 'iso-2022-jp',
  SHIFTJIS: 'shift_jis',
  SJIS: 'shift_jis',
  EUCJP: 'euc-jp',
  GB18030: 'gb18030',
  GB180302000: 'gb18030',
  GBK: 'gb18030',
  GB2312: 'gb18030',
  KSX1001: 'cp949',
  EUCKR: 'cp949',
  BIG5: 'big5',
};

function lookUp(label: string): string | undefined {
  const key = label.toUpperCase().replace(/[^A-Z0-9]/g, '');
  return LABELS[key] ?? LABELS[key.replace(/^ISO(?=8859)/, '')];
}

/**
 * What MSH-18 means, before any look at the bytes. Repetitions after the first are sets that escape sequences switch
 * to; of those only the Japanese ones change how a message is read (table 0211).
 */
export function charsetByLabel(declared: string | undefined, repetition: string): { name: string; known: boolean } {
  if (declared === undefined || declared === '') return { name: 'detect', known: true };
  const labels = repetition === '' ? [declared] : declared.split(repetition);
  const names = labels.map((label) => (label.trim() === '' ? 'detect' : lookUp(label)));
  if (names.includes('iso-2022-jp')) return { name: 'iso-2022-jp', known: true };
  const first = names[0];
  return first === undefined ? { name: 'detect', known: false } : { name: first, known: true };
}

/** The character set of these bytes under that declaration. */
export function resolveCharset(bytes: Buffer, declared: string | undefined, repetition: string): Charset {
  const { name, known } = charsetByLabel(declared, repetition);
  if (name !== 'detect') return { declared, name, source: 'declared', known };
  return { declared, name: isUtf8(bytes) ? 'utf-8' : 'windows-1252', source: 'detected', known };
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
