import { expiryOf, expiryText } from '../domain/expiry.ts';
import { idAtMs, idTimeMs } from '../domain/ids.ts';
import {
  readEndingCertificates,
  readFailedListeners,
  readOpenErrors,
  readWaiting,
  type WaitingTotal,
} from '../store/queries/health-facts.ts';
import type { Places, SystemPlace } from '../store/queries/places.ts';
import {
  readCountsBySystem,
  readHabits,
  readLatestMessages,
  readReceived,
  type HabitRow,
  type ReceivedRow,
} from '../store/queries/traffic.ts';
import { int8Text } from '../store/queries/values.ts';
import type { Queryable } from '../store/queryable.ts';
import { systemHealth, type HealthFacts, type SystemHealth } from './system-health.ts';
import { bucketsOf, fillSparkline, startOf } from './traffic.ts';

/** How one system stands now. */
export interface SystemLine {
  readonly system: SystemPlace;
  readonly health: SystemHealth;
  /** To the second for what came last, to the minute for what came long ago. */
  readonly lastMessageAt: Date | null;
  /** Received in the last hour, in stretches of two minutes, oldest first. */
  readonly sparkline: readonly number[];
  readonly waiting: number;
  readonly oldestWaitingSeconds: number;
  readonly openErrors: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** How far back the last message of a silent system is looked for. */
const LOOK_BACK_MS = 60 * DAY_MS;
const HABITS_LIVE_MS = MINUTE_MS;

export interface SystemLines {
  readonly lines: readonly SystemLine[];
  readonly waiting: WaitingTotal;
}

/**
 * Reads how systems stand. What is usual for a system changes slowly and costs more to read, so it is kept for a minute.
 */
export function createSystemLines(deps: {
  readonly now: () => number;
}): (db: Queryable, places: Places) => Promise<SystemLines> {
  let habits: { readonly at: number; readonly rows: ReadonlyMap<string, HabitRow> } | undefined;

  async function habitsAt(db: Queryable, now: number): Promise<ReadonlyMap<string, HabitRow>> {
    if (habits === undefined || now - habits.at > HABITS_LIVE_MS || now < habits.at) {
      const rows = await readHabits(db, new Date(now - LOOK_BACK_MS), new Date(now));
      habits = { at: now, rows: new Map(rows.map((row) => [int8Text(row.system_id), row])) };
    }
    return habits.rows;
  }

  return async (db, places) => {
    const now = deps.now();
    const lastHour = bucketsOf(3600, 120, now);
    const quarter = new Date(Math.floor((now - 15 * MINUTE_MS) / MINUTE_MS) * MINUTE_MS);
    const usual = await habitsAt(db, now);
    const received = await readReceived(db, startOf(lastHour), lastHour.seconds);
    const recent = await readCountsBySystem(db, quarter);
    const latest = await readLatestMessages(db, String(idAtMs(now - HOUR_MS)));
    const errors = await readOpenErrors(db, quarter);
    const failed = await readFailedListeners(db);
    const ending = await readEndingCertificates(db, new Date(now + 30 * DAY_MS));
    const { total, bySystem } = await readWaiting(db);
    const ageOf = (id: string | null | undefined): number =>
      id == null ? 0 : Math.max(0, (now - idTimeMs(BigInt(id))) / 1000);

    const lines = [...places.systems.values()].map((system): SystemLine => {
      const rows = received.filter((row) => int8Text(row.system_id) === system.id);
      const sparkline = fillSparkline(lastHour, rows);
      const waiting = bySystem.get(system.id);
      const open = errors.get(system.id);
      const habit = usual.get(system.id);
      const lastMessageAt = lastMessage(latest.get(system.id), rows, habit);
      const oldestWaitingSeconds = ageOf(waiting?.oldest);
      const health = systemHealth({
        enabled: system.enabled,
        failedListener: failed.get(system.id),
        endingCertificate: endingOf(ending.get(system.id), now),
        openErrors: open?.open ?? 0,
        recentErrors: open?.recent ?? 0,
        recentlyReceived: recent.get(system.id)?.received ?? 0,
        oldestWaitingSeconds,
        receivedLastHour: sparkline.reduce((sum, count) => sum + count, 0),
        dayAgo: habit?.day_ago ?? 0,
        weekAgo: habit?.week_ago ?? null,
        everReceived: lastMessageAt !== null,
        quietForADay: lastMessageAt !== null && now - lastMessageAt.getTime() > DAY_MS,
      });
      return {
        system,
        health,
        lastMessageAt,
        sparkline,
        waiting: waiting?.count ?? 0,
        oldestWaitingSeconds,
        openErrors: open?.open ?? 0,
      };
    });
    return { lines, waiting: total };
  };
}

function endingOf(
  found: { readonly listener: string; readonly certificate: string; readonly notAfter: Date } | undefined,
  now: number,
): HealthFacts['endingCertificate'] {
  if (found === undefined) return undefined;
  const expiry = expiryOf(found.notAfter, now);
  return { ...found, expired: expiry.state === 'expired', text: expiryText(expiry) };
}

function lastMessage(
  latest: string | undefined,
  rows: readonly ReceivedRow[],
  habit: HabitRow | undefined,
): Date | null {
  if (latest !== undefined) return new Date(idTimeMs(BigInt(latest)));
  const minutes = rows.flatMap((row) => row.last_minute ?? []);
  if (habit?.last_minute != null) minutes.push(habit.last_minute);
  return minutes.length === 0 ? null : new Date(Math.max(...minutes.map((minute) => minute.getTime())));
}
