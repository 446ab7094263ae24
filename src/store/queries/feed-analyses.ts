import type { Queryable } from '../queryable.ts';
import type { Int8 } from './values.ts';

const CONTENTS = `select id, content from messages where id = any($1::bigint[])`;

/** The sealed contents of several messages, in no order. */
export async function messageContents(
  db: Queryable,
  ids: readonly string[],
): Promise<{ readonly id: Int8; readonly content: Buffer }[]> {
  return (await db.query<{ id: Int8; content: Buffer }>(CONTENTS, [ids])).rows;
}

/** A saved analysis without what is sealed. */
export interface FeedAnalysisRow {
  readonly id: Int8;
  readonly name: string;
  readonly system_id: Int8 | null;
  readonly source: string;
  readonly messages: number;
  readonly made_by: string;
  readonly made_at: Date;
}

const COLUMNS = 'id, name, system_id, source, messages, made_by, made_at';

const INSERT = `insert into feed_analyses (id, name, system_id, source, messages, made_by, made_at, content)
  values ($1, $2, $3, $4, $5, $6, $7, $8)`;

export async function insertFeedAnalysis(
  db: Queryable,
  row: FeedAnalysisRow & { readonly content: Buffer },
): Promise<void> {
  const { id, name, system_id: system, source, messages, made_by: by, made_at: at, content } = row;
  await db.query(INSERT, [
    String(id),
    name,
    system === null ? null : String(system),
    source,
    messages,
    by,
    at,
    content,
  ]);
}

/** The saved analyses, newest first. */
export async function listFeedAnalyses(db: Queryable): Promise<FeedAnalysisRow[]> {
  const text = `select ${COLUMNS} from feed_analyses order by id desc limit 500`;
  return (await db.query<FeedAnalysisRow>(text)).rows;
}

export async function readFeedAnalysis(
  db: Queryable,
  id: bigint,
): Promise<(FeedAnalysisRow & { readonly content: Buffer }) | undefined> {
  const text = `select ${COLUMNS}, content from feed_analyses where id = $1`;
  return (await db.query<FeedAnalysisRow & { content: Buffer }>(text, [String(id)])).rows[0];
}

/** Whether there was one. */
export async function deleteFeedAnalysis(db: Queryable, id: bigint): Promise<boolean> {
  return (await db.query('delete from feed_analyses where id = $1', [String(id)])).rowCount === 1;
}
