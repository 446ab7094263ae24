import { zoneOffset } from './zone-offset.ts';
import { type Run, warn } from './run.ts';
import { childText, type Part, partText } from './part.ts';

/** A date or time taken apart, as exact as it was sent. */
interface Stamp {
  /** `1970`, `1970-05`, `1970-05-04`. */
  readonly date: string;
  /** `12:30:05.25`; seconds are filled with zeros where only they are missing, as FHIR demands. */
  readonly time: string | undefined;
  /** `+05:00`; undefined when the sender wrote none. */
  readonly offset: string | undefined;
}

const FORM = /^(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\.\d{1,6})?\s*([+-]\d{4}|Z)?$/;
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(?:([+-]\d{2}):?(\d{2})|(Z))?)?$/;

/** A dateTime (data type maps `DTM[dateTime]`, `TS[dateTime]`); undefined when it says nothing, with a warning when it cannot be read. */
export function readDateTime(run: Run, part: Part): string | undefined {
  const stamp = readStamp(run, part);
  if (stamp === undefined) return undefined;
  if (stamp.time === undefined) return stamp.date;
  const offset = stamp.offset ?? localOffset(run, stamp.date, stamp.time);
  return offset === undefined ? stamp.date : `${stamp.date}T${stamp.time}${offset}`;
}

/** A date; a time of day is left out. */
export function readDate(run: Run, part: Part): string | undefined {
  return readStamp(run, part)?.date;
}

/** An instant; undefined when the sender told less than the minute. */
export function readInstant(run: Run, part: Part): string | undefined {
  const text = readDateTime(run, part);
  return text?.includes('T') === true ? text : undefined;
}

/** A time of day (TM): `HH:MM:SS`. */
export function readTime(run: Run, part: Part): string | undefined {
  const text = partText(run, part);
  if (text === undefined) return undefined;
  const match = /^([01]\d|2[0-3])([0-5]\d)?([0-5]\d)?(\.\d{1,6})?/.exec(text.replaceAll(':', ''));
  if (match === null) {
    warn(run, 'to-fhir.date-unreadable');
    return undefined;
  }
  const [, hour, minute = '00', second = '00', fraction = ''] = match;
  return `${hour}:${minute}:${second}${fraction}`;
}

function readStamp(run: Run, part: Part): Stamp | undefined {
  // TS of older versions has the degree of precision as its second component: Y, L, D, H, M, S.
  const text = partText(run, part);
  if (text === undefined || /^0+$/.test(text)) return undefined;
  const stamp = stampOf(text, part.level === 1 ? childText(run, part, 2) : undefined);
  if (stamp === undefined) warn(run, 'to-fhir.date-unreadable');
  return stamp;
}

const PRECISIONS: Readonly<Record<string, number>> = { Y: 4, L: 6, D: 8, H: 10, M: 12, S: 14 };

function stampOf(text: string, precision: string | undefined): Stamp | undefined {
  const match = FORM.exec(text);
  if (match === null) return isoStamp(text);
  const [, year = '', months, days, hours, minute, second, fraction = '', offset] = match;
  const length = PRECISIONS[precision ?? ''] ?? 14;
  // An unknown part is written as 00 by some.
  const month = length < 6 || months === '00' ? undefined : months;
  const day = length < 8 || month === undefined || days === '00' ? undefined : days;
  const hour = length < 10 || day === undefined ? undefined : hours;
  return make(year, month, day, hour, minute, second, fraction, offset === 'Z' ? 'Z' : colon(offset));
}

/** Some senders write times as ISO 8601 does. */
function isoStamp(text: string): Stamp | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year = '', month, day, hour, minute, second, fraction = '', hours, minutes, z] = match;
  const offset = z ?? (hours === undefined ? undefined : `${hours}:${minutes}`);
  return make(year, month, day, hour, minute, second, fraction, offset);
}

function colon(offset: string | undefined): string | undefined {
  return offset === undefined ? undefined : `${offset.slice(0, 3)}:${offset.slice(3)}`;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function make(
  year: string,
  month: string | undefined,
  day: string | undefined,
  hour: string | undefined,
  minute = '00',
  second = '00',
  fraction: string,
  offset: string | undefined,
): Stamp | undefined {
  if (year === '0000') return undefined;
  if (month === undefined) return { date: year, time: undefined, offset: undefined };
  const m = Number(month);
  if (m < 1 || m > 12) return undefined;
  if (day === undefined) return { date: `${year}-${month}`, time: undefined, offset: undefined };
  const y = Number(year);
  const leap = m === 2 && y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0) ? 1 : 0;
  const d = Number(day);
  if (d < 1 || d > (DAYS[m - 1] ?? 0) + leap) return undefined;
  const date = `${year}-${month}-${day}`;
  if (hour === undefined) return { date, time: undefined, offset: undefined };
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  if (offset !== undefined && !/^(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)$/.test(offset)) return undefined;
  return { date, time: `${hour}:${minute}:${second}${fraction}`, offset };
}

/** The offset of a time written without one: that of MSH-7, as HL7 says, else of the sender's time zone, else UTC. */
function localOffset(run: Run, date: string, time: string): string | undefined {
  const zone = (run.zone ??= messageZone(run));
  if (zone === '') {
    warn(run, 'to-fhir.time-zone-assumed', 'MSH-7');
    return 'Z';
  }
  if (zone === 'Z' || zone.startsWith('+') || zone.startsWith('-')) return zone;
  const offset = zoneOffset(zone, date, time);
  if (offset === undefined) warn(run, 'to-fhir.local-time-unclear');
  return offset;
}

function messageZone(run: Run): string {
  const offsets = run.message.fieldOffsets(0);
  const [start, next] = [offsets[7], offsets[8]];
  if (run.message.isHeader(0) && start !== undefined && next !== undefined) {
    const text = run.message.bytes.toString('latin1', start, next - 1);
    const match = /^\d{10,14}(?:\.\d+)?([+-]\d{4})/.exec(text);
    if (match?.[1] !== undefined) return `${match[1].slice(0, 3)}:${match[1].slice(3)}`;
  }
  return run.options.timeZone ?? '';
}
