import type { SeenValue } from './feed-profile.ts';

/*
 * How a field mapping fits a feed, as plain data: what it finds, what it misses, and what is proposed.
 */

/** One field of the record and what the mapping finds for it. */
export interface TargetReview {
  /** `last_name`, `coverage.member_id`. */
  readonly target: string;
  readonly label: string;
  readonly required: boolean;
  /** Where the mapping looks, as it writes it, and in how many messages (0 to 1) anything stands there. */
  readonly sources: readonly { readonly text: string; readonly rate: number }[];
  /** Messages (for lists: items) in which it was filled, of how many. */
  readonly filled: number;
  readonly of: number;
}

/** A field that the feed fills and the mapping does not read. */
export interface UnmappedField {
  readonly path: string;
  readonly name: string;
  readonly messages: number;
  /** Share of the messages that the mapping is for. */
  readonly rate: number;
}

export interface Proposal {
  /** `position sliding_fee`, `source preferred_language`. */
  readonly id: string;
  /** `position`: the path of a named position. `source`: one more place where a field of the record is looked for. */
  readonly kind: 'position' | 'source';
  /** The name of the position; empty for a source. */
  readonly name: string;
  readonly target: string;
  readonly label: string;
  readonly path: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** `covered`: the mapping finds it there already. */
  readonly state: 'proposed' | 'covered';
  /** Why, in sentences without values. */
  readonly evidence: readonly string[];
  readonly values: readonly SeenValue[];
  /** Other places that were weighed. */
  readonly others: readonly { readonly path: string; readonly confidence: number }[];
}

/** A code of the feed as it reaches a code table. */
export interface ReviewedCode extends SeenValue {
  /** Our code; empty where the table does not know it. */
  readonly to: string;
  /** What to translate it to, where that is certain enough; empty otherwise. */
  readonly proposed: string;
  readonly confidence: number;
  readonly evidence: string;
}

export interface CodeReview {
  readonly table: string;
  readonly title: string;
  readonly target: string;
  readonly label: string;
  /** What a code can be translated to. */
  readonly choices: readonly { readonly code: string; readonly label: string }[];
  readonly codes: readonly ReviewedCode[];
  /** False when there were more different codes than are told apart. */
  readonly exact: boolean;
}

export interface ProblemReview {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** Without occurrence and repetition: `IN1-12`. */
  readonly place: string;
  readonly target: string;
  readonly words: string;
  readonly messages: number;
}

export interface MappingReview {
  readonly key: string;
  readonly version: number;
  readonly title: string;
  /** The message types that the mapping is for, and the messages of the feed of these types. */
  readonly types: readonly string[];
  readonly messages: number;
  /** Messages that would fail in the mapping. */
  readonly failing: number;
  readonly targets: readonly TargetReview[];
  readonly unmapped: readonly UnmappedField[];
  readonly proposals: readonly Proposal[];
  readonly codes: readonly CodeReview[];
  readonly problems: readonly ProblemReview[];
}
