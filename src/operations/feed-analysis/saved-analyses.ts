import type { Sealer } from '../../security/sealing.ts';
import {
  deleteFeedAnalysis,
  insertFeedAnalysis,
  listFeedAnalyses,
  readFeedAnalysis,
  type FeedAnalysisRow,
} from '../../store/queries/feed-analyses.ts';
import type { Queryable } from '../../store/queryable.ts';
import { SEALED_COLUMNS } from '../../store/sealed-columns.ts';
import type { AnalyzedFeed } from './analyze-feed.ts';

/** What is told of a saved analysis without opening it. */
export interface SavedHead {
  readonly id: bigint;
  readonly name: string;
  readonly systemId: bigint | null;
  readonly source: string;
  readonly messages: number;
  readonly madeBy: string;
  readonly madeAt: Date;
}

export interface SavedAnalyses {
  save(head: Omit<SavedHead, 'id'>, analysis: AnalyzedFeed): Promise<SavedHead>;
  list(): Promise<SavedHead[]>;
  /** Undefined when there is none of this id. */
  read(id: bigint): Promise<{ readonly head: SavedHead; readonly analysis: AnalyzedFeed } | undefined>;
  /** Whether there was one. */
  remove(id: bigint): Promise<boolean>;
}

/** Analyses that somebody keeps. They hold examples of values, so all but their heads is sealed. */
export function createSavedAnalyses(deps: {
  readonly db: Queryable;
  readonly sealer: Sealer;
  readonly ids: { next(): bigint };
}): SavedAnalyses {
  const { db, sealer } = deps;
  return {
    async save(head, analysis) {
      const id = deps.ids.next();
      const content = sealer.seal('content', SEALED_COLUMNS.feedAnalysis, id, JSON.stringify(analysis));
      await insertFeedAnalysis(db, {
        id,
        name: head.name,
        system_id: head.systemId,
        source: head.source,
        messages: head.messages,
        made_by: head.madeBy,
        made_at: head.madeAt,
        content,
      });
      return { ...head, id };
    },
    list: async () => (await listFeedAnalyses(db)).map(headOf),
    async read(id) {
      const row = await readFeedAnalysis(db, id);
      if (row === undefined) return undefined;
      const text = sealer.open(SEALED_COLUMNS.feedAnalysis, id, row.content).toString('utf8');
      return { head: headOf(row), analysis: JSON.parse(text) as AnalyzedFeed };
    },
    remove: (id) => deleteFeedAnalysis(db, id),
  };
}

function headOf(row: FeedAnalysisRow): SavedHead {
  return {
    id: BigInt(row.id),
    name: row.name,
    systemId: row.system_id === null ? null : BigInt(row.system_id),
    source: row.source,
    messages: row.messages,
    madeBy: row.made_by,
    madeAt: row.made_at,
  };
}
