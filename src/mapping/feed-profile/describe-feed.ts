import { describeSegment } from '../../formats/hl7v2/dictionary.ts';
import { describeField } from './describe-field.ts';
import type { FeedCollection, SegmentCollector } from './feed-collection.ts';
import type { FeedProfile, SegmentProfile } from './feed-profile.ts';
import type { Counts } from './counts.ts';

/** The order in which people read the segments of a message; others follow in the order of their appearance. */
const READING_ORDER = ['MSH', 'EVN', 'PID', 'PD1', 'NK1', 'PV1', 'PV2'];

/** Makes the profile of what was gathered. */
export function describeFeed(all: FeedCollection): FeedProfile {
  const place = (segment: string): number => {
    const index = READING_ORDER.indexOf(segment);
    return index === -1 ? READING_ORDER.length : index;
  };
  const segments = [...all.segments.values()].sort((a, b) => place(a.segment) - place(b.segment));
  return {
    messages: all.messages,
    bytes: all.bytes,
    unreadable: [...all.unreadable]
      .map(([code, { count, first }]) => ({ code, count, first }))
      .sort((a, b) => b.count - a.count),
    types: all.types.list(),
    versions: all.versions.list(),
    senders: all.senders.list(),
    receivers: all.receivers.list(),
    processing: all.processing.list(),
    charset: {
      declared: all.declared.list(),
      used: all.used.list(),
      beyond: all.beyondAscii,
      misfits: all.misfits,
    },
    terminators: all.terminators.list(),
    delimiters: all.delimiters.list(),
    control: {
      missing: all.missingControlIds,
      repeated: all.repeatedControlIds,
      exact: all.controlIdsExact,
    },
    period: { first: all.first, last: all.last },
    stray: all.stray,
    segments: segments.map((segment) => describeSegmentOf(segment, all.types)),
    left: all.left,
  };
}

function describeSegmentOf(segment: SegmentCollector, types: Counts): SegmentProfile {
  const version = segment.versions.top() || undefined;
  const standard = describeSegment(version, segment.segment);
  const fields = segment.fields.flatMap((field) =>
    field === undefined || (field.whole.messages === 0 && field.whole.nulls === 0)
      ? []
      : [describeField(field, { segment, version, types })],
  );
  return {
    segment: segment.segment,
    name: standard?.name ?? '',
    standard: standard !== undefined,
    messages: segment.messages,
    occurrences: segment.occurrences,
    most: segment.most,
    types: [...segment.byType].map(([type, messages]) => ({ type, messages, rate: messages / types.get(type) })),
    fields,
  };
}
