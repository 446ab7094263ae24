import type { FeedField, FeedProfileView, MappingReviewView, ShownValue } from '../../contract/feed-analysis.ts';
import type { FeedProfile, FieldProfile, SeenValue } from '../../mapping/feed-profile/feed-profile.ts';
import type { MappingReview } from '../../mapping/feed-profile/mapping-review.ts';
import { maskValue } from '../../mapping/feed-profile/open-values.ts';

/** A profile as somebody may see it: without `reveal`, values that may be patient data show their shape only. */
export function shownProfile(profile: FeedProfile, reveal: boolean): FeedProfileView {
  const field = (each: FieldProfile): FeedField => ({
    ...each,
    types: [...each.types],
    values: shown(each.values, reveal),
    examples: shown(each.examples, reveal),
    precision: [...each.precision],
    deviations: [...each.deviations],
    components: each.components.map(field),
  });
  return {
    ...profile,
    unreadable: [...profile.unreadable],
    types: [...profile.types],
    versions: [...profile.versions],
    senders: [...profile.senders],
    receivers: [...profile.receivers],
    processing: [...profile.processing],
    charset: { ...profile.charset, declared: [...profile.charset.declared], used: [...profile.charset.used] },
    terminators: [...profile.terminators],
    delimiters: [...profile.delimiters],
    segments: profile.segments.map((segment) => ({
      ...segment,
      types: [...segment.types],
      fields: segment.fields.map(field),
    })),
  };
}

/** The same for the review of a mapping. */
export function shownReview(review: MappingReview, reveal: boolean): MappingReviewView {
  return {
    ...review,
    types: [...review.types],
    targets: review.targets.map((target) => ({ ...target, sources: [...target.sources] })),
    unmapped: [...review.unmapped],
    proposals: review.proposals.map((proposal) => ({
      ...proposal,
      evidence: [...proposal.evidence],
      values: shown(proposal.values, reveal),
      others: [...proposal.others],
    })),
    codes: review.codes.map((table) => ({
      ...table,
      choices: [...table.choices],
      codes: table.codes.map(({ to, proposed, confidence, evidence, ...seen }) => ({
        ...shownValue(seen, reveal),
        to,
        proposed,
        confidence,
        evidence,
      })),
    })),
    problems: [...review.problems],
  };
}

function shown(values: readonly SeenValue[], reveal: boolean): ShownValue[] {
  return values.map((value) => shownValue(value, reveal));
}

function shownValue({ value, count, open, label }: SeenValue, reveal: boolean): ShownValue {
  const masked = !open && !reveal;
  return {
    value: masked ? maskValue(value) : value,
    count,
    masked,
    ...(label === undefined ? {} : { label: masked ? maskValue(label) : label }),
  };
}
