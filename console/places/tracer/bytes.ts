/** Bytes of a message as text and back: which byte stands behind which character. */

export function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

/** HL7's names of character sets (table 0211) that browsers call otherwise. */
const HL7_CHARSETS: Readonly<Record<string, string>> = {
  ascii: 'windows-1252',
  'us-ascii': 'windows-1252',
  'unicode utf-8': 'utf-8',
  unicode: 'utf-16be',
  'iso ir87': 'iso-2022-jp',
  'gb 18030-2000': 'gb18030',
  'ks x 1001': 'euc-kr',
  'big-5': 'big5',
};
/** The browser's label of a charset as the API or MSH-18 names it; UTF-8 when it is not known. */
export function charsetLabel(charset: string): string {
  const name = charset.trim().toLowerCase();
  const iso = /^8859[/-](\d{1,2})$/.exec(name);
  const label = HL7_CHARSETS[name] ?? (iso === null ? name : `iso-8859-${iso[1]}`);
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return 'utf-8';
  }
}

export interface Line {
  /** Byte offsets of the segment in the message; `end` is before its terminator. */
  readonly start: number;
  readonly end: number;
  /** The terminator as it was: CR, LF, CR LF, or nothing at the end. */
  readonly terminator: string;
}

const CR = 13;
const LF = 10;
/** Splits a message into its segments by CR, LF or CR LF. */
export function linesOf(bytes: Uint8Array): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte !== CR && byte !== LF) continue;
    const both = byte === CR && bytes[at + 1] === LF;
    lines.push({ start, end: at, terminator: both ? '\r\n' : byte === CR ? '\r' : '\n' });
    if (both) at++;
    start = at + 1;
  }
  if (start < bytes.length) lines.push({ start, end: bytes.length, terminator: '' });
  return lines;
}

/** Text of a run of bytes, control characters as their pictures (␋) so that they can be seen. */
export function showBytes(bytes: Uint8Array, charset: string): string {
  return showControls(new TextDecoder(charset).decode(bytes));
}
export function showControls(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f]/g, (control) =>
    control === '\u007f' ? '\u2421' : String.fromCharCode(0x2400 + control.charCodeAt(0)),
  );
}

/** The byte at which a character of a run of bytes begins (`index` counts UTF-16 units of the decoded text). */
export function byteAt(bytes: Uint8Array, charset: string, index: number): number {
  const decoder = new TextDecoder(charset);
  let units = 0;
  let begins = 0;
  for (let at = 0; at < bytes.length; at++) {
    const text = decoder.decode(bytes.subarray(at, at + 1), { stream: true });
    if (text === '') continue;
    units += text.length;
    if (units > index) return begins;
    begins = at + 1;
  }
  return bytes.length;
}
