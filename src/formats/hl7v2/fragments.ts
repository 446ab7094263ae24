import { HL7_ERROR_CODES, Hl7Error } from './hl7-error.ts';
import { type Hl7Message, parseMessage } from './message.ts';
import { compilePath } from './path.ts';
import { read } from './read.ts';
import { toWide } from './wide.ts';

/** What a message says of being one part of a larger one. */
export interface FragmentInfo {
  /** Who sends it: MSH-3 and MSH-4. Pointers are unique within a sender only. */
  readonly sender: string;
  /** The pointer of the fragment before (MSH-14); undefined in the first. */
  readonly continues: string | undefined;
  /** The pointer that the next one will name (DSC-1); undefined in the last. */
  readonly next: string | undefined;
}

const APPLICATION = compilePath('MSH-3');
const FACILITY = compilePath('MSH-4');
const CONTINUES = compilePath('MSH-14');
const NEXT = compilePath('DSC-1');
const STYLE = compilePath('DSC-2');

/**
 * What a message says of being a fragment (HL7 v2 section 2.10.2): it ends in DSC, or MSH-14 names the one before.
 * Undefined for a whole message. DSC-2 `I` asks for more rows of a query and makes no fragment.
 */
export function fragmentInfo(message: Hl7Message): FragmentInfo | undefined {
  const isQuery = read(message, STYLE)?.trim().toUpperCase() === 'I';
  const continues = valued(read(message, CONTINUES));
  const next = isQuery ? undefined : valued(read(message, NEXT));
  if (isQuery || (continues === undefined && next === undefined)) return undefined;
  return { sender: `${read(message, APPLICATION) ?? ''}|${read(message, FACILITY) ?? ''}`, continues, next };
}

function valued(text: string | null | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === undefined || trimmed === '' ? undefined : trimmed;
}

/**
 * The whole message of fragments in their order: the first one's header and segments, then those of the others without
 * theirs; DSC falls away. A segment that was cut in two comes with ADD and is joined by `continuationView`.
 *
 * @throws Hl7Error `hl7.bad-fragment` when the fragments have different delimiters or character sets
 */
export function joinFragments(fragments: readonly Hl7Message[]): Hl7Message {
  const [first] = fragments;
  if (first === undefined) throw new RangeError('There is no fragment to join.');
  const pieces: Buffer[] = [];
  for (const [index, fragment] of fragments.entries()) {
    if (!isAlike(first, fragment)) {
      const text = `Fragment ${index + 1} has other delimiters or another character set than the first.`;
      throw new Hl7Error(HL7_ERROR_CODES.BAD_FRAGMENT, text, { segment: 'MSH', sequence: 1 });
    }
    const { bytes, segmentCount } = fragment;
    const last = fragment.segmentName(segmentCount - 1) === 'DSC' ? segmentCount - 1 : segmentCount;
    const from = index === 0 ? 0 : fragment.segmentStart(1);
    const to = fragment.segmentStart(last);
    if (from < to) pieces.push(bytes.subarray(from, to));
    const end = bytes[to - 1];
    if (from < to && end !== 0x0d && end !== 0x0a) pieces.push(Buffer.from('\r'));
  }
  const joined = Buffer.concat(pieces);
  return parseMessage(first.wide === undefined ? joined : toWide(joined.toString('utf8'), first.wide));
}

function isAlike(a: Hl7Message, b: Hl7Message): boolean {
  const { field, component, repetition, escape, subcomponent } = a.delimiters.codes;
  const other = b.delimiters.codes;
  return (
    field === other.field &&
    component === other.component &&
    repetition === other.repetition &&
    escape === other.escape &&
    subcomponent === other.subcomponent &&
    a.charset.declared === b.charset.declared &&
    a.wide === b.wide
  );
}
