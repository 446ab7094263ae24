import { decodeText } from './charset.ts';
import { unescapeText } from './escape.ts';
import type { Hl7Message } from './message.ts';
import type { Hl7Path } from './path.ts';

/** Which segment and repetition to read instead of those that the path names. Both count from 0. */
export interface ReadAt {
  readonly segment?: number;
  readonly repetition?: number;
}

/** Start of the `n`-th part (from 1) of `[start, end)`, or -1 when there are fewer. */
export function partStart(bytes: Uint8Array, start: number, end: number, delimiter: number, n: number): number {
  let left = n - 1;
  if (left === 0) return start;
  if (delimiter === -1) return -1;
  for (let i = start; i < end; i++) {
    if (bytes[i] === delimiter && --left === 0) return i + 1;
  }
  return -1;
}

/** End of the part that begins at `start`. */
export function partEnd(bytes: Uint8Array, start: number, end: number, delimiter: number): number {
  if (delimiter === -1) return end;
  let i = start;
  if (end - start <= NEAR) {
    while (i < end && bytes[i] !== delimiter) i += 1;
    return i;
  }
  const near = start + NEAR;
  while (i < near && bytes[i] !== delimiter) i += 1;
  if (i < near) return i;
  const found = bytes.subarray(near, end).indexOf(delimiter);
  return found === -1 ? end : near + found;
}

/** How far a plain loop looks; a search beyond it is worth a call, as documents of megabytes stand in fields. */
const NEAR = 256;

/** Whether `[start, end)` is HL7's explicit null: `""`. */
export function isNull(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 2 && bytes[start] === 0x22 && bytes[start + 1] === 0x22;
}

/** Text of a range, decoded and without escape sequences. */
export function textOf(message: Hl7Message, start: number, end: number): string {
  const bytes = message.bytes;
  const escape = message.delimiters.codes.escape;
  let high = 0;
  let escaped = false;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    // ESC counts as not plain: it switches sets in ISO-2022-JP.
    high |= byte === 0x1b ? 0x80 : byte;
    if (byte === escape) escaped = true;
  }
  if (high < 0x80 && !escaped) return bytes.toString('latin1', start, end);
  const charset = message.charset.name;
  const text = high < 0x80 ? bytes.toString('latin1', start, end) : decodeText(bytes, start, end, charset);
  return escaped ? unescapeText(text, message.delimiters, charset) : text;
}

/**
 * What a path points to: its text, decoded and unescaped; `null` for HL7's explicit null (`""`, "delete what you
 * have"), also for any part of a field or component that is null as a whole; undefined when absent or empty. A path
 * without component or subcomponent reads the first one of a composite.
 */
export function read(message: Hl7Message, path: Hl7Path, at?: ReadAt): string | null | undefined {
  const segment = at?.segment ?? message.findSegment(path.packedName, path.occurrence);
  if (segment < 0 || segment >= message.segmentCount) return undefined;
  const offsets = message.fieldOffsets(segment);
  const field = path.field;
  if (field >= offsets.length - 1) return undefined;
  let start = offsets[field] ?? 0;
  let end = (offsets[field + 1] ?? 0) - 1;
  if (field < 3 && message.isHeader(segment)) return readHeaderField(message, segment, path, at);

  const structure = message.structure;
  const codes = message.delimiters.codes;
  start = partStart(structure, start, end, codes.repetition, (at?.repetition ?? path.repetition - 1) + 1);
  if (start === -1) return undefined;
  end = partEnd(structure, start, end, codes.repetition);
  if (start === end) return undefined;
  if (isNull(structure, start, end)) return null;

  start = partStart(structure, start, end, codes.component, path.component ?? 1);
  if (start === -1) return undefined;
  end = partEnd(structure, start, end, codes.component);
  if (start === end) return undefined;
  if (isNull(structure, start, end)) return null;

  start = partStart(structure, start, end, codes.subcomponent, path.subcomponent ?? 1);
  if (start === -1) return undefined;
  end = partEnd(structure, start, end, codes.subcomponent);
  if (start === end) return undefined;
  if (isNull(structure, start, end)) return null;
  return textOf(message, start, end);
}

/** MSH-1 and MSH-2 hold delimiters as data: they have no parts and no escapes. */
function readHeaderField(
  message: Hl7Message,
  segment: number,
  path: Hl7Path,
  at: ReadAt | undefined,
): string | undefined {
  const repetition = (at?.repetition ?? path.repetition - 1) + 1;
  if (repetition !== 1 || (path.component ?? 1) !== 1 || (path.subcomponent ?? 1) !== 1) return undefined;
  return readFieldRaw(message, segment, path.field);
}

/** The field with its delimiters and escapes as they stand, all repetitions; undefined when absent or empty. */
export function readFieldRaw(message: Hl7Message, segment: number, field: number): string | undefined {
  const offsets = message.fieldOffsets(segment);
  if (field >= offsets.length - 1) return undefined;
  let start = offsets[field] ?? 0;
  const end = field === 1 && message.isHeader(segment) ? start : (offsets[field + 1] ?? 0) - 1;
  if (field === 1 && message.isHeader(segment)) start -= 1;
  return start >= end ? undefined : decodeText(message.bytes, start, end, message.charset.name);
}

/**
 * What a path points to, with its delimiters and escape sequences as they stand (decoded): one whole repetition when
 * the path has no component, one whole component when it has no subcomponent. Undefined when absent or empty.
 */
export function readRaw(message: Hl7Message, path: Hl7Path, at?: ReadAt): string | undefined {
  const range = locate(message, path, at);
  if (range === undefined || range.start === range.end) return undefined;
  return decodeText(message.bytes, range.start, range.end, message.charset.name);
}

/** The byte range of what a path points to, taken whole as {@link readRaw} does; undefined when absent. */
export function locate(
  message: Hl7Message,
  path: Hl7Path,
  at?: ReadAt,
): { readonly start: number; readonly end: number } | undefined {
  const segment = at?.segment ?? message.findSegment(path.packedName, path.occurrence);
  if (segment < 0 || segment >= message.segmentCount) return undefined;
  const offsets = message.fieldOffsets(segment);
  const field = path.field;
  if (field >= offsets.length - 1) return undefined;
  let start = offsets[field] ?? 0;
  let end = (offsets[field + 1] ?? 0) - 1;
  const repetition = (at?.repetition ?? path.repetition - 1) + 1;
  if (field < 3 && message.isHeader(segment)) {
    if (repetition !== 1 || (path.component ?? 1) !== 1 || (path.subcomponent ?? 1) !== 1) return undefined;
    return field === 1 ? { start: start - 1, end: start } : { start, end };
  }
  const { structure } = message;
  const codes = message.delimiters.codes;
  start = partStart(structure, start, end, codes.repetition, repetition);
  if (start === -1) return undefined;
  end = partEnd(structure, start, end, codes.repetition);
  if (path.component === undefined) return { start, end };
  start = partStart(structure, start, end, codes.component, path.component);
  if (start === -1) return undefined;
  end = partEnd(structure, start, end, codes.component);
  if (path.subcomponent === undefined) return { start, end };
  start = partStart(structure, start, end, codes.subcomponent, path.subcomponent);
  if (start === -1) return undefined;
  return { start, end: partEnd(structure, start, end, codes.subcomponent) };
}

/** How many repetitions a field has: 0 when it is absent or empty, otherwise one more than its repetition separators. */
export function repetitionCount(message: Hl7Message, segmentIndex: number, field: number): number {
  if (segmentIndex < 0 || segmentIndex >= message.segmentCount) return 0;
  const offsets = message.fieldOffsets(segmentIndex);
  if (field < 1 || field >= offsets.length - 1) return 0;
  if (field < 3 && message.isHeader(segmentIndex)) return 1;
  const start = offsets[field] ?? 0;
  const end = (offsets[field + 1] ?? 0) - 1;
  if (start >= end) return 0;
  const delimiter = message.delimiters.codes.repetition;
  let count = 1;
  if (delimiter !== -1) for (let i = start; i < end; i++) if (message.structure[i] === delimiter) count += 1;
  return count;
}
