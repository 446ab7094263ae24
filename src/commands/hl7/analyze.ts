import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { DEFAULT_CODE_TABLES } from '../../connectors/code-tables/default-code-tables.ts';
import { DEFAULT_MAPPINGS } from '../../connectors/registry.ts';
import type { FeedAnalysis } from '../../contract/feed-analysis.ts';
import { percent } from '../../mapping/feed-profile/weigh.ts';
import { parseMapping, type MappingDocument } from '../../mapping/mapping-format.ts';
import { analyzeFeed } from '../../operations/feed-analysis/analyze-feed.ts';
import { shownProfile, shownReview } from '../../operations/feed-analysis/mask-analysis.ts';
import { uploadedSamples, type Sample } from '../../operations/feed-analysis/samples.ts';
import { specificationCsv, specificationMarkdown } from '../../operations/feed-analysis/specification.ts';
import type { Command } from '../command.ts';
import { readFlags, UsageError } from '../options.ts';
import { findFiles } from './find-files.ts';

const FLAGS = {
  json: { type: 'boolean' },
  markdown: { type: 'boolean' },
  csv: { type: 'boolean' },
  reveal: { type: 'boolean' },
  mapping: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `practice-studio hl7 analyze`: what a feed really sends, and how a mapping fits it. Changes nothing, keeps nothing. */
export const analyzeAction: Command = {
  usage: 'analyze PATH… [--json | --markdown | --csv] [--mapping FILE] [--reveal]',
  summary: 'Analyzes a sample feed: fields, fill rates, codes, departures from the standard, and how the mapping fits.',
  help: `PATH is a file or a folder with all that is below it; all of them together are one feed.
  --json          the whole analysis as one JSON object
  --markdown      an interface specification to hand to the vendor
  --csv           the same as a table: a line for each field
  --mapping FILE  hold it against this mapping (JSON) instead of nextgen.patient
  --reveal        show values as they are; without it, what may be patient data shows its shape only
  --help          this text
Exit code 0: there were messages; 1: there was none, or a file could not be read; 2: typed wrongly.`,
  async run(args, io) {
    const { positionals, values } = readFlags(args, FLAGS);
    if (positionals.length === 0) throw new UsageError('hl7 analyze needs at least one PATH.');
    const forms = (['json', 'markdown', 'csv'] as const).filter((form) => values[form] === true);
    if (forms.length > 1) throw new UsageError('--json, --markdown and --csv exclude each other.');
    const reveal = values['reveal'] === true;
    const { mapping } = values;
    const document = typeof mapping === 'string' ? await readMapping(mapping) : DEFAULT_MAPPINGS[0]?.body;
    const samples = samplesOf(positionals);
    const { profile, review } = await analyzeFeed(
      samples,
      document === undefined ? undefined : { document, codeTables: DEFAULT_CODE_TABLES, country: 'US' },
    );
    const analysis: FeedAnalysis = {
      name: '',
      system_name: '',
      source: positionals.length === 1 ? 'a sample feed' : `${positionals.length} sample feeds`,
      made_at: new Date().toISOString(),
      made_by: '',
      revealed: reveal,
      profile: shownProfile(profile, reveal),
      review: review === null ? null : shownReview(review, reveal),
    };
    if (values['json'] === true) io.print(JSON.stringify(analysis));
    else if (values['markdown'] === true) io.print(specificationMarkdown(analysis, { examples: reveal }).trimEnd());
    else if (values['csv'] === true) io.print(specificationCsv(analysis, { examples: reveal }).trimEnd());
    else io.print(summary(analysis));
    return profile.messages === 0 ? 1 : 0;
  },
};

async function* samplesOf(paths: readonly string[]): AsyncGenerator<Sample, void, undefined> {
  for await (const { path, isHl7 } of findFiles(paths)) {
    if (!isHl7) continue;
    for await (const sample of uploadedSamples(createReadStream(path))) {
      yield { ...sample, place: `${path}, ${sample.place}` };
    }
  }
}

async function readMapping(path: string): Promise<MappingDocument> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${path} cannot be read: ${(cause as { code?: string }).code ?? 'unknown reason'}.`);
  });
  try {
    return parseMapping(JSON.parse(text));
  } catch (cause) {
    throw new UsageError(`${path} is not a mapping: ${cause instanceof Error ? cause.message : 'not readable'}`);
  }
}

/** The few lines that somebody reads first. */
function summary({ profile, review }: FeedAnalysis): string {
  const list = (counts: readonly { value: string; count: number }[]): string =>
    counts.map(({ value, count }) => `${value} ${count}`).join(', ') || 'none';
  const departures = profile.segments
    .flatMap(({ fields }) => fields.flatMap((field) => [field, ...field.components]))
    .flatMap(({ path, deviations }) => deviations.map(({ words, count }) => ({ path, words, count })))
    .sort((a, b) => b.count - a.count);
  const lines = [
    `${profile.messages} messages, ${profile.bytes} bytes`,
    `Types:       ${list(profile.types)}`,
    `Versions:    ${list(profile.versions)}`,
    `Senders:     ${list(profile.senders)}`,
    `Segments:    ${profile.segments.map(({ segment, messages }) => `${segment} ${percent(messages / Math.max(1, profile.messages))}`).join(', ')}`,
    `Not read:    ${list(profile.unreadable.map(({ code, count, first }) => ({ value: `${code} (first: ${first})`, count })))}`,
    `Control ids: ${profile.control.missing} missing, ${profile.control.repeated} repeated`,
    '',
    `Departures from the standard: ${departures.length}`,
    ...departures.slice(0, 15).map(({ path, words, count }) => `  ${path.padEnd(10)} ${words} (${count})`),
  ];
  if (review === null) return lines.join('\n');
  const never = review.targets.filter(({ filled }) => filled === 0).length;
  const unknown = review.codes.flatMap(({ label, codes }) =>
    codes.filter(({ to }) => to === '').map((code) => ({ ...code, field: label })),
  );
  return [
    ...lines,
    '',
    `Held against ${review.key} version ${review.version}: ${review.messages} messages it is for, ${review.failing} would fail`,
    `  ${review.targets.length - never} of ${review.targets.length} fields are found, ${review.unmapped.length} fields are filled and not mapped`,
    ...review.proposals.flatMap(({ label, path, confidence, state, evidence }) => [
      `  ${state === 'covered' ? 'Found' : 'Proposed'}: ${label} from ${path} (${percent(confidence)})`,
      ...evidence.map((words) => `    ${words}`),
    ]),
    `  Codes that no table knows: ${unknown.length}`,
    ...unknown
      .slice(0, 30)
      .map(
        ({ field, value, count, proposed }) =>
          `    ${field}: ${value} (${count})${proposed === '' ? '' : ` → ${proposed}`}`,
      ),
  ].join('\n');
}
