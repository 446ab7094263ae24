/** Makes a function that writes an instant as the practice's clock shows it: YYYYMMDDHHMMSS, as HL7 feeds do without offset. */
export function localTimeWriter(timeZone: string): (instant: Date) => string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map((part) => [part.type, part.value]));
    const order = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;
    return order.map((name) => parts.get(name) ?? '').join('');
  };
}

/** A local time (YYYYMMDDHHMMSS) so many minutes later, by the calendar and without a look at summer time. */
export function laterBy(time: string, minutes: number): string {
  return fromClock(clockOf(time) + Math.round(minutes * 60) * 1000);
}

/** The next time of a day, in steps of 5 minutes between 8 and 17 o'clock, so many days on; Monday to Friday. */
export function officeTime(time: string, days: number, slot: number): string {
  let day = clockOf(`${time.slice(0, 8)}000000`) + days * DAY_MS;
  while ([0, 6].includes(new Date(day).getUTCDay())) day += DAY_MS;
  return fromClock(day + (8 * 60 + (slot % SLOTS) * 5) * 60_000);
}

/** Slots of an office day, see {@link officeTime}. */
export const SLOTS = (9 * 60) / 5;

const DAY_MS = 86_400_000;

function clockOf(time: string): number {
  const part = (from: number, to: number) => Number(time.slice(from, to));
  return Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(8, 10), part(10, 12), part(12, 14));
}

function fromClock(clock: number): string {
  return new Date(clock).toISOString().slice(0, 19).replace(/[-T:]/g, '');
}
