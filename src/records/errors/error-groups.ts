import { CAUSE_CODES, type FailureCause } from '../../domain/failure-causes.ts';
import {
  countErrorsByCause,
  groupMessagesBelow,
  isAssignable,
  readErrorGroups,
  saveErrorGroup,
  type ErrorGroupRow,
} from '../../store/queries/error-groups.ts';
import { readPlaces, type Places } from '../../store/queries/places.ts';
import { int8Text } from '../../store/queries/values.ts';
import type { Database, Queryable } from '../../store/queryable.ts';
import { boundedRead } from '../bounded-read.ts';
import { messageItem, type MessageItemView } from '../messages/message-item.ts';
import { readMessageFacts } from '../messages/read-facts.ts';
import { systemsOf } from '../messages/search-filter.ts';
import { itemFor, type Viewer } from '../messages/viewer.ts';
import { isPossibleId, readIdCursor } from '../page-cursor.ts';
import { failureText, WHO_ACTS } from './failure-texts.ts';
import { causeOf, failureView, type FailureView } from './failure-view.ts';
import { fingerprintNumber, fingerprintText } from './fingerprint.ts';

/** Open failures that are alike: same system, message type, cause, code and place. */
export interface ErrorGroupView {
  readonly fingerprint: string;
  readonly environment_id: string;
  readonly system_id: string;
  readonly system_name: string;
  readonly type: string;
  readonly failure: FailureView;
  readonly count: number;
  readonly first_at: string;
  readonly last_at: string;
  readonly sample_message_id: string;
  readonly assigned_to: { readonly id: string; readonly name: string } | null;
  readonly note: string;
  readonly who: string;
}

export interface ErrorFilter {
  readonly environment?: string | undefined;
  readonly system?: string | undefined;
  readonly cause?: FailureCause | undefined;
}

/** Groups of open failures, the latest first; the counts by cause are those of all causes. */
export function listErrorGroups(
  db: Database,
  filter: ErrorFilter,
): Promise<{ items: ErrorGroupView[]; by_cause: { cause: FailureCause; count: number }[] }> {
  return boundedRead(db, async (tx) => {
    const places = await readPlaces(tx);
    const systems = systemsOf(filter, places);
    const cause = filter.cause === undefined ? null : CAUSE_CODES[filter.cause];
    const rows = await readErrorGroups(tx, { systems, cause, fingerprint: null });
    const counts = await countErrorsByCause(tx, systems);
    return {
      items: rows.map((row) => groupView(row, places)),
      by_cause: counts.map((row) => ({ cause: causeOf(row.cause), count: row.count })),
    };
  });
}

/** One group; undefined when none of its failures is open. */
export async function readErrorGroup(db: Queryable, fingerprint: string): Promise<ErrorGroupView | undefined> {
  const number = fingerprintNumber(fingerprint);
  const [row] = await readErrorGroups(db, { systems: null, cause: null, fingerprint: number });
  return row === undefined ? undefined : groupView(row, await readPlaces(db));
}

/** The messages of one group, newest first; without names of patients, as reading this list is not audited. */
export function listGroupMessages(
  db: Database,
  fingerprint: string,
  page: { readonly cursor?: string | undefined; readonly limit: number },
  viewer: Viewer,
): Promise<{ items: MessageItemView[]; next?: string }> {
  const below = readIdCursor(page.cursor) ?? '9223372036854775807';
  return boundedRead(db, async (tx) => {
    const ids = await groupMessagesBelow(tx, fingerprintNumber(fingerprint), below, page.limit + 1);
    const kept = ids.slice(0, page.limit);
    const places = await readPlaces(tx);
    const items = (await readMessageFacts(tx, kept)).map((facts) => itemFor(viewer, messageItem(facts, places)));
    const last = kept.at(-1);
    return ids.length > page.limit && last !== undefined ? { items, next: last } : { items };
  });
}

/**
 * Assigns a group or notes something on it. Answers the group, or why not: `unknown` when none of its failures is open,
 * `person` when the person can't be assigned to.
 */
export async function updateErrorGroup(
  tx: Queryable,
  fingerprint: string,
  change: { readonly assigned_to?: string | null | undefined; readonly note?: string | undefined },
): Promise<ErrorGroupView | 'unknown' | 'person'> {
  const before = await readErrorGroup(tx, fingerprint);
  if (before === undefined) return 'unknown';
  const person = change.assigned_to;
  if (typeof person === 'string' && !(isPossibleId(person) && (await isAssignable(tx, person)))) return 'person';
  await saveErrorGroup(tx, fingerprintNumber(fingerprint), { assignedTo: change.assigned_to, note: change.note });
  return (await readErrorGroup(tx, fingerprint)) ?? before;
}

function groupView(row: ErrorGroupRow, places: Places): ErrorGroupView {
  const system = places.systems.get(int8Text(row.system_id));
  const cause = causeOf(row.cause);
  return {
    fingerprint: fingerprintText(row.fingerprint),
    environment_id: system?.environmentId ?? '0',
    system_id: int8Text(row.system_id),
    system_name: system?.name ?? '',
    type: row.type,
    failure: failureView(cause, row.code, row.place),
    count: row.count,
    first_at: row.first_at.toISOString(),
    last_at: row.last_at.toISOString(),
    sample_message_id: int8Text(row.sample_message_id),
    assigned_to: row.assigned_to === null ? null : { id: int8Text(row.assigned_to), name: row.assigned_name ?? '' },
    note: row.note,
    who: WHO_ACTS[failureText(cause, row.code).who],
  };
}
