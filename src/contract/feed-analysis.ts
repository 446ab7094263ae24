import { z } from 'zod';
import { byId, done, id, instant, note } from './common.ts';
import { route } from './route.ts';

const countOf = z.object({ value: z.string(), count: z.number().int() });
/** A value of the feed; masked ones show their shape only (letters as A and a, digits as 9). */
export const shownValue = countOf.extend({ masked: z.boolean(), label: z.string().optional() });
export type ShownValue = z.infer<typeof shownValue>;
const byType = z.array(z.object({ type: z.string(), messages: z.number().int(), rate: z.number() }));
const deviation = z.object({
  code: z.enum(['length', 'type', 'code', 'local', 'repetition', 'required', 'withdrawn', 'unknown']),
  count: z.number().int(),
  words: z.string(),
});
export const valueKind = z.enum([
  'date',
  'timestamp',
  'phone',
  'email',
  'ssn',
  'number',
  'flag',
  'code',
  'id',
  'name',
  'text',
]);

export interface FeedField {
  path: string;
  name: string;
  type: string;
  table: string;
  required: boolean;
  messages: number;
  rate: number;
  types: z.infer<typeof byType>;
  nulls: number;
  repeats: number;
  length: { least: number; typical: number; most: number };
  kind: z.infer<typeof valueKind>;
  distinct: number;
  exact: boolean;
  values: ShownValue[];
  examples: ShownValue[];
  precision: { value: string; count: number }[];
  deviations: z.infer<typeof deviation>[];
  components: FeedField[];
}
export const feedField: z.ZodType<FeedField> = z.object({
  path: z.string(),
  name: z.string(),
  type: z.string(),
  table: z.string(),
  required: z.boolean(),
  messages: z.number().int(),
  rate: z.number(),
  types: byType,
  nulls: z.number().int(),
  repeats: z.number().int(),
  length: z.object({ least: z.number(), typical: z.number(), most: z.number() }),
  kind: valueKind,
  distinct: z.number().int(),
  exact: z.boolean(),
  values: z.array(shownValue),
  examples: z.array(shownValue),
  precision: z.array(countOf),
  deviations: z.array(deviation),
  get components() {
    return z.array(feedField);
  },
});

export const feedSegment = z.object({
  segment: z.string(),
  name: z.string(),
  standard: z.boolean(),
  messages: z.number().int(),
  occurrences: z.number().int(),
  most: z.number().int(),
  types: byType,
  fields: z.array(feedField),
});
export type FeedSegment = z.infer<typeof feedSegment>;

export const feedProfile = z.object({
  messages: z.number().int(),
  bytes: z.number().int(),
  unreadable: z.array(z.object({ code: z.string(), count: z.number().int(), first: z.string() })),
  types: z.array(countOf),
  versions: z.array(countOf),
  senders: z.array(countOf),
  receivers: z.array(countOf),
  processing: z.array(countOf),
  charset: z.object({
    declared: z.array(countOf),
    used: z.array(countOf),
    beyond: z.number().int(),
    misfits: z.number().int(),
  }),
  terminators: z.array(countOf),
  delimiters: z.array(countOf),
  control: z.object({ missing: z.number().int(), repeated: z.number().int(), exact: z.boolean() }),
  period: z.object({ first: z.string(), last: z.string() }),
  stray: z.number().int(),
  segments: z.array(feedSegment),
  left: z.number().int(),
});
export type FeedProfileView = z.infer<typeof feedProfile>;

export const feedProposal = z.object({
  id: z.string(),
  kind: z.enum(['position', 'source']),
  name: z.string(),
  target: z.string(),
  label: z.string(),
  path: z.string(),
  confidence: z.number(),
  state: z.enum(['proposed', 'covered']),
  evidence: z.array(z.string()),
  values: z.array(shownValue),
  others: z.array(z.object({ path: z.string(), confidence: z.number() })),
});
export type FeedProposal = z.infer<typeof feedProposal>;

export const reviewedCode = shownValue.extend({
  to: z.string(),
  proposed: z.string(),
  confidence: z.number(),
  evidence: z.string(),
});
export type ReviewedCodeView = z.infer<typeof reviewedCode>;

export const mappingReview = z.object({
  key: z.string(),
  version: z.number().int(),
  title: z.string(),
  types: z.array(z.string()),
  messages: z.number().int(),
  failing: z.number().int(),
  targets: z.array(
    z.object({
      target: z.string(),
      label: z.string(),
      required: z.boolean(),
      sources: z.array(z.object({ text: z.string(), rate: z.number() })),
      filled: z.number().int(),
      of: z.number().int(),
    }),
  ),
  unmapped: z.array(z.object({ path: z.string(), name: z.string(), messages: z.number().int(), rate: z.number() })),
  proposals: z.array(feedProposal),
  codes: z.array(
    z.object({
      table: z.string(),
      title: z.string(),
      target: z.string(),
      label: z.string(),
      choices: z.array(z.object({ code: z.string(), label: z.string() })),
      codes: z.array(reviewedCode),
      exact: z.boolean(),
    }),
  ),
  problems: z.array(
    z.object({
      code: z.string(),
      severity: z.enum(['error', 'warning']),
      place: z.string(),
      target: z.string(),
      words: z.string(),
      messages: z.number().int(),
    }),
  ),
});
export type MappingReviewView = z.infer<typeof mappingReview>;

export const feedAnalysis = z.object({
  /** Present when it was saved. */
  id: id.optional(),
  name: z.string(),
  /** The system whose mapping it was held against; absent without one. */
  system_id: id.optional(),
  system_name: z.string(),
  /** Where the messages came from, in words. */
  source: z.string(),
  made_at: instant,
  made_by: z.string(),
  /** Whether values that may be patient data are shown. */
  revealed: z.boolean(),
  profile: feedProfile,
  /** The mapping in force of the system against this feed; null without a system. */
  review: mappingReview.nullable(),
});
export type FeedAnalysis = z.infer<typeof feedAnalysis>;

export const savedAnalysis = z.object({
  id,
  name: z.string(),
  system_id: id.nullable(),
  system_name: z.string(),
  source: z.string(),
  messages: z.number().int(),
  made_at: instant,
  made_by: z.string(),
});
export type SavedAnalysis = z.infer<typeof savedAnalysis>;

/** `PV1-20`, `ZFS-2.1`. */
const path = z.string().regex(/^[A-Z][A-Z0-9]{2}-\d{1,3}(\.\d{1,3}){0,2}$/, 'A path such as PV1-20 or ZFS-2.1.');

/** What a person accepted or changed of the proposals. */
export const mappingDraft = z.object({
  /** The mapping that it was made from: another one in force answers 409. */
  base: z.object({ key: z.string().max(100), version: z.number().int().min(1) }),
  /** Paths of positions by name; an empty text takes the path away. */
  positions: z.record(z.string().max(40), z.union([path, z.literal('')])).default({}),
  /** Further places of patient fields; `first` before those that the mapping has, else after them. */
  sources: z
    .array(z.object({ target: z.string().max(60), path, first: z.boolean().default(true) }))
    .max(100)
    .default([]),
  /** Codes of the sender, by code table: the sender's code and ours. */
  codes: z.record(z.string().max(60), z.record(z.string().min(1).max(200), z.string().min(1).max(200))).default({}),
});
export type MappingDraftInput = z.input<typeof mappingDraft>;

/** Which stored messages: the newest of a system or listener in a span of time. */
export const storedSamples = z.object({
  system: id,
  listener: id.optional(),
  from: instant.optional(),
  to: instant.optional(),
  limit: z.number().int().min(1).max(20_000).default(2_000),
});

const flag = z.enum(['true', 'false']).default('false');
/** Anything but JSON is taken as the file itself, read as it arrives and never written down. */
const upload = z.custom<AsyncIterable<Uint8Array>>(
  (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
  'Send the file itself as the body, with the content type application/hl7-v2.',
);

const tally = z.object({ value: z.string(), count: z.number().int() });
export const dryRun = z.object({
  messages: z.number().int(),
  /** Messages that would be applied; of a type that is not routed; that would fail. */
  mapped: z.number().int(),
  skipped: z.number().int(),
  failed: z.number().int(),
  /** Of the mapped ones, those with warnings. */
  warned: z.number().int(),
  failures: z.array(
    z.object({
      code: z.string(),
      place: z.string(),
      sentence: z.string(),
      hint: z.string(),
      messages: z.number().int(),
    }),
  ),
  warnings: z.array(
    z.object({
      code: z.string(),
      place: z.string(),
      target: z.string(),
      words: z.string(),
      hint: z.string(),
      messages: z.number().int(),
    }),
  ),
  /** How often each field is filled, with the mapping in force and with the draft. */
  targets: z.array(
    z.object({
      target: z.string(),
      label: z.string(),
      before: z.number().int(),
      after: z.number().int(),
      of: z.number().int(),
    }),
  ),
  types: z.array(tally),
  /** Clinical and other records that the messages would make, by type. */
  records: z.array(tally),
  /** The first messages, failed ones first; not all of a large feed. */
  items: z.array(
    z.object({
      number: z.number().int(),
      line: z.string(),
      type: z.string(),
      control_id: z.string(),
      outcome: z.enum(['mapped', 'skipped', 'failed']),
      failure: z.string(),
      warnings: z.number().int(),
      /** Records beside the patient: `DiagnosticReport, 3 Observation`. */
      records: z.string(),
      fields: z.array(z.object({ path: z.string(), label: z.string(), value: z.string(), masked: z.boolean() })),
    }),
  ),
  revealed: z.boolean(),
});
export type DryRun = z.infer<typeof dryRun>;

const tag = 'Sample-feed analyzer';
export const feedAnalysisRoutes = {
  analyzeSamples: route({
    method: 'POST',
    path: '/api/feed-analyses/samples',
    tag,
    summary:
      'Analyzes a file of HL7 messages: the body is the file itself. Nothing is kept, unless `save` names the analysis.',
    access: 'mappings.read',
    audit: { action: 'feed-analyzed' },
    query: z.object({
      system: id.optional(),
      reveal: flag,
      save: z.string().min(1).max(100).optional(),
    }),
    body: upload,
    upload: true,
    response: feedAnalysis,
  }),
  analyzeStored: route({
    method: 'POST',
    path: '/api/feed-analyses/stored',
    tag,
    summary: 'Analyzes stored messages of a system.',
    access: 'messages.raw',
    audit: { action: 'feed-analyzed' },
    body: storedSamples.extend({ reveal: z.boolean().default(false), save: z.string().min(1).max(100).optional() }),
    response: feedAnalysis,
  }),
  dryRunSamples: route({
    method: 'POST',
    path: '/api/feed-analyses/dry-run/samples',
    tag,
    summary:
      'Maps a file with a draft and writes nothing: the first line of the body is the draft as JSON, the rest is the file.',
    access: 'mappings.read',
    audit: { action: 'feed-dry-run' },
    query: z.object({ system: id, reveal: flag }),
    body: upload,
    upload: true,
    response: dryRun,
  }),
  dryRunStored: route({
    method: 'POST',
    path: '/api/feed-analyses/dry-run/stored',
    tag,
    summary: 'Maps stored messages with a draft and writes nothing.',
    access: 'messages.raw',
    audit: { action: 'feed-dry-run' },
    body: storedSamples.extend({ draft: mappingDraft, reveal: z.boolean().default(false) }),
    response: dryRun,
  }),
  acceptMapping: route({
    method: 'POST',
    path: '/api/systems/:id/mappings/patient',
    tag,
    summary: 'Stores a draft as a new version of the system’s own mapping, which is in force at once.',
    access: 'systems.write',
    audit: { action: 'mapping-changed' },
    params: byId,
    body: z.object({ draft: mappingDraft, note: note.default('') }),
    response: z.object({ id, key: z.string(), version: z.number().int() }),
  }),
  exportSpecification: route({
    method: 'POST',
    path: '/api/feed-analyses/specification',
    tag,
    summary: 'An analysis as an interface specification; values are as masked as in the analysis that is sent.',
    access: 'mappings.read',
    audit: { action: 'feed-specification-exported' },
    body: z.object({
      analysis: feedAnalysis,
      format: z.enum(['markdown', 'csv']),
      /** Examples of values, masked ones as their shape; otherwise only value sets that anybody may see. */
      examples: z.boolean().default(false),
    }),
    response: z.object({ text: z.string(), file_name: z.string(), media_type: z.string() }),
  }),
  listFeedAnalyses: route({
    method: 'GET',
    path: '/api/feed-analyses',
    tag,
    summary: 'The saved analyses, newest first.',
    access: 'mappings.read',
    audit: { none: 'no patient data' },
    response: z.object({ items: z.array(savedAnalysis) }),
  }),
  getFeedAnalysis: route({
    method: 'GET',
    path: '/api/feed-analyses/:id',
    tag,
    summary: 'A saved analysis.',
    access: 'mappings.read',
    audit: { action: 'feed-analysis-viewed' },
    params: byId,
    query: z.object({ reveal: flag }),
    response: feedAnalysis,
  }),
  deleteFeedAnalysis: route({
    method: 'DELETE',
    path: '/api/feed-analyses/:id',
    tag,
    summary: 'Removes a saved analysis.',
    access: 'systems.write',
    audit: { action: 'feed-analysis-deleted' },
    params: byId,
    response: done,
  }),
};
