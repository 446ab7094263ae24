import { idAtMs, idTimeMs } from '../../domain/ids.ts';
import {
  firstMinuteCounted,
  lastMinuteWithTraffic,
  messageAt,
  scanMessages,
  type ScanFilter,
} from '../../store/queries/message-candidates.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { Candidates } from './candidates.ts';

/** Messages that one step of a scan looks at. */
const EXAMINED = 20_000;
const MINUTE_MS = 60_000;
/** A message may be stored, and so counted, some time after its id was given: while the database was away. */
const COUNTED_LATE_MS = 15 * MINUTE_MS;

/**
 * Looks through the messages themselves, newest first, a bounded number at a time. For a system or a listener the
 * counters tell where there is nothing, and those stretches are skipped, however many messages of others they hold.
 */
export function scanCandidates(tx: Queryable, filter: ScanFilter, from: string): Candidates {
  return async (below, limit) => {
    const start = filter.systems === null && filter.listener === null ? below : await skipQuiet(tx, filter, below);
    if (BigInt(start) <= BigInt(from)) return { ids: [], resume: null };
    const span = { from, below: start };
    const ids = await scanMessages(tx, filter, span, limit, EXAMINED);
    if (ids.length === limit) return { ids, resume: ids.at(-1) ?? null };
    return { ids, resume: (await messageAt(tx, span, EXAMINED - 1)) ?? null };
  };
}

async function skipQuiet(tx: Queryable, filter: ScanFilter, below: string): Promise<string> {
  const at = new Date(Math.min(idTimeMs(BigInt(below)) + COUNTED_LATE_MS, 8.64e15));
  const minute = await lastMinuteWithTraffic(tx, at, filter);
  // Counters are kept longer than messages; below the first one they say nothing.
  const counted = minute ?? (await firstMinuteCounted(tx));
  if (counted === null) return below;
  const end = String(idAtMs(counted.getTime() + (minute === null ? 0 : 2 * MINUTE_MS)));
  return BigInt(end) < BigInt(below) ? end : below;
}
