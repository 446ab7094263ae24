import type { SaidTime } from '../../domain/said-time.ts';
import type { Hl7Message } from '../../formats/hl7v2/message.ts';
import { compilePath } from '../../formats/hl7v2/path.ts';
import { read } from '../../formats/hl7v2/read.ts';
import { zoneOffset } from '../../mapping/to-fhir/zone-offset.ts';

const SENT = compilePath('MSH-7.1');
const RECORDED = compilePath('EVN-2.1');
const FORM = /^(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:\.(\d{1,6}))?\s*([+-]\d{4})?$/;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * When a message says that it was made: MSH-7, or EVN-2 where MSH-7 does not tell the minute. A time without an offset is one
 * of the system's time zone. Undefined when neither can be read.
 */
export function messageTime(message: Hl7Message, timeZone: string): SaidTime | undefined {
  const sent = spanOf(read(message, SENT), timeZone);
  if (sent !== undefined && sent.to - sent.from < HOUR) return sent;
  return spanOf(read(message, RECORDED), timeZone) ?? sent;
}

/** The span that an HL7 time (DTM, TS) names; undefined when it is none. */
export function spanOf(text: string | null | undefined, timeZone: string): SaidTime | undefined {
  const match = text === null || text === undefined ? null : FORM.exec(text.trim());
  if (match === null) return undefined;
  const [, year = '', month, day, hour, minute, second, fraction, offset] = match;
  const date = `${year}-${month ?? '01'}-${day ?? '01'}`;
  const time = `${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}`;
  const local = Date.parse(`${date}T${time}Z`);
  if (Number.isNaN(local) || year === '0000') return undefined;
  const from = local + (fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000));
  const length = lengthOf({ local, month, day, hour, minute, second, fraction });
  const ahead = offset === undefined ? zoneAhead(timeZone, date, time) : aheadOf(offset);
  // An hour that the clock skips or repeats there: either reading may be meant.
  if (ahead === undefined) return { from: from - 14 * HOUR, to: from + length - 1 + 14 * HOUR };
  return { from: from - ahead, to: from + length - 1 - ahead };
}

function lengthOf(part: {
  readonly local: number;
  readonly month: string | undefined;
  readonly day: string | undefined;
  readonly hour: string | undefined;
  readonly minute: string | undefined;
  readonly second: string | undefined;
  readonly fraction: string | undefined;
}): number {
  if (part.fraction !== undefined) return 1;
  if (part.second !== undefined) return 1000;
  if (part.minute !== undefined) return MINUTE;
  if (part.hour !== undefined) return HOUR;
  if (part.day !== undefined) return DAY;
  const date = new Date(part.local);
  return part.month === undefined
    ? Date.UTC(date.getUTCFullYear() + 1, 0) - part.local
    : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) - part.local;
}

function zoneAhead(zone: string, date: string, time: string): number | undefined {
  const offset = zoneOffset(zone, date, time);
  return offset === undefined ? undefined : aheadOf(offset.replace(':', ''));
}

/** `-0500` and `Z` in milliseconds that local time is ahead of UTC. */
function aheadOf(offset: string): number {
  if (offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3, 5));
  return (offset.startsWith('-') ? -minutes : minutes) * MINUTE;
}
