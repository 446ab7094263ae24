/** Unicode in units of two or four bytes, by the order of the bytes in a unit. */
export type WideForm = 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be';

interface Layout {
  /** Bytes of a unit. */
  readonly width: 2 | 4;
  /** Which byte of a unit carries an ASCII character; the others are 0 then. */
  readonly low: number;
}

const LAYOUTS: Readonly<Record<WideForm, Layout>> = {
  'utf-32le': { width: 4, low: 0 },
  'utf-32be': { width: 4, low: 3 },
  'utf-16le': { width: 2, low: 0 },
  'utf-16be': { width: 2, low: 1 },
};

const FORMS = Object.keys(LAYOUTS) as readonly WideForm[];

/** How far blanks, line ends and frame characters before a header are looked through, in units. */
const MAX_LEAD = 64;

/** Stands for every unit that is no ASCII character. No delimiter, letter or line end. */
const OTHER = 0xff;

/** Bytes of one unit. */
export function unitWidth(form: WideForm): number {
  return LAYOUTS[form].width;
}

/** Tells wide Unicode from a byte order mark, or from a header (`MSH`, `FHS`, `BHS`) spelt in wide units. */
export function wideForm(bytes: Uint8Array): WideForm | undefined {
  const a = bytes[0];
  const b = bytes[1];
  // The one case that matters for speed: `MS` in single bytes.
  if (a === 0x4d && b === 0x53) return undefined;
  if (a === 0xff && b === 0xfe) return bytes[2] === 0 && bytes[3] === 0 && bytes.length >= 4 ? 'utf-32le' : 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0 && b === 0 && bytes[2] === 0xfe && bytes[3] === 0xff) return 'utf-32be';
  return FORMS.find((form) => beginsWithHeader(bytes, LAYOUTS[form]));
}

function beginsWithHeader(bytes: Uint8Array, { width, low }: Layout): boolean {
  const unit = (index: number): number => {
    const at = index * width;
    if (at + width > bytes.length) return OTHER;
    for (let i = 0; i < width; i++) if (i !== low && bytes[at + i] !== 0) return OTHER;
    return bytes[at + low] ?? OTHER;
  };
  let at = 0;
  while (at < MAX_LEAD && unit(at) <= 0x20) at += 1;
  const name = String.fromCharCode(unit(at), unit(at + 1), unit(at + 2));
  return name === 'MSH' || name === 'FHS' || name === 'BHS';
}

/** Wide Unicode as UTF-8. A unit that is half of nothing, or no character, becomes one U+FFFD, so positions stay countable. */
export function fromWide(bytes: Buffer, form: WideForm): Buffer {
  const { width } = LAYOUTS[form];
  const whole = bytes.subarray(0, bytes.length - (bytes.length % width));
  if (width === 2) return Buffer.from((form === 'utf-16le' ? whole : Buffer.from(whole).swap16()).toString('utf16le'));
  const parts: string[] = [];
  const codes: number[] = [];
  for (let at = 0; at < whole.length; at += 4) {
    const code = form === 'utf-32le' ? whole.readUInt32LE(at) : whole.readUInt32BE(at);
    codes.push(code > 0x10_ffff || (code >= 0xd800 && code <= 0xdfff) ? 0xfffd : code);
    if (codes.length === 4096) parts.push(String.fromCodePoint(...codes.splice(0)));
  }
  parts.push(String.fromCodePoint(...codes));
  return Buffer.from(parts.join(''));
}

/** Text in wide Unicode, without a byte order mark of its own. */
export function toWide(text: string, form: WideForm): Buffer {
  if (form === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (form === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const bytes = Buffer.alloc(codes.length * 4);
  for (const [index, code] of codes.entries()) {
    if (form === 'utf-32le') bytes.writeUInt32LE(code, index * 4);
    else bytes.writeUInt32BE(code, index * 4);
  }
  return bytes;
}

/** How many bytes that much UTF-8 takes in a wide form; see {@link fromWide}. */
export function wideLength(utf8: Buffer, form: WideForm): number {
  const text = utf8.toString('utf8');
  return LAYOUTS[form].width === 2 ? 2 * text.length : 4 * Array.from(text).length;
}

/**
 * One byte for each unit: ASCII characters as they are, byte order marks as NUL, others as one that delimits nothing. To find
 * the structure of wide text at single-byte speed; offsets times {@link unitWidth} are offsets in the original.
 */
export function narrowed(bytes: Buffer, form: WideForm): Buffer {
  const { width, low } = LAYOUTS[form];
  const narrow = Buffer.allocUnsafe(Math.floor(bytes.length / width));
  for (let index = 0; index < narrow.length; index++) {
    let unit = 0;
    for (let i = 0; i < width; i++) unit = unit * 256 + (bytes[index * width + (low === 0 ? width - 1 - i : i)] ?? 0);
    narrow[index] = unit < 0x80 ? unit : unit === 0xfeff ? 0 : OTHER;
  }
  return narrow;
}
