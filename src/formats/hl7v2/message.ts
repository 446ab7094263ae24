import { type Charset, charsetByLabel, hasMark, resolveCharset, structureOf } from './charset.ts';
import { type Delimiters, STANDARD_DELIMITERS, readDelimiters } from './delimiters.ts';
import { HL7_ERROR_CODES, Hl7Error } from './hl7-error.ts';
import { MAX_FIELD } from './path.ts';
import { indexSegments, packName, skipLead } from './segment-index.ts';
import { type WideForm, fromWide, wideForm } from './wide.ts';

/**
 * A message over its own bytes. Only where segments begin is known at first; a segment's fields are found when one of
 * them is asked for, and nothing is copied. Immutable: an edit makes another message.
 */
export interface Hl7Message {
  /** The bytes that all offsets count in: those given to {@link parseMessage}, or their UTF-8 form if they were wide (UTF-16, UTF-32). */
  readonly bytes: Buffer;
  /**
   * Where to look for delimiters: `bytes`, or a copy of the same length in which characters that contain delimiter
   * bytes are hidden (Shift JIS, GB 18030, Big5, ISO-2022-JP).
   */
  readonly structure: Buffer;
  readonly delimiters: Delimiters;
  readonly charset: Charset;
  readonly segmentCount: number;
  /** The name at the front of a segment, as it stands; usually three characters. Indexes count from 0. */
  segmentName(index: number): string;
  /** Indexes of the segments of that name, in order. */
  segmentIndexes(name: string): readonly number[];
  /** Index of the `occurrence`-th (from 1) segment of a packed name (see `packName`), or -1. */
  findSegment(packedName: number, occurrence: number): number;
  segmentStart(index: number): number;
  /** Where a segment ends, its terminator not counted. */
  segmentEnd(index: number): number;
  /**
   * Offsets such that field n is `bytes[offsets[n], offsets[n + 1] - 1)`; entry 0 is the name. In a header segment
   * field 1 is the separator itself and field 2 the encoding characters, as HL7 counts.
   */
  fieldOffsets(index: number): readonly number[];
  /** MSH, FHS or BHS: the segments whose first field is the field separator. */
  isHeader(index: number): boolean;
  /** The message as it goes on the wire: the very bytes it was parsed from, changed only where it was edited. */
  toBytes(): Buffer;
  /** The form when the message is UTF-16 or UTF-32 on the wire, undefined otherwise. */
  readonly wide: WideForm | undefined;
  /** The bytes are another reading of those on the wire (see `continuationView`): to be read, not to be edited. */
  readonly isView: boolean;
}

export interface ParseOptions {
  /** Accept bytes without MSH, reading them with the standard delimiters (or these). Default: refuse. */
  readonly headerless?: boolean | Delimiters;
  /** Refuse messages of more segments. Default 500,000. */
  readonly maxSegments?: number;
}

const MSH = packName('MSH');
const FHS = packName('FHS');
const BHS = packName('BHS');

class ParsedMessage implements Hl7Message {
  readonly bytes: Buffer;
  readonly structure: Buffer;
  readonly delimiters: Delimiters;
  readonly segmentCount: number;
  readonly wide: WideForm | undefined;
  readonly isView: boolean;
  readonly #wire: Buffer;
  readonly #starts: number[];
  readonly #ends: number[];
  readonly #names: number[];
  readonly #fields: (number[] | undefined)[];
  readonly #declared: string | undefined;
  #charset: Charset | undefined;

  constructor(wire: Buffer, wide: WideForm | undefined, options: ParseOptions, view?: Buffer) {
    const bytes = view ?? (wide === undefined ? wire : fromWide(wire, wide));
    this.isView = view !== undefined;
    const start = skipLead(bytes);
    if (start === bytes.length) {
      throw new Hl7Error(HL7_ERROR_CODES.EMPTY, 'There is no segment in it.', { offset: 0 });
    }
    this.bytes = bytes;
    this.wide = wide;
    this.#wire = wire;
    this.delimiters = delimitersAt(bytes, start, options);
    const codes = this.delimiters.codes;
    const index = indexSegments(bytes, start, codes.field, options.maxSegments ?? 500_000);
    this.#starts = index.starts;
    this.#ends = index.ends;
    this.#names = index.names;
    this.segmentCount = index.starts.length;
    this.#fields = [];
    this.structure = bytes;
    if (this.isHeader(0)) {
      this.#declared = headerCharset(bytes, this.fieldOffsets(0));
      if (this.#declared !== undefined && wide === undefined && !hasMark(bytes)) {
        this.structure = structureOf(bytes, charsetByLabel(this.#declared, this.delimiters.repetition).name);
        if (this.structure !== bytes) this.#fields.length = 0;
      }
    } else {
      this.#declared = undefined;
    }
  }

  get charset(): Charset {
    // Not before it is asked for: a message without a declared set has to be looked through.
    return (this.#charset ??= resolveCharset(
      this.bytes,
      this.#declared,
      this.delimiters.repetition,
      this.wide !== undefined,
    ));
  }

  segmentName(index: number): string {
    const packed = this.#names[index];
    if (packed === undefined) throw new RangeError(`There is no segment ${index}.`);
    if (packed !== -1) return String.fromCharCode(packed >> 16, (packed >> 8) & 0xff, packed & 0xff);
    const offsets = this.fieldOffsets(index);
    return this.bytes.toString('latin1', offsets[0], (offsets[1] ?? 0) - 1);
  }

  segmentIndexes(name: string): readonly number[] {
    const packed = packName(name);
    const found: number[] = [];
    if (packed === -1) return found;
    for (let i = 0; i < this.#names.length; i++) if (this.#names[i] === packed) found.push(i);
    return found;
  }

  findSegment(packedName: number, occurrence: number): number {
    if (packedName === -1) return -1;
    let index = -1;
    for (let left = occurrence; left > 0; left--) {
      index = this.#names.indexOf(packedName, index + 1);
      if (index === -1) return -1;
    }
    return index;
  }

  segmentStart(index: number): number {
    return this.#starts[index] ?? this.bytes.length;
  }

  segmentEnd(index: number): number {
    return this.#ends[index] ?? this.bytes.length;
  }

  fieldOffsets(index: number): readonly number[] {
    return (this.#fields[index] ??= this.#splitFields(index));
  }

  isHeader(index: number): boolean {
    const name = this.#names[index];
    return name === MSH || name === FHS || name === BHS;
  }

  toBytes(): Buffer {
    return this.#wire;
  }

  #splitFields(index: number): number[] {
    const start = this.#starts[index];
    const end = this.#ends[index];
    if (start === undefined || end === undefined) throw new RangeError(`There is no segment ${index}.`);
    const structure = this.structure;
    const separator = this.delimiters.codes.field;
    const offsets = [start];
    let at = start;
    if (this.isHeader(index) && end - start > 3) {
      // Field 1 is the separator; counting it keeps every later field at its HL7 number.
      offsets.push(start + 4, start + 4);
      at = start + 4;
    }
    for (; at < end; at++) {
      if (structure[at] !== separator) continue;
      offsets.push(at + 1);
      // What lies beyond all paths stays in one piece: millions of separators must not become millions of numbers.
      if (offsets.length > MAX_FIELD + 1) break;
    }
    offsets.push(end + 1);
    return offsets;
  }
}

function delimitersAt(bytes: Buffer, start: number, options: ParseOptions): Delimiters {
  const a = bytes[start];
  const b = bytes[start + 1];
  const c = bytes[start + 2];
  const batch = (a === 0x46 || a === 0x42) && b === 0x48 && c === 0x53;
  if ((a === 0x4d && b === 0x53 && c === 0x48) || (batch && options.headerless)) {
    let end = start;
    while (end < bytes.length && bytes[end] !== 0x0d && bytes[end] !== 0x0a) end += 1;
    return readDelimiters(bytes, start, end);
  }
  if (options.headerless) return options.headerless === true ? STANDARD_DELIMITERS : options.headerless;
  if (batch) {
    throw new Hl7Error(
      HL7_ERROR_CODES.IS_BATCH,
      'It begins with a file or batch header (FHS, BHS): its messages have to be taken one by one.',
      { segment: String.fromCharCode(a ?? 0, b ?? 0, c ?? 0), sequence: 1, offset: start },
    );
  }
  throw new Hl7Error(HL7_ERROR_CODES.NO_HEADER, 'It does not begin with a message header segment (MSH).', {
    offset: start,
  });
}

/** MSH-18 as it stands, undefined when blank. */
function headerCharset(bytes: Buffer, offsets: readonly number[]): string | undefined {
  const start = offsets[18];
  const end = offsets[19];
  if (start === undefined || end === undefined || end - 1 <= start) return undefined;
  const text = bytes.toString('latin1', start, end - 1).trim();
  return text === '' || text === '""' ? undefined : text;
}

/**
 * Reads a message as it came: segments end in CR, LF or CRLF, blank lines, a byte order mark and frame characters are
 * passed over, delimiters come from MSH. Bytes must hold one message (see `splitMessages` for files of many).
 *
 * @throws Hl7Error `hl7.empty`, `hl7.no-header`, `hl7.is-batch`, `hl7.bad-delimiters`, `hl7.too-many-segments`
 */
export function parseMessage(bytes: Buffer, options: ParseOptions = {}): Hl7Message {
  return new ParsedMessage(bytes, wideForm(bytes), options);
}

/** The same message with other bytes to read from; `toBytes` gives those of the wire as before. For what is in this folder. */
export function viewOf(message: Hl7Message, bytes: Buffer): Hl7Message {
  const headerless = message.segmentName(0) === 'MSH' ? false : message.delimiters;
  return new ParsedMessage(message.toBytes(), message.wide, { headerless }, bytes);
}
