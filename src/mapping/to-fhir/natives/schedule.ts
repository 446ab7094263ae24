import type { FhirObject } from '../../../formats/fhir/fhir-types.ts';
import { readInstant } from '../date-time.ts';
import { type Part, fieldParts, partText } from '../part.ts';
import type { Run } from '../run.ts';
import { toNumber } from './numbers.ts';

/** Minutes in a unit of time, as feeds write units. */
const MINUTES: Readonly<Record<string, number>> = {
  S: 1 / 60,
  SEC: 1 / 60,
  SECONDS: 1 / 60,
  MIN: 1,
  MINS: 1,
  MINUTE: 1,
  MINUTES: 1,
  M: 1,
  H: 60,
  HR: 60,
  HRS: 60,
  HOUR: 60,
  HOURS: 60,
  D: 1440,
  DAY: 1440,
  DAYS: 1440,
};

/** A duration, whose unit stands in the next field, as whole minutes; without a unit it is minutes. */
export function minutes(run: Run, part: Part): number | undefined {
  return minutesOf(run, part, run.field + 1);
}

/** A resource's time: its start, and its end when the duration three fields on is told (AIG, AIL, AIP alike). */
export function resourcePeriod(run: Run, part: Part): FhirObject | undefined {
  const start = readInstant(run, part);
  if (start === undefined) return undefined;
  const duration = fieldParts(run, run.segment, run.field + 3)[0];
  const length = duration === undefined ? undefined : minutesOf(run, duration, run.field + 4);
  return length === undefined ? { start } : { start, end: addMinutes(start, length) };
}

function minutesOf(run: Run, part: Part, unitField: number): number | undefined {
  const text = partText(run, part);
  const value = text === undefined ? undefined : toNumber(text);
  if (value === undefined || value <= 0) return undefined;
  const unitPart = fieldParts(run, run.segment, unitField)[0];
  const unit = unitPart === undefined ? undefined : partText(run, unitPart);
  const factor = unit === undefined ? 1 : MINUTES[unit.toUpperCase()];
  const result = factor === undefined ? undefined : Math.round(value * factor);
  return result === undefined || result < 1 ? undefined : result;
}

/** An instant so many minutes later, with the same offset. */
export function addMinutes(instant: string, length: number): string {
  const offset = /(?:Z|[+-]\d{2}:\d{2})$/.exec(instant)?.[0] ?? 'Z';
  const ahead =
    offset === 'Z' ? 0 : (Date.parse('2000-01-01T00:00:00Z') - Date.parse(`2000-01-01T00:00:00${offset}`)) / 60_000;
  const local = new Date(Date.parse(instant) + (length + ahead) * 60_000).toISOString();
  return `${local.slice(0, 19)}${offset}`;
}
