import { mappingDraft, type FeedAnalysis } from '../contract/feed-analysis.ts';
import type { z } from 'zod';
import type { AnalyzedFeed } from '../operations/feed-analysis/analyze-feed.ts';
import { acceptDraft, draftedMapping } from '../operations/feed-analysis/accept-draft.ts';
import { analyzeForSystem, type AnalysisDeps } from '../operations/feed-analysis/analyze-for-system.ts';
import { dryRunFeed } from '../operations/feed-analysis/dry-run.ts';
import { shownProfile, shownReview } from '../operations/feed-analysis/mask-analysis.ts';
import {
  storedSamples,
  takeFirstLine,
  uploadedSamples,
  UploadTooLarge,
  type Sample,
  type UploadLimits,
} from '../operations/feed-analysis/samples.ts';
import { createSavedAnalyses, type SavedHead } from '../operations/feed-analysis/saved-analyses.ts';
import { specificationCsv, specificationMarkdown } from '../operations/feed-analysis/specification.ts';
import { SecurityError } from '../security/security-error.ts';
import { ApiError } from './api-error.ts';
import type { CallContext, Handlers } from './handler.ts';
import { possibleId } from './possible-id.ts';

export interface FeedAnalysisHandlerDeps extends AnalysisDeps {
  /** Called after a mapping is stored. */
  readonly changed: () => Promise<void>;
  readonly uploadLimits?: UploadLimits;
}

type Names =
  | 'analyzeSamples'
  | 'analyzeStored'
  | 'dryRunSamples'
  | 'dryRunStored'
  | 'acceptMapping'
  | 'exportSpecification'
  | 'listFeedAnalyses'
  | 'getFeedAnalysis'
  | 'deleteFeedAnalysis';

type Draft = z.output<typeof mappingDraft>;

/** The sample-feed analyzer: profiles, proposals, dry runs, accepted mappings, specifications. */
export function createFeedAnalysisHandlers(deps: FeedAnalysisHandlerDeps): Pick<Handlers, Names> {
  const { settings, sealer } = deps;
  const { database, store, ids } = settings;
  const saved = createSavedAnalyses({ db: database, sealer, ids });

  async function systemName(id: string | null): Promise<string> {
    if (id === null) return '';
    return (await store.load(database)).systems.find((each) => String(each.id) === id)?.name ?? '';
  }

  async function analyze(
    samples: AsyncIterable<Sample>,
    asked: { system: string | undefined; reveal: boolean; save: string | undefined; source: string },
    context: CallContext,
  ): Promise<FeedAnalysis> {
    mayReveal(context, asked.reveal);
    const system = asked.system === undefined ? null : possibleSystem(asked.system);
    const { analysis, name } = await told(analyzeForSystem(deps, samples, system));
    if (analysis.profile.messages === 0) throw new ApiError('no_messages');
    const head = {
      name: asked.save ?? '',
      systemId: system,
      source: asked.source,
      messages: analysis.profile.messages,
      madeBy: context.actor.name,
      madeAt: new Date(deps.now()),
    };
    const kept = asked.save === undefined ? undefined : await saved.save(head, analysis);
    context.audit({
      resource: kept === undefined ? { kind: 'system', id: system } : { kind: 'feed_analysis', id: kept.id },
      detail: {
        messages: analysis.profile.messages,
        examples: asked.reveal ? 'shown' : 'masked',
        saved: kept !== undefined,
      },
    });
    return analysisView(kept ?? { ...head, id: null }, name, analysis, asked.reveal);
  }

  async function dryRun(
    samples: AsyncIterable<Sample>,
    asked: { system: string; draft: Draft; reveal: boolean },
    context: CallContext,
  ) {
    mayReveal(context, asked.reveal);
    const system = possibleSystem(asked.system);
    const drafted = draftedMapping(settings, await store.load(database), system, asked.draft);
    const mappings = {
      draft: drafted.compiled,
      inForce: drafted.base,
      systemId: system,
      timeZone: drafted.system.timeZone,
    };
    const run = await told(dryRunFeed(samples, mappings, asked.reveal));
    const { messages, mapped, failed } = run;
    context.audit({
      resource: { kind: 'system', id: system },
      detail: { messages, mapped, failed, values: asked.reveal ? 'shown' : 'masked' },
    });
    return run;
  }

  return {
    analyzeSamples: ({ query, body, context }) =>
      analyze(
        uploadedSamples(body, deps.uploadLimits),
        { system: query.system, reveal: query.reveal === 'true', save: query.save, source: 'an uploaded file' },
        context,
      ),
    async analyzeStored({ body, context }) {
      const { reveal, save, ...filter } = body;
      const source = `stored messages of ${await systemName(body.system)}`;
      return await analyze(
        storedSamples({ ...deps, database }, filter),
        { system: body.system, reveal, save, source },
        context,
      );
    },
    async dryRunSamples({ query, body, context }) {
      const taken = await takeFirstLine(body);
      if (taken === undefined) throw new ApiError('draft_unreadable');
      const asked = { system: query.system, draft: readDraft(taken.line), reveal: query.reveal === 'true' };
      return await dryRun(uploadedSamples(taken.rest, deps.uploadLimits), asked, context);
    },
    async dryRunStored({ body, context }) {
      const { draft, reveal, ...filter } = body;
      return await dryRun(
        storedSamples({ ...deps, database }, filter),
        { system: body.system, draft, reveal },
        context,
      );
    },
    async acceptMapping({ params, body, context }) {
      const stored = await acceptDraft(settings, possibleSystem(params.id), body.draft, (tx, mapping, system) =>
        context.auditWithin(tx, {
          resource: { kind: 'mapping', id: mapping.id },
          detail: { system: system.key, key: mapping.key, version: mapping.version, note: body.note },
        }),
      );
      await deps.changed();
      return { id: String(stored.id), key: stored.key, version: stored.version };
    },
    exportSpecification({ body, context }) {
      const { analysis, format, examples } = body;
      context.audit({
        resource: { kind: 'feed_analysis', id: analysis.id === undefined ? null : BigInt(analysis.id) },
        detail: { format, values: examples ? (analysis.revealed ? 'shown' : 'masked') : 'none' },
      });
      const options = { examples };
      const base = fileName(analysis.name || analysis.system_name || 'feed');
      return Promise.resolve(
        format === 'markdown'
          ? {
              text: specificationMarkdown(analysis, options),
              file_name: `${base}.md`,
              media_type: 'text/markdown; charset=utf-8',
            }
          : {
              text: specificationCsv(analysis, options),
              file_name: `${base}.csv`,
              media_type: 'text/csv; charset=utf-8',
            },
      );
    },
    async listFeedAnalyses() {
      const [heads, { systems }] = await Promise.all([saved.list(), store.load(database)]);
      const names = new Map(systems.map((each) => [each.id, each.name]));
      const items = heads.map((head) => ({
        id: String(head.id),
        name: head.name,
        system_id: head.systemId === null ? null : String(head.systemId),
        system_name: head.systemId === null ? '' : (names.get(head.systemId) ?? ''),
        source: head.source,
        messages: head.messages,
        made_at: head.madeAt.toISOString(),
        made_by: head.madeBy,
      }));
      return { items };
    },
    async getFeedAnalysis({ params, query, context }) {
      const reveal = query.reveal === 'true';
      context.audit({ detail: { examples: reveal ? 'shown' : 'masked' } });
      mayReveal(context, reveal);
      const found = await saved.read(possibleId(params.id, 'feed_analysis_unknown'));
      if (found === undefined) throw new ApiError('feed_analysis_unknown');
      const { head, analysis } = found;
      return analysisView(
        head,
        await systemName(head.systemId === null ? null : String(head.systemId)),
        analysis,
        reveal,
      );
    },
    async deleteFeedAnalysis({ params }) {
      if (!(await saved.remove(possibleId(params.id, 'feed_analysis_unknown')))) {
        throw new ApiError('feed_analysis_unknown');
      }
      return { ok: true };
    },
  };
}

/** Values that may be patient data are for those who may see patients. */
function mayReveal(context: CallContext, reveal: boolean): void {
  if (reveal && !context.permissions.has('patients.read')) throw new SecurityError('permission_denied');
}

function possibleSystem(id: string): bigint {
  // An id beyond all numbers is no system's; the settings say so.
  return BigInt.asIntN(64, BigInt(id));
}

function readDraft(line: string): Draft {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (cause) {
    throw new ApiError('draft_unreadable', { cause });
  }
  const parsed = mappingDraft.safeParse(json);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues
    .slice(0, 20)
    .map(({ path, message }) => ({ place: `draft.${path.join('.')}`, reason: message }));
  throw new ApiError('draft_unreadable', { places });
}

/** Tells an upload that is too large as the API does. */
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof UploadTooLarge) throw new ApiError('body_too_large', { cause: error, detail: error.message });
    throw error;
  }
}

function analysisView(
  head: Omit<SavedHead, 'id'> & { readonly id: bigint | null },
  systemName: string,
  { profile, review }: AnalyzedFeed,
  reveal: boolean,
): FeedAnalysis {
  return {
    ...(head.id === null ? {} : { id: String(head.id) }),
    name: head.name,
    ...(head.systemId === null ? {} : { system_id: String(head.systemId) }),
    system_name: systemName,
    source: head.source,
    made_at: head.madeAt.toISOString(),
    made_by: head.madeBy,
    revealed: reveal,
    profile: shownProfile(profile, reveal),
    review: review === null ? null : shownReview(review, reveal),
  };
}

function fileName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60);
  return `interface-specification-${plain === '' ? 'feed' : plain}`;
}
