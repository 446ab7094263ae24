import { groupMessagesAbove } from '../../store/queries/error-groups.ts';
import type { Queryable } from '../../store/queryable.ts';
import { isPossibleId } from '../page-cursor.ts';
import { fingerprintNumber } from './fingerprint.ts';

/** Messages that go to the engine at once. */
const CHUNK = 500;

/**
 * Takes every open failure of a group, or those named, to an action in chunks, oldest first so that messages about one
 * patient keep their order. Each message is taken once, also when it fails again meanwhile. Answers how many the action
 * says it took.
 */
export async function resolveGroup(
  db: Queryable,
  fingerprint: string,
  named: readonly string[] | undefined,
  act: (messageIds: readonly bigint[]) => Promise<number>,
): Promise<number> {
  const number = fingerprintNumber(fingerprint);
  let above = '0';
  let count = 0;
  for (;;) {
    const ids = await groupMessagesAbove(db, number, above, CHUNK, named?.filter(isPossibleId) ?? null);
    const last = ids.at(-1);
    if (last === undefined) return count;
    count += await act([...new Set(ids)].map(BigInt));
    above = last;
  }
}
