import type { DryRun, FeedAnalysis, MappingDraftInput } from '../../../src/contract/feed-analysis.ts';
import { call } from '../../api/call.ts';

/** Where the sample messages come from. A file or text stays in this tab and is sent anew for each run. */
export type SampleSource =
  | { readonly kind: 'file'; readonly blob: Blob; readonly words: string }
  | {
      readonly kind: 'stored';
      readonly system: string;
      readonly from: string | undefined;
      readonly to?: string;
      readonly limit: number;
    };

export interface AnalysisOptions {
  /** The system whose mapping the feed is held against. */
  readonly system: string | undefined;
  readonly reveal: boolean;
  readonly save: string | undefined;
}

/** Has the samples analyzed. */
export function analyze(source: SampleSource, options: AnalysisOptions): Promise<FeedAnalysis> {
  const { system, reveal, save } = options;
  if (source.kind === 'file') {
    return call('analyzeSamples', {
      query: {
        reveal: reveal ? 'true' : 'false',
        ...(system === undefined ? {} : { system }),
        ...(save === undefined ? {} : { save }),
      },
      body: source.blob,
    });
  }
  return call('analyzeStored', {
    body: { ...stored(source), reveal, ...(save === undefined ? {} : { save }) },
  });
}

/** Maps the samples with a draft; nothing is written. */
export function dryRun(
  source: SampleSource,
  system: string,
  draft: MappingDraftInput,
  reveal: boolean,
): Promise<DryRun> {
  if (source.kind === 'file') {
    return call('dryRunSamples', {
      query: { system, reveal: reveal ? 'true' : 'false' },
      body: new Blob([`${JSON.stringify(draft)}\n`, source.blob]),
    });
  }
  return call('dryRunStored', { body: { ...stored(source), draft, reveal } });
}

function stored(source: Extract<SampleSource, { kind: 'stored' }>) {
  const { system, from, to, limit } = source;
  return { system, limit, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}
