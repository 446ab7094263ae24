import { idAtMs, idTimeMs } from '../../domain/ids.ts';
import type { IdSpan } from '../../store/queries/message-candidates.ts';

/**
 * Gives ids of messages below an id, newest first, that may be what a search wants. `resume` is the id to go on below;
 * null when there are no more.
 */
export type Candidates = (
  below: string,
  limit: number,
) => Promise<{ readonly ids: readonly string[]; readonly resume: string | null }>;

/** Candidates that an index gives: fewer than asked for means that there are no more. */
export function indexedCandidates(read: (below: string, limit: number) => Promise<string[]>): Candidates {
  return async (below, limit) => {
    const ids = await read(below, limit);
    return { ids, resume: ids.length < limit ? null : (ids.at(-1) ?? null) };
  };
}

/** No candidates at all. */
export const noCandidates: Candidates = () => Promise.resolve({ ids: [], resume: null });

const DAY_MS = 86_400_000;
/** Looked at first, and how much further each time after. */
const NEWEST_DAYS = 62;
const OLDER_DAYS = 365;

/**
 * Candidates of an index that every month has of its own: the newest months are asked first, the others only while a page
 * is not full.
 */
export function monthlyCandidates(
  from: string,
  read: (span: IdSpan, limit: number) => Promise<string[]>,
  nowMs: number,
): Candidates {
  return async (below, limit) => {
    const start = Math.min(nowMs, idTimeMs(BigInt(below)));
    const days = nowMs - start < NEWEST_DAYS * DAY_MS ? NEWEST_DAYS : OLDER_DAYS;
    const stretch = idAtMs(start - days * DAY_MS);
    const last = stretch <= BigInt(from) || stretch === 0n;
    const span = { from: last ? from : String(stretch), below };
    const ids = await read(span, limit);
    if (ids.length === limit) return { ids, resume: ids.at(-1) ?? null };
    return { ids, resume: last ? null : span.from };
  };
}
