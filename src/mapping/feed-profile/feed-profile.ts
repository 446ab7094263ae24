import type { LengthProfile } from './length-counter.ts';
import type { ValueKind } from './value-kind.ts';

/*
 * What a feed really sends, as plain data. Names are single words, so that the same object is the answer of the API.
 */

export interface CountOf {
  readonly value: string;
  readonly count: number;
}

/** A value of the feed. What is not `open` may be patient data and is masked for whoever may not see that. */
export interface SeenValue extends CountOf {
  readonly open: boolean;
  /** The text that the sender writes beside the code, in the second component. */
  readonly label?: string;
}

/** How a feed departs from the standard of the version that it declares. */
export const DEVIATIONS = {
  length: 'Longer than the standard allows.',
  type: 'Not of the data type.',
  code: 'A code that is not in the HL7 table.',
  local: 'A code of the sender’s own, where HL7 only suggests some.',
  repetition: 'Repeats, though the standard has it once.',
  required: 'Empty, though the standard requires it.',
  withdrawn: 'Filled, though the standard has withdrawn it.',
  unknown: 'The standard has no such field in this version.',
} as const;
export type DeviationCode = keyof typeof DEVIATIONS;

export interface Deviation {
  readonly code: DeviationCode;
  /** How often it was so: values, or segments for `required` and `repetition`. */
  readonly count: number;
  readonly words: string;
}

/** A field, or a component of one where the field is composite. */
export interface FieldProfile {
  /** `PID-5`, `PID-5.1`. */
  readonly path: string;
  /** What HL7 calls it in the version that most of these messages declare; empty for what HL7 does not define. */
  readonly name: string;
  readonly type: string;
  readonly table: string;
  /** Whether the standard requires it. */
  readonly required: boolean;
  /** Messages in which it is filled, and their share of the messages that have the segment (0 to 1). */
  readonly messages: number;
  readonly rate: number;
  /** The same by message type; the share is of all messages of that type. */
  readonly types: readonly { readonly type: string; readonly messages: number; readonly rate: number }[];
  /** Explicit nulls (`""`): the sender has values removed. */
  readonly nulls: number;
  /** The most repetitions in one segment. */
  readonly repeats: number;
  readonly length: LengthProfile;
  readonly kind: ValueKind;
  /** Different values, and whether that is counted or estimated (within about 3 %). */
  readonly distinct: number;
  readonly exact: boolean;
  /** All its values, where they are few: a value set. Most frequent first. */
  readonly values: readonly SeenValue[];
  /** Some values, where it is no value set. */
  readonly examples: readonly SeenValue[];
  /** Dates and times: how exact they are. */
  readonly precision: readonly CountOf[];
  readonly deviations: readonly Deviation[];
  readonly components: readonly FieldProfile[];
}

export interface SegmentProfile {
  readonly segment: string;
  readonly name: string;
  /** False for Z-segments and others that HL7 does not define. */
  readonly standard: boolean;
  readonly messages: number;
  readonly occurrences: number;
  /** The most in one message. */
  readonly most: number;
  readonly types: readonly { readonly type: string; readonly messages: number; readonly rate: number }[];
  readonly fields: readonly FieldProfile[];
}

export interface FeedProfile {
  /** Messages that were read, and their bytes. */
  readonly messages: number;
  readonly bytes: number;
  /** What could not be read as a message, by what was wrong, with the place of the first. */
  readonly unreadable: readonly { readonly code: string; readonly count: number; readonly first: string }[];
  readonly types: readonly CountOf[];
  readonly versions: readonly CountOf[];
  readonly senders: readonly CountOf[];
  readonly receivers: readonly CountOf[];
  /** MSH-11: production, training, debugging. */
  readonly processing: readonly CountOf[];
  readonly charset: {
    readonly declared: readonly CountOf[];
    readonly used: readonly CountOf[];
    /** Messages with anything beyond ASCII. */
    readonly beyond: number;
    /** Messages that are not what MSH-18 says. */
    readonly misfits: number;
  };
  readonly terminators: readonly CountOf[];
  readonly delimiters: readonly CountOf[];
  readonly control: {
    readonly missing: number;
    /** Messages whose control id an earlier message had. */
    readonly repeated: number;
    /** False when there were too many to remember all. */
    readonly exact: boolean;
  };
  /** MSH-7 of the earliest and the latest message, as sent; empty when none had any. */
  readonly period: { readonly first: string; readonly last: string };
  /** Lines that do not begin with a segment's name. */
  readonly stray: number;
  readonly segments: readonly SegmentProfile[];
  /** Fields that were left out because there were more than are kept. */
  readonly left: number;
}
