import { describe, expect, it } from 'vitest';
import { DEFAULT_CODE_TABLES } from '../../src/connectors/code-tables/default-code-tables.ts';
import { DEFAULT_MAPPINGS } from '../../src/connectors/registry.ts';
import { compileMapping } from '../../src/mapping/compile-mapping.ts';
import { analyzeFeed } from '../../src/operations/feed-analysis/analyze-feed.ts';
import { dryRunFeed } from '../../src/operations/feed-analysis/dry-run.ts';
import { shownProfile, shownReview } from '../../src/operations/feed-analysis/mask-analysis.ts';
import { uploadedSamples, type Sample } from '../../src/operations/feed-analysis/samples.ts';
import { feedProfile, mappingReview } from '../../src/contract/feed-analysis.ts';
import { hl7Samples, sampleBytes, type SampleFile } from './hl7v2-samples.ts';

const samples = hl7Samples();

/** In pieces that end in the middle of everything, as an upload arrives. */
async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1009) yield await Promise.resolve(bytes.subarray(at, at + 1009));
}

async function* all(files: readonly SampleFile[]): AsyncGenerator<Sample> {
  for (const file of files) yield* uploadedSamples(pieces(sampleBytes(file)));
}

if (samples === undefined) {
  describe('the analysis of the HL7 v2 samples', () => {
    it('not run: samples are not beside this clone', () => {
      expect(process.env['CI']).toBeFalsy();
    });
  });
} else {
  const document = DEFAULT_MAPPINGS[0]?.body;
  if (document === undefined) throw new Error('There is no default mapping.');
  const mapping = { document, codeTables: DEFAULT_CODE_TABLES, country: 'US' };

  describe('the analysis of the HL7 v2 samples', () => {
    it.each(samples)('$file: counts, types, versions and Z-segments are those of the manifest', async (sample) => {
      const { profile, review } = await analyzeFeed(uploadedSamples(pieces(sampleBytes(sample))), mapping);
      expect(profile.messages).toBe(sample.messages);
      const codes = new Set(profile.types.map(({ value }) => (value === 'none' ? '' : value.split('^')[0])));
      expect(new Set(sample.types.map((type) => type.split('^')[0] ?? ''))).toEqual(codes);
      expect(profile.versions.map(({ value }) => (value === 'none' ? '' : value)).sort()).toEqual(
        [...sample.versions].sort(),
      );
      expect(profile.delimiters.map(({ value }) => value).sort()).toEqual([...sample.delimiters].sort());
      const own = profile.segments.map(({ segment }) => segment).filter((name) => name.startsWith('Z'));
      expect(own.sort()).toEqual([...sample.z_segments].sort());
      for (const segment of profile.segments) {
        expect(segment.messages).toBeLessThanOrEqual(profile.messages);
        for (const field of segment.fields) {
          expect(field.rate, field.path).toBeLessThanOrEqual(1);
          expect(field.messages, field.path).toBeLessThanOrEqual(segment.messages);
        }
      }
      // What is shown has the form of the contract, whatever a feed holds.
      expect(feedProfile.safeParse(shownProfile(profile, false)).error).toBeUndefined();
      if (review !== null) expect(mappingReview.safeParse(shownReview(review, false)).error).toBeUndefined();
    });

    it('of all 396 together, with a dry run that agrees with it', async () => {
      const { profile, review } = await analyzeFeed(all(samples), mapping);
      expect(profile.messages).toBe(396);
      expect(profile.unreadable).toEqual([]);
      const handled = new Set<string>(document.messages);
      const wanted = profile.types.filter(({ value }) => handled.has(value)).reduce((sum, { count }) => sum + count, 0);
      expect(review?.messages).toBe(wanted);
      const compiled = compileMapping(document, DEFAULT_CODE_TABLES, { country: 'US' });
      const mappings = { draft: compiled, inForce: compiled, systemId: 1n, timeZone: 'America/Chicago' };
      const run = await dryRunFeed(all(samples), mappings, false);
      expect(run.messages).toBe(396);
      expect(run.mapped + run.skipped + run.failed).toBe(396);
      expect(run.targets.every(({ before, after }) => before === after)).toBe(true);
      expect(run.failures.some(({ code }) => code === 'internal.fault')).toBe(false);
    });
  });
}
