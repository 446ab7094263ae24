import { matchesSearch, parseSearch } from '../../matching/parse-search.ts';
import type { BlindIndex } from '../../security/blind-index.ts';
import type { Sealer } from '../../security/sealing.ts';
import {
  messagesByControlKey,
  messagesInStates,
  messagesOfPatients,
  messagesOfPatientsOrFailed,
  type WantedHashes,
} from '../../store/queries/message-candidates.ts';
import { findPatientIds, readPatientRows } from '../../store/queries/patient-rows.ts';
import { readPlaces, type Places } from '../../store/queries/places.ts';
import { int8Text } from '../../store/queries/values.ts';
import type { Database, Queryable } from '../../store/queryable.ts';
import { boundedRead } from '../bounded-read.ts';
import { openPatient, patientNames } from '../patients/patient-reader.ts';
import { searchHashes } from '../patients/search-hashes.ts';
import { isPossibleId, readIdCursor } from '../page-cursor.ts';
import { RecordsError } from '../records-error.ts';
import { indexedCandidates, monthlyCandidates, noCandidates, type Candidates } from './candidates.ts';
import { messageItem, type MessageItemView } from './message-item.ts';
import { readMessageFacts } from './read-facts.ts';
import { scanCandidates } from './scan-messages.ts';
import { finalStatesOf, fits, spanOf, systemsOf, waitingStatesOf, type MessageFilter } from './search-filter.ts';
import { itemFor, type Viewer } from './viewer.ts';

export interface MessageSearchDeps {
  readonly db: Database;
  readonly sealer: Sealer;
  readonly searchIndex: BlindIndex;
  /** Keyed hash of a control id under a listener (see `EngineControl.controlKey`). */
  readonly controlKey: (listenerId: bigint, controlId: string) => bigint;
  /** ms since 1970 UTC. */
  readonly now: () => number;
  /** A clock for time limits, in ms. */
  readonly monotonic: () => number;
}

export interface MessageSearchRequest extends MessageFilter {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface MessagePage {
  readonly items: MessageItemView[];
  /**
   * Where to go on. A page may hold fewer messages than asked for, even none, and still have this: a rare message is
   * looked for a stretch at a time.
   */
  readonly next?: string;
}

/** Patients that a text may lead to; the newest when it leads to more. */
const MAX_PATIENTS = 2_000;
/** Up to so many found patients are opened and compared with the text. */
const MAX_COMPARED = 200;
/** Candidates that one step takes at least. */
const MIN_STEP = 100;
/** A search that finds little stops after this long and says where it stands. */
const PAGE_BUDGET_MS = 1_000;

/**
 * Messages, newest first. Every filter that an index or a small table knows leads the search; the rest is checked
 * against what was found.
 *
 * @throws RecordsError `search_too_wide`, `search_text_unusable`, `cursor_invalid`
 */
export async function searchMessages(
  deps: MessageSearchDeps,
  request: MessageSearchRequest,
  viewer: Viewer,
): Promise<MessagePage> {
  const cursor = readIdCursor(request.cursor);
  return boundedRead(deps.db, async (tx) => {
    const places = await readPlaces(tx);
    const systems = systemsOf(request, places);
    const span = spanOf(request, cursor);
    const impossible = [request.patient, request.listener].some((id) => id !== undefined && !isPossibleId(id));
    const candidates =
      impossible || systems?.length === 0
        ? noCandidates
        : await candidatesOf(deps, tx, request, systems, places, span.from);
    const page = await collect(deps, tx, { candidates, request, systems, places, below: span.below });
    const items = viewer.seesPatients
      ? await withNames(deps.sealer, tx, page.items)
      : page.items.map((item) => itemFor(viewer, item));
    return { ...page, items };
  });
}

interface Collecting {
  readonly candidates: Candidates;
  readonly request: MessageSearchRequest;
  readonly systems: readonly string[] | null;
  readonly places: Places;
  readonly below: string;
}

async function collect(deps: MessageSearchDeps, tx: Queryable, search: Collecting): Promise<MessagePage> {
  const { request, systems, places } = search;
  const until = deps.monotonic() + PAGE_BUDGET_MS;
  const items: MessageItemView[] = [];
  let below: string | null = search.below;
  do {
    const batch: { readonly ids: readonly string[]; readonly resume: string | null } = await search.candidates(
      below,
      Math.max(request.limit + 1 - items.length, MIN_STEP),
    );
    for (const facts of await readMessageFacts(tx, batch.ids)) {
      const item = messageItem(facts, places);
      if (fits(item, request, systems)) items.push(item);
    }
    below = batch.resume;
  } while (below !== null && items.length <= request.limit && deps.monotonic() < until);
  if (items.length > request.limit) {
    const kept = items.slice(0, request.limit);
    return { items: kept, next: kept.at(-1)?.id ?? '0' };
  }
  return below === null ? { items } : { items, next: below };
}

/** The most selective way to what is asked for. */
async function candidatesOf(
  deps: MessageSearchDeps,
  tx: Queryable,
  request: MessageFilter,
  systems: readonly string[] | null,
  places: Places,
  from: string,
): Promise<Candidates> {
  const { control_id: controlId, patient, text, listener } = request;
  const now = deps.now();
  if (controlId !== undefined) {
    const keys = [...places.listeners.values()]
      .filter((place) => listener === undefined || place.id === listener)
      .filter((place) => systems === null || systems.includes(place.systemId))
      .map((place) => String(deps.controlKey(BigInt(place.id), controlId)));
    return indexedCandidates((below, limit) => messagesByControlKey(tx, keys, { from, below }, limit));
  }
  if (text !== undefined && text.trim() !== '') {
    const environments = new Set([...places.systems.values()].map((system) => system.environmentId));
    const searched = [...environments].filter((id) => request.environment === undefined || id === request.environment);
    const tokens = parseSearch(text);
    if (tokens.length === 0) throw new RecordsError('search_text_unusable');
    const hashes = searchHashes(deps.searchIndex, tokens, searched);
    const found = await findPatients(deps, tx, text, hashes, request.environment ?? null);
    if (patient !== undefined) {
      if (!found.includes(patient)) return noCandidates;
      return monthlyCandidates(from, (span, limit) => messagesOfPatients(tx, [patient], span, limit), now);
    }
    return monthlyCandidates(from, (span, limit) => messagesOfPatientsOrFailed(tx, found, hashes, span, limit), now);
  }
  if (patient !== undefined) {
    return monthlyCandidates(from, (span, limit) => messagesOfPatients(tx, [patient], span, limit), now);
  }
  const states = waitingStatesOf(request);
  if (states !== null) {
    return indexedCandidates((below, limit) => messagesInStates(tx, states, { from, below }, limit));
  }
  const filter = {
    systems,
    listener: listener ?? null,
    type: request.type ?? null,
    finalStates: finalStatesOf(request),
  };
  return scanCandidates(tx, filter, from);
}

/** Patients that a text leads to. Few are held against the text itself, as tokens say a little less than what was typed. */
async function findPatients(
  deps: MessageSearchDeps,
  tx: Queryable,
  text: string,
  hashes: WantedHashes,
  environment: string | null,
): Promise<string[]> {
  const found = await findPatientIds(tx, hashes, environment, MAX_PATIENTS);
  if (found.length > MAX_COMPARED) return found;
  const rows = await readPatientRows(tx, found);
  return rows.filter((row) => matchesSearch(openPatient(deps.sealer, row), text)).map((row) => int8Text(row.id));
}

async function withNames(sealer: Sealer, tx: Queryable, items: readonly MessageItemView[]): Promise<MessageItemView[]> {
  const ids = new Set(items.flatMap((item) => item.patient_id ?? []));
  const names = patientNames(sealer, await readPatientRows(tx, [...ids]));
  return items.map((item) => ({
    ...item,
    patient_name: item.patient_id === null ? null : (names.get(item.patient_id) ?? null),
  }));
}
