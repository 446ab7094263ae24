import { Counts } from './counts.ts';
import type { FieldCollector } from './field-collector.ts';

/** What is gathered of one kind of segment. */
export interface SegmentCollector {
  readonly segment: string;
  readonly fields: (FieldCollector | undefined)[];
  readonly byType: Map<string, number>;
  readonly versions: Counts;
  messages: number;
  occurrences: number;
  most: number;
  lastMessage: number;
  inThisMessage: number;
}

/** What is gathered of the whole feed, read by `describeFeed`. */
export interface FeedCollection {
  messages: number;
  bytes: number;
  readonly unreadable: Map<string, { count: number; readonly first: string }>;
  readonly types: Counts;
  readonly versions: Counts;
  readonly senders: Counts;
  readonly receivers: Counts;
  readonly processing: Counts;
  readonly declared: Counts;
  readonly used: Counts;
  readonly terminators: Counts;
  readonly delimiters: Counts;
  beyondAscii: number;
  misfits: number;
  missingControlIds: number;
  repeatedControlIds: number;
  controlIdsExact: boolean;
  first: string;
  last: string;
  stray: number;
  left: number;
  readonly segments: Map<string, SegmentCollector>;
}

export function emptySegment(segment: string): SegmentCollector {
  return {
    segment,
    fields: [],
    byType: new Map(),
    versions: new Counts(),
    messages: 0,
    occurrences: 0,
    most: 0,
    lastMessage: 0,
    inThisMessage: 0,
  };
}

export function emptyCollection(): FeedCollection {
  return {
    messages: 0,
    bytes: 0,
    unreadable: new Map(),
    types: new Counts(),
    versions: new Counts(),
    senders: new Counts(),
    receivers: new Counts(),
    processing: new Counts(),
    declared: new Counts(),
    used: new Counts(),
    terminators: new Counts(),
    delimiters: new Counts(),
    beyondAscii: 0,
    misfits: 0,
    missingControlIds: 0,
    repeatedControlIds: 0,
    controlIdsExact: true,
    first: '',
    last: '',
    stray: 0,
    left: 0,
    segments: new Map(),
  };
}
