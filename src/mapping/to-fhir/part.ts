import { isNull, partEnd, textOf } from '../../formats/hl7v2/read.ts';
import type { Hl7Message } from '../../formats/hl7v2/message.ts';

/** A stretch of a message that is being read: a repetition, a component of it, or a subcomponent. */
export interface Part {
  readonly start: number;
  readonly end: number;
  /** 1 repetition, 2 component, 3 subcomponent. */
  readonly level: number;
  /** Where its parts begin, and behind them one more than its end; filled when one of them is asked for. */
  cuts?: readonly number[];
}

/** The repetitions of a field that hold something. */
export function fieldParts(message: Hl7Message, segment: number, field: number): readonly Part[] {
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
    if (to > from && !isNull(structure, from, to)) parts.push({ start: from, end: to, level: 1 });
    from = to + 1;
  }
  return parts;
}

const NONE: readonly Part[] = [];

/** The `n`-th component of a repetition, or subcomponent of a component; undefined when absent, empty or null. */
export function childPart(message: Hl7Message, part: Part, n: number): Part | undefined {
  const cuts = (part.cuts ??= cut(message, part));
  const start = cuts[n - 1];
  const next = cuts[n];
  if (start === undefined || next === undefined || next - 1 <= start) return undefined;
  const end = next - 1;
  if (isNull(message.structure, start, end)) return undefined;
  return { start, end, level: part.level + 1 };
}

/** How many parts it has, empty ones too. */
export function childCount(message: Hl7Message, part: Part): number {
  return (part.cuts ??= cut(message, part)).length - 1;
}

function cut(message: Hl7Message, part: Part): readonly number[] {
  const { codes } = message.delimiters;
  const delimiter = part.level === 1 ? codes.component : part.level === 2 ? codes.subcomponent : -1;
  const { structure } = message;
  const cuts = [part.start];
  if (delimiter !== -1) for (let i = part.start; i < part.end; i++) if (structure[i] === delimiter) cuts.push(i + 1);
  cuts.push(part.end + 1);
  return cuts;
}

/** The text of the first leaf, trimmed; undefined when there is none. What a part that is no composite holds. */
export function partText(message: Hl7Message, part: Part): string | undefined {
  let leaf: Part | undefined = part;
  while (leaf !== undefined && leaf.level < 3) leaf = childPart(message, leaf, 1);
  return leaf === undefined ? undefined : wholeText(message, leaf);
}

/** The text of a part with all it holds, its delimiters as they stand; trimmed, undefined when blank. */
export function wholeText(message: Hl7Message, part: Part): string | undefined {
  const text = textOf(message, part.start, part.end).trim();
  return text === '' ? undefined : text;
}

/** The text of the `n`-th child's first leaf. */
export function childText(message: Hl7Message, part: Part, n: number): string | undefined {
  const child = childPart(message, part, n);
  return child === undefined ? undefined : partText(message, child);
}
