import type { Hl7Message } from '../../formats/hl7v2/message.ts';
import { isNull, partEnd, textOf } from '../../formats/hl7v2/read.ts';

/** A stretch of a message that is being read: a repetition, a component of it, or a subcomponent. */
export interface Part {
  readonly start: number;
  readonly end: number;
  /** 1 repetition, 2 component, 3 subcomponent. */
  readonly level: number;
  /** Its parts, of those that were asked for; null for one that is absent. */
  children: (Part | null)[] | undefined;
  /** Where its parts begin, and behind them one more than its end; filled when one of them is asked for. */
  cuts: readonly number[] | undefined;
  /** The text of its first leaf, once it was asked for; null when there is none. */
  text: string | null | undefined;
}

/** A message with what of it was taken apart already: rules ask for the same parts again and again. */
export interface Reading {
  readonly message: Hl7Message;
  /** The repetitions of fields, by segment and field. */
  readonly fields: (readonly Part[] | undefined)[][];
  /** All of the message, when each byte of it is a character that stands for itself; undefined otherwise. */
  readonly plain: string | undefined;
}

/** Larger messages are mostly documents, of which no second copy is wanted. */
const MAX_PLAIN = 256 * 1024;

export function startReading(message: Hl7Message): Reading {
  return { message, fields: [], plain: plainText(message) };
}

function plainText({ bytes, structure, delimiters }: Hl7Message): string | undefined {
  if (structure !== bytes || bytes.length > MAX_PLAIN) return undefined;
  const { escape, field } = delimiters.codes;
  let fields = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === field) fields += 1;
    // The encoding characters in MSH-2 escape nothing.
    if (byte >= 0x80 || byte === 0x1b || (byte === escape && fields > 1)) return undefined;
  }
  return bytes.toString('latin1');
}

const NONE: readonly Part[] = [];
const NO_CUTS: readonly number[] = [];

function makePart(start: number, end: number, level: number): Part {
  return { start, end, level, children: undefined, cuts: undefined, text: undefined };
}

/** The repetitions of a field that hold something. */
export function fieldParts(reading: Reading, segment: number, field: number): readonly Part[] {
  const offsets = reading.message.fieldOffsets(segment);
  if (field >= offsets.length - 1 || (offsets[field + 1] ?? 0) - 1 <= (offsets[field] ?? 0)) return NONE;
  const fields = (reading.fields[segment] ??= []);
  return (fields[field] ??= splitField(reading.message, segment, field));
}

function splitField(message: Hl7Message, segment: number, field: number): readonly Part[] {
  const offsets = message.fieldOffsets(segment);
  const start = offsets[field];
  const next = offsets[field + 1];
  if (start === undefined || next === undefined || next - 1 <= start) return NONE;
  const end = next - 1;
  const { structure } = message;
  const delimiter = field < 3 && message.isHeader(segment) ? -1 : message.delimiters.codes.repetition;
  const parts: Part[] = [];
  for (let from = start; from <= end;) {
    const to = partEnd(structure, from, end, delimiter);
    if (to > from && !isNull(structure, from, to)) parts.push(makePart(from, to, 1));
    from = to + 1;
  }
  return parts;
}

/** The `n`-th component of a repetition, or subcomponent of a component; undefined when absent, empty or null. */
export function childPart(reading: Reading, part: Part, n: number): Part | undefined {
  const cuts = (part.cuts ??= cut(reading.message, part));
  // Most of the parts that rules ask for are not there.
  if (n >= cuts.length) return undefined;
  const children = (part.children ??= []);
  // Filled from the front: a list with gaps would take more room than what is in it.
  for (let next = children.length; next < n; next++) children.push(findChild(reading.message, part, cuts, next + 1));
  return children[n - 1] ?? undefined;
}

function findChild(message: Hl7Message, part: Part, cuts: readonly number[], n: number): Part | null {
  const start = cuts[n - 1];
  const next = cuts[n];
  if (start === undefined || next === undefined || next - 1 <= start) return null;
  const end = next - 1;
  return isNull(message.structure, start, end) ? null : makePart(start, end, part.level + 1);
}

function cut({ delimiters, structure }: Hl7Message, part: Part): readonly number[] {
  const { codes } = delimiters;
  const delimiter = part.level === 1 ? codes.component : part.level === 2 ? codes.subcomponent : -1;
  const cuts = [part.start];
  if (delimiter !== -1) for (let i = part.start; i < part.end; i++) if (structure[i] === delimiter) cuts.push(i + 1);
  cuts.push(part.end + 1);
  return cuts;
}

/** The text of the first leaf, trimmed; undefined when there is none. What a part that is no composite holds. */
export function partText(reading: Reading, part: Part): string | undefined {
  if (part.text !== undefined) return part.text ?? undefined;
  const cuts = part.level >= 3 ? NO_CUTS : (part.cuts ??= cut(reading.message, part));
  // What is not divided at this level is a leaf unless the next one divides it, which few do.
  const isLeaf = part.level >= 3 || (part.level === 2 && cuts.length === 2);
  const text = isLeaf ? wholeText(reading, part) : childText(reading, part, 1);
  part.text = text ?? null;
  return text;
}

/** The text of a part with all it holds, its delimiters as they stand; trimmed, undefined when blank. */
export function wholeText(reading: Reading, part: Part): string | undefined {
  const { plain } = reading;
  const text = plain === undefined ? textOf(reading.message, part.start, part.end) : plain.slice(part.start, part.end);
  const trimmed = text.trim();
  return trimmed === '' ? undefined : trimmed;
}

/** The text of the `n`-th child's first leaf. */
export function childText(reading: Reading, part: Part, n: number): string | undefined {
  const child = childPart(reading, part, n);
  return child === undefined ? undefined : partText(reading, child);
}
