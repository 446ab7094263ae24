/** Wording of numbers and times; pure, with the zone given, so that a test can hold it. */

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** `2026-03-14 10:22:31` in a zone (the browser's when not given). */
export function formatInstant(instant: string, timeZone?: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).formatToParts(new Date(instant));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
}

/** `12 s ago`, `in 3 min`: the largest unit that fits, rounded down. */
export function formatAgo(instant: string, now: number): string {
  const seconds = Math.trunc((now - Date.parse(instant)) / 1000);
  const text = formatSeconds(Math.abs(seconds));
  if (Math.abs(seconds) < 1) return 'just now';
  return seconds < 0 ? `in ${text}` : `${text} ago`;
}

/** The same for an instant that is known to the minute only: nothing in it claims seconds. */
export function formatAgoMinute(minute: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(minute)) / 60_000);
  if (minutes < 1) return 'this minute';
  return minutes < 120 ? `${minutes} min ago` : formatAgo(minute, now);
}

/** A length of time in its largest unit: `45 s`, `12 min`, `3 h`, `2 d`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 1) return seconds === 0 ? '0 s' : '< 1 s';
  if (seconds < 120) return `${Math.floor(seconds)} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** `0.4 ms`, `18 ms`, `1.25 s`. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '–';
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(2)} s`;
  return formatSeconds(ms / 1000);
}

/** `812 B`, `1.4 KB`, `20 MB` (1 KB = 1024 bytes). */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 'B';
  for (const next of units) {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  return `${value < 10 && value % 1 >= 0.05 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
/** `12,345`. */
export function formatCount(count: number): string {
  return whole.format(count);
}
/** `0.4/s`, `12/s`, `1,250/s`. */
export function formatRate(perSecond: number): string {
  if (perSecond > 0 && perSecond < 0.1) return '< 0.1/s';
  return `${perSecond > 0 && perSecond < 10 ? perSecond.toFixed(1) : formatCount(perSecond)}/s`;
}
/** `1 message`, `214 messages`. */
export function formatMany(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** The value a `datetime-local` field shows for an instant, in the browser's zone. */
export function toLocalInput(instant: string | undefined): string {
  if (instant === undefined) return '';
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return '';
  return (
    `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}` +
    `T${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`
  );
}
/** The instant (UTC) that a `datetime-local` field means, or undefined while it is empty or half typed. */
export function fromLocalInput(text: string): string | undefined {
  if (text === '') return undefined;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
