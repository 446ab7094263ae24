import { HL7_ERROR_CODES, Hl7Error } from './hl7-error.ts';

/** Where segments begin and end (without their terminators), and their names packed for comparing. */
export interface SegmentIndex {
  readonly starts: number[];
  readonly ends: number[];
  readonly names: number[];
}

const CR = 0x0d;
const LF = 0x0a;

/** A three-character name as one number; -1 when it is not three characters long. */
export function packName(name: string): number {
  return name.length === 3 ? (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2) : -1;
}

function isUpper(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

function isUpperOrDigit(byte: number): boolean {
  return isUpper(byte) || (byte >= 0x30 && byte <= 0x39);
}

/** Bytes that may stand between segments: line ends, what frames leave behind (VT, FS), NUL. */
function isFiller(byte: number): boolean {
  return byte === CR || byte === LF || byte === 0x0b || byte === 0x1c || byte === 0x00;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09;
}

/** Whether a segment seems to begin at `at`: a name and a field separator. */
function looksLikeSegment(bytes: Uint8Array, at: number, field: number): boolean {
  return (
    bytes[at + 3] === field &&
    isUpper(bytes[at] ?? 0) &&
    isUpperOrDigit(bytes[at + 1] ?? 0) &&
    isUpperOrDigit(bytes[at + 2] ?? 0)
  );
}

/** The first byte that could begin a segment: after a byte order mark, blanks, line ends and frame characters. */
export function skipLead(bytes: Uint8Array, from = 0): number {
  let at = from;
  if (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
  while (at < bytes.length && (isFiller(bytes[at] ?? 0) || isBlank(bytes[at] ?? 0))) at += 1;
  return at;
}

/** The end of the line that begins at `start`. */
export function lineEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== CR && bytes[at] !== LF) at += 1;
  return at;
}

/**
 * Finds the segments in one pass. The line end after the first segment is the message's own and always ends a
 * segment, as CRLF does; another one does so only where a segment or nothing seems to follow, since senders leave bare
 * line feeds inside text fields.
 *
 * @throws Hl7Error `hl7.too-many-segments`
 */
export function indexSegments(bytes: Buffer, from: number, field: number, maxSegments: number): SegmentIndex {
  const starts: number[] = [];
  const ends: number[] = [];
  const names: number[] = [];
  const length = bytes.length;
  const add = (lineStart: number, lineEnd: number): void => {
    let start = lineStart;
    let end = lineEnd;
    while (start < end && isFiller(bytes[start] ?? 0)) start += 1;
    while (end > start && isFiller(bytes[end - 1] ?? 0)) end -= 1;
    if (start < end && isBlank(bytes[start] ?? 0)) {
      let text = start;
      while (text < end && isBlank(bytes[text] ?? 0)) text += 1;
      // A blank line, or a segment that somebody indented.
      if (text === end || looksLikeSegment(bytes, text, field)) start = text;
    }
    if (start === end) return;
    if (starts.length === maxSegments) {
      throw new Hl7Error(HL7_ERROR_CODES.TOO_MANY_SEGMENTS, `The message has more than ${maxSegments} segments.`, {
        offset: start,
      });
    }
    starts.push(start);
    ends.push(end);
    const threeLong = end - start === 3 || bytes[start + 3] === field;
    names.push(
      threeLong && end - start >= 3
        ? ((bytes[start] ?? 0) << 16) | ((bytes[start + 1] ?? 0) << 8) | (bytes[start + 2] ?? 0)
        : -1,
    );
  };

  let own = 0;
  let lineStart = from;
  for (let at = from; at < length;) {
    const byte = bytes[at] ?? 0;
    if (byte !== CR && byte !== LF) {
      at += 1;
      continue;
    }
    const pair = byte === CR && bytes[at + 1] === LF;
    const next = pair ? at + 2 : at + 1;
    const kind = pair ? CR + LF : byte;
    if (own === 0) own = kind;
    if (pair || kind === own || isFiller(bytes[next] ?? CR) || looksLikeSegment(bytes, next, field)) {
      add(lineStart, at);
      lineStart = next;
    }
    at = next;
  }
  add(lineStart, length);
  return { starts, ends, names };
}
