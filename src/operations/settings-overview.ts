import { REFUSALS, type RefusalReason } from '../transport/mllp/refusals.ts';
import type { ListenerSetting, SettingsState, SettingsStore } from '../records/settings/settings.ts';
import { readPlaces } from '../store/queries/places.ts';
import type { Database } from '../store/queryable.ts';
import {
  readListenerStatuses,
  readListenerTraffic,
  type ListenerStatusRow,
  type ListenerTraffic,
} from '../store/settings-activity.ts';
import { createSystemLines, type SystemLine } from './system-lines.ts';

/** Settings with how what they set up fares. */
export interface SettingsOverview {
  readonly state: SettingsState;
  readonly lineOf: (systemId: bigint) => SystemLine | undefined;
  readonly statusesOf: (listenerId: bigint) => readonly ListenerStatusRow[];
  /** What a reason for which connections are turned away means. */
  readonly sentenceOf: (refusal: string) => string;
  readonly trafficOf: (listenerId: bigint) => ListenerTraffic | undefined;
}

const DAY_MS = 86_400_000;
/** How far back the last message of a silent listener is looked for. */
const LOOK_BACK_MS = 60 * DAY_MS;

/** Makes the reader of settings with their health and traffic, as one consistent picture. */
export function createSettingsOverview(deps: {
  readonly database: Database;
  readonly store: SettingsStore;
  readonly now: () => number;
}): () => Promise<SettingsOverview> {
  const readLines = createSystemLines(deps);
  return () =>
    deps.database.transaction(async (tx) => {
      await tx.query('set transaction isolation level repeatable read, read only; set local statement_timeout = 5000');
      const state = await deps.store.load(tx);
      const { lines } = await readLines(tx, await readPlaces(tx));
      const statuses = await readListenerStatuses(tx);
      const now = deps.now();
      const days = state.listeners.map((listener) => ({
        listenerId: listener.id,
        start: startOfDay(now, zoneOf(listener, state)),
      }));
      const traffic = await readListenerTraffic(tx, days, new Date(now - LOOK_BACK_MS));
      return {
        state,
        lineOf: (id) => lines.find(({ system }) => system.id === String(id)),
        statusesOf: (id) => statuses.filter((status) => status.listener_id === String(id)),
        sentenceOf: (refusal) => REFUSALS[refusal as RefusalReason] ?? refusal,
        trafficOf: (id) => traffic.get(String(id)),
      };
    });
}

function zoneOf(listener: ListenerSetting, state: SettingsState): string {
  return state.systems.find(({ id }) => id === listener.systemId)?.timeZone ?? 'UTC';
}

/** The beginning of the practice's day: its first existing minute, where the clocks change at midnight. */
export function startOfDay(nowMs: number, timeZone: string): Date {
  const minutes = (ms: number): number => {
    const parts = new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', minute: 'numeric', hourCycle: 'h23' });
    const read = Object.fromEntries(parts.formatToParts(new Date(ms)).map(({ type, value }) => [type, Number(value)]));
    return (read['hour'] ?? 0) * 60 + (read['minute'] ?? 0);
  };
  const thisMinute = Math.floor(nowMs / 60_000) * 60_000;
  const guess = thisMinute - minutes(thisMinute) * 60_000;
  // On a day when the clocks changed the guess is an hour beside: 23:00 of the day before, or 1:00.
  const off = minutes(guess);
  return new Date(guess + (off > 720 ? 1440 - off : -off) * 60_000);
}
