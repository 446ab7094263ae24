import { Hl7Error } from '../../formats/hl7v2/hl7-error.ts';
import { parseMessage } from '../../formats/hl7v2/message.ts';
import type { CodeTable } from '../../mapping/code-table.ts';
import { compileMapping } from '../../mapping/compile-mapping.ts';
import { createFeedProfiler } from '../../mapping/feed-profile/feed-profiler.ts';
import type { FeedProfile } from '../../mapping/feed-profile/feed-profile.ts';
import { createCoverageCollector } from '../../mapping/feed-profile/mapping-coverage.ts';
import type { MappingReview } from '../../mapping/feed-profile/mapping-review.ts';
import { reviewMapping } from '../../mapping/feed-profile/review-mapping.ts';
import type { MappingDocument } from '../../mapping/mapping-format.ts';
import { createBreather } from './breathe.ts';
import type { Sample } from './samples.ts';

/** The mapping that a feed is held against. */
export interface AnalyzedMapping {
  readonly document: MappingDocument;
  readonly codeTables: readonly CodeTable[];
  /** The system's country (ISO 3166-1 alpha-2). */
  readonly country: string;
}

/** What was found in a feed. Holds values as they are: whoever shows it masks it. */
export interface AnalyzedFeed {
  readonly profile: FeedProfile;
  readonly review: MappingReview | null;
}

/**
 * Reads a feed message by message and answers its profile, and how the mapping fits it where there is one. Memory does
 * not grow with the number of messages. What cannot be read is counted and never stops the rest.
 *
 * @throws MappingError when the mapping does not compile.
 */
export async function analyzeFeed(
  samples: AsyncIterable<Sample> | Iterable<Sample>,
  mapping?: AnalyzedMapping,
): Promise<AnalyzedFeed> {
  const profiler = createFeedProfiler();
  const collector =
    mapping === undefined
      ? undefined
      : createCoverageCollector(
          compileMapping(mapping.document, mapping.codeTables, { country: mapping.country }),
          mapping.codeTables,
          mapping.country,
        );
  const breathe = createBreather();
  for await (const sample of samples) {
    if ('problem' in sample) profiler.addUnreadable(sample.problem, sample.place);
    else {
      try {
        const message = parseMessage(sample.bytes);
        const type = profiler.add(message);
        collector?.add(message, type);
      } catch (error) {
        if (!(error instanceof Hl7Error)) throw error;
        profiler.addUnreadable(error.code, sample.place);
      }
    }
    await breathe();
  }
  const profile = profiler.profile();
  const review =
    collector === undefined || mapping === undefined
      ? null
      : reviewMapping(profile, collector.coverage(), mapping.codeTables);
  return { profile, review };
}
