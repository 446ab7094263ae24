import { charsetByLabel, decodeText, hasMark, resolveCharset } from './charset.ts';
import { type Delimiters, readDelimiters } from './delimiters.ts';
import { unescapeText } from './escape.ts';
import { HL7_ERROR_CODES, Hl7Error } from './hl7-error.ts';
import { lineEnd, skipLead } from './segment-index.ts';
import { type WideForm, fromWide, unitWidth, wideForm } from './wide.ts';

/** What a message's header says, as far as taking it in needs it. Undefined: absent or empty. */
export interface Envelope {
  /** MSH-10. */
  readonly controlId: string | undefined;
  /** MSH-9.1, such as `ADT`. */
  readonly messageCode: string | undefined;
  /** MSH-9.2, such as `A04`. */
  readonly triggerEvent: string | undefined;
  /** MSH-9.3, such as `ADT_A01`. */
  readonly structure: string | undefined;
  /** MSH-12.1, such as `2.5.1`. */
  readonly version: string | undefined;
  /** MSH-11.1: `P`, `T` or `D`. */
  readonly processingId: string | undefined;
  /** MSH-3 to MSH-6, the first component of each. */
  readonly sendingApplication: string | undefined;
  readonly sendingFacility: string | undefined;
  readonly receivingApplication: string | undefined;
  readonly receivingFacility: string | undefined;
  /** MSH-7.1 as sent. */
  readonly timestamp: string | undefined;
  /** MSH-15: AL, NE, ER or SU. */
  readonly acceptAck: string | undefined;
  /** MSH-16: AL, NE, ER or SU. */
  readonly applicationAck: string | undefined;
  /** MSH-18 as sent. */
  readonly charset: string | undefined;
  readonly delimiters: Delimiters;
  /** The header's fields as they stand, by their HL7 number: `fields[3]` is MSH-3. Entries 0 to 2 are not fields. */
  readonly fields: readonly string[];
  /** The form when the message is UTF-16 or UTF-32 on the wire. */
  readonly wide: WideForm | undefined;
}

/**
 * Whether a text has the form of every message code (HL7 table 0076 and `Zxx`): a letter and two letters or digits. What has
 * not is another field in its place.
 */
export function isMessageCode(text: string): boolean {
  return /^[A-Z][A-Z0-9]{2}$/i.test(text);
}

/** A header longer than this is no header. */
const MAX_HEADER = 64 * 1024;

/**
 * Reads the header and nothing else: cheap enough to be done on every message before it is stored.
 *
 * @throws Hl7Error `hl7.empty`, `hl7.no-header`, `hl7.is-batch`, `hl7.bad-delimiters`
 */
export function peekEnvelope(wire: Buffer): Envelope {
  const wide = wideForm(wire);
  const bytes = wide === undefined ? wire : fromWide(wire.subarray(0, unitWidth(wide) * MAX_HEADER), wide);
  const start = skipLead(bytes);
  if (start === bytes.length) throw new Hl7Error(HL7_ERROR_CODES.EMPTY, 'There is no segment in it.', { offset: 0 });
  refuseOtherThanHeader(bytes, start);
  const end = Math.min(lineEnd(bytes, start), start + MAX_HEADER);
  const delimiters = readDelimiters(bytes, start, end);
  let fields = splitHeader(bytes.toString('latin1', start, end), delimiters);
  const charset = orUndefined(fields[18]);
  let name = 'ascii';
  if (!plainAscii(bytes, start, end)) {
    const isUnicode = wide !== undefined || hasMark(bytes);
    name = isUnicode ? 'utf-8' : headerCharset(bytes.subarray(start, end), charset, delimiters);
  }
  if (name !== 'ascii') fields = splitHeader(decodeText(bytes, start, end, name), delimiters);

  const part = (field: number, component: number): string | undefined => {
    const whole = fields[field];
    if (whole === undefined || whole === '') return undefined;
    return headerPart(whole, component, delimiters, name);
  };
  return {
    controlId: part(10, 1),
    messageCode: part(9, 1),
    triggerEvent: part(9, 2),
    structure: part(9, 3),
    version: part(12, 1),
    processingId: part(11, 1),
    sendingApplication: part(3, 1),
    sendingFacility: part(4, 1),
    receivingApplication: part(5, 1),
    receivingFacility: part(6, 1),
    timestamp: part(7, 1),
    acceptAck: part(15, 1),
    applicationAck: part(16, 1),
    charset,
    delimiters,
    fields,
    wide,
  };
}

function refuseOtherThanHeader(bytes: Buffer, start: number): void {
  const name = bytes.toString('latin1', start, start + 3);
  if (name === 'MSH') return;
  if (name === 'FHS' || name === 'BHS') {
    throw new Hl7Error(
      HL7_ERROR_CODES.IS_BATCH,
      `It begins with a file or batch header (${name}): its messages have to be taken one by one.`,
      { segment: name, sequence: 1, offset: start },
    );
  }
  throw new Hl7Error(HL7_ERROR_CODES.NO_HEADER, 'It does not begin with a message header segment (MSH).', {
    offset: start,
  });
}

/** Splits a header so that indexes are HL7 field numbers. */
function splitHeader(text: string, delimiters: Delimiters): string[] {
  const fields = text.split(delimiters.field);
  fields.unshift('MSH');
  fields[1] = delimiters.field;
  return fields;
}

function plainAscii(bytes: Buffer, start: number, end: number): boolean {
  let seen = 0;
  // ESC counts as not plain: it switches sets in ISO-2022-JP.
  for (let i = start; i < end; i++) seen |= bytes[i] === 0x1b ? 0x80 : (bytes[i] ?? 0);
  return seen < 0x80;
}

function headerCharset(header: Buffer, declared: string | undefined, delimiters: Delimiters): string {
  const { name } = charsetByLabel(declared, delimiters.repetition);
  return name === 'detect' ? resolveCharset(header, undefined, '').name : name;
}

/** First repetition's component, first subcomponent, unescaped; in one pass, as this runs for every message. */
function headerPart(whole: string, component: number, delimiters: Delimiters, charset: string): string | undefined {
  const codes = delimiters.codes;
  let n = 1;
  let start = 0;
  let end = -1;
  let at = 0;
  for (; at < whole.length; at++) {
    const code = whole.charCodeAt(at);
    if (code === codes.repetition) break;
    if (code === codes.component) {
      if (n === component) break;
      n += 1;
      start = at + 1;
    } else if (code === codes.subcomponent && n === component && end === -1) end = at;
  }
  if (n < component) return undefined;
  const text = whole.slice(start, end === -1 ? at : end).trim();
  if (text === '' || text === '""') return undefined;
  return unescapeText(text, delimiters, charset);
}

function orUndefined(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === undefined || trimmed === '' || trimmed === '""' ? undefined : trimmed;
}
