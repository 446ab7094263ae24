import { decodeText } from './charset.ts';
import { type PartDescription, describeComponent, describeField, describeSegment } from './dictionary.ts';
import { type Hl7Place, formatPlace } from './hl7-error.ts';
import type { Hl7Message } from './message.ts';
import { compilePath } from './path.ts';
import { isNull, partEnd, read, textOf } from './read.ts';

/**
 * One part of a message as a person reads it. Plain JSON. A part is a leaf with a value, or has children; empty parts
 * are left out. Repetitions appear as a level of their own only where there are several.
 */
export interface TreeNode {
  readonly kind: 'segment' | 'field' | 'repetition' | 'component' | 'subcomponent';
  /** As people and mappings write it: `OBX[2]-5`, `PID-3[2].4.1`. */
  readonly path: string;
  /** The number that HL7 counts it by; for a segment, its place in the message from 1. */
  readonly number: number;
  /** The segment's three letters, on segments. */
  readonly segment?: string;
  /** What HL7 calls it; absent for what HL7 does not define. */
  readonly name?: string;
  readonly type?: string;
  /** HL7 table number of coded values. */
  readonly table?: string;
  /** Decoded and unescaped; null is HL7's explicit null. Absent where there are children. */
  readonly value?: string | null;
  /** The value was longer than the limit and is only its beginning. */
  readonly cut?: true;
  /** Byte range in the message's bytes. */
  readonly start: number;
  readonly end: number;
  /** The same range in {@link MessageTree.text}, counted as JavaScript counts. */
  readonly textStart: number;
  readonly textEnd: number;
  readonly children?: readonly TreeNode[];
}

export interface MessageTree {
  readonly version: string | undefined;
  readonly charset: string;
  readonly segments: readonly TreeNode[];
  /** The whole message as text, as it stands: what the ranges mark in. */
  readonly text: string;
  /** Parts were left out because there are more than the limit. */
  readonly truncated: boolean;
  /** The text is only the beginning of the message. */
  readonly textCut: boolean;
}

export interface TreeOptions {
  /** Default 20,000. */
  readonly maxNodes?: number;
  /** Longest value in characters; longer ones are cut. Default 4,000. */
  readonly maxValueLength?: number;
  /** Longest text of the whole message in characters. Default 1,000,000. */
  readonly maxTextLength?: number;
}

const VERSION = compilePath('MSH-12');
const VALUE_TYPE = compilePath('OBX-2');

/** A description that something of the message goes by: OBX-5 takes its type from OBX-2. */
type Described = Pick<PartDescription, 'name' | 'type' | 'table'>;

interface Walk {
  readonly message: Hl7Message;
  readonly version: string | undefined;
  readonly maxValueLength: number;
  readonly text: TextCursor;
  nodesLeft: number;
}

/** Describes a message for the message tracer, at most as much of it as the limits allow. */
export function describeMessage(message: Hl7Message, options: TreeOptions = {}): MessageTree {
  const version = read(message, VERSION) ?? undefined;
  const text = new TextCursor(message);
  const walk: Walk = {
    message,
    version,
    maxValueLength: options.maxValueLength ?? 4_000,
    text,
    nodesLeft: options.maxNodes ?? 20_000,
  };
  const segments: TreeNode[] = [];
  const occurrences = new Map<string, number>();
  for (let index = 0; index < message.segmentCount && walk.nodesLeft > 0; index++) {
    const name = message.segmentName(index);
    const sequence = (occurrences.get(name) ?? 0) + 1;
    occurrences.set(name, sequence);
    segments.push(segmentNode(walk, index, name, sequence));
  }
  const whole = text.finish();
  const limit = options.maxTextLength ?? 1_000_000;
  return {
    version,
    charset: message.charset.name,
    segments,
    text: whole.length > limit ? whole.slice(0, limit) : whole,
    truncated: walk.nodesLeft <= 0,
    textCut: whole.length > limit,
  };
}

function segmentNode(walk: Walk, index: number, segment: string, sequence: number): TreeNode {
  const { message, version } = walk;
  walk.nodesLeft -= 1;
  const place: Hl7Place = { segment, sequence };
  const start = message.segmentStart(index);
  const end = message.segmentEnd(index);
  const textStart = walk.text.at(start);
  const children: TreeNode[] = [];
  const count = message.fieldOffsets(index).length - 2;
  for (let field = 1; field <= count && walk.nodesLeft > 0; field++) {
    const node = fieldNode(walk, index, field, { ...place, field });
    if (node !== undefined) children.push(node);
  }
  const name = describeSegment(version, segment)?.name;
  return {
    kind: 'segment',
    path: formatPlace(place),
    number: index + 1,
    segment,
    ...(name === undefined ? {} : { name }),
    start,
    end,
    textStart,
    textEnd: walk.text.at(end),
    children,
  };
}

function fieldNode(walk: Walk, index: number, field: number, place: Hl7Place): TreeNode | undefined {
  const { message } = walk;
  const offsets = message.fieldOffsets(index);
  const start = offsets[field] ?? 0;
  const end = (offsets[field + 1] ?? 0) - 1;
  const described = fieldDescription(walk, index, field, place);
  if (field < 3 && message.isHeader(index)) {
    // The delimiters themselves: MSH-1 is the byte before MSH-2 begins.
    const range = field === 1 ? { start: start - 1, end: start } : { start, end };
    return range.start < range.end ? leaf(walk, 'field', field, place, described, range) : undefined;
  }
  if (start >= end) return undefined;
  const { codes } = message.delimiters;
  const single = partEnd(message.structure, start, end, codes.repetition) === end;
  if (single) return repetitionNode(walk, 'field', field, place, described, { start, end });
  return branch(walk, 'field', field, place, described, { start, end }, codes.repetition, (repetition, range) =>
    repetitionNode(walk, 'repetition', repetition, { ...place, repetition }, described, range),
  );
}

function fieldDescription(walk: Walk, index: number, field: number, place: Hl7Place): Described | undefined {
  const described = describeField(walk.version, place.segment ?? '', field);
  if (described === undefined || place.segment !== 'OBX' || field !== 5) return described;
  const type = read(walk.message, VALUE_TYPE, { segment: index });
  return type == null ? described : { ...described, type };
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function repetitionNode(
  walk: Walk,
  kind: 'field' | 'repetition',
  number: number,
  place: Hl7Place,
  described: Described | undefined,
  range: Range,
): TreeNode {
  const { structure, delimiters } = walk.message;
  const { component, subcomponent } = delimiters.codes;
  const hasComponents = partEnd(structure, range.start, range.end, component) < range.end;
  const hasSubcomponents = partEnd(structure, range.start, range.end, subcomponent) < range.end;
  if (!hasComponents && !hasSubcomponents) return leaf(walk, kind, number, place, described, range);
  return branch(walk, kind, number, place, described, range, component, (n, part) => {
    const inner = describeComponent(walk.version, described?.type ?? '', n);
    return componentNode(walk, n, { ...place, component: n }, inner, part);
  });
}

function componentNode(
  walk: Walk,
  number: number,
  place: Hl7Place,
  described: Described | undefined,
  range: Range,
): TreeNode {
  const { structure, delimiters } = walk.message;
  const { subcomponent } = delimiters.codes;
  if (partEnd(structure, range.start, range.end, subcomponent) === range.end) {
    return leaf(walk, 'component', number, place, described, range);
  }
  return branch(walk, 'component', number, place, described, range, subcomponent, (n, part) =>
    leaf(
      walk,
      'subcomponent',
      n,
      { ...place, subcomponent: n },
      describeComponent(walk.version, described?.type ?? '', n),
      part,
    ),
  );
}

/** A node with a child for each part that is not empty. */
function branch(
  walk: Walk,
  kind: TreeNode['kind'],
  number: number,
  place: Hl7Place,
  described: Described | undefined,
  range: Range,
  delimiter: number,
  child: (number: number, range: Range) => TreeNode,
): TreeNode {
  walk.nodesLeft -= 1;
  const textStart = walk.text.at(range.start);
  const children: TreeNode[] = [];
  let n = 1;
  for (let start = range.start; start <= range.end && walk.nodesLeft > 0; n++) {
    const end = partEnd(walk.message.structure, start, range.end, delimiter);
    if (end > start) children.push(child(n, { start, end }));
    start = end + 1;
  }
  const textEnd = walk.text.at(range.end);
  return { ...heading(kind, number, place, described), ...range, textStart, textEnd, children };
}

function leaf(
  walk: Walk,
  kind: TreeNode['kind'],
  number: number,
  place: Hl7Place,
  described: Described | undefined,
  range: Range,
): TreeNode {
  walk.nodesLeft -= 1;
  const { message, maxValueLength } = walk;
  const textStart = walk.text.at(range.start);
  const textEnd = walk.text.at(range.end);
  const isDelimiters = message.isHeader(0) && place.segment === message.segmentName(0) && (place.field ?? 0) < 3;
  let value: string | null;
  if (isNull(message.structure, range.start, range.end)) value = null;
  else if (isDelimiters) value = message.bytes.toString('latin1', range.start, range.end);
  else value = textOf(message, range.start, range.end);
  const cut = value !== null && value.length > maxValueLength;
  return {
    ...heading(kind, number, place, described),
    value: cut && value !== null ? value.slice(0, maxValueLength) : value,
    ...(cut ? { cut } : {}),
    ...range,
    textStart,
    textEnd,
  };
}

function heading(
  kind: TreeNode['kind'],
  number: number,
  place: Hl7Place,
  described: Described | undefined,
): Pick<TreeNode, 'kind' | 'path' | 'number' | 'name' | 'type' | 'table'> {
  return {
    kind,
    path: formatPlace(place),
    number,
    ...(described === undefined ? {} : { name: described.name, type: described.type }),
    ...(described?.table === undefined ? {} : { table: described.table }),
  };
}

/**
 * Counts the characters of the text before a byte offset. Asked in rising order, it decodes each stretch of bytes
 * once; stretches end at delimiters, so no character is ever cut.
 */
class TextCursor {
  readonly #message: Hl7Message;
  readonly #parts: string[] = [];
  #byte = 0;
  #length = 0;

  constructor(message: Hl7Message) {
    this.#message = message;
  }

  at(offset: number): number {
    if (offset > this.#byte) {
      const text = decodeText(this.#message.bytes, this.#byte, offset, this.#message.charset.name);
      this.#parts.push(text);
      this.#length += text.length;
      this.#byte = offset;
    }
    return this.#length;
  }

  finish(): string {
    this.at(this.#message.bytes.length);
    return this.#parts.join('');
  }
}
