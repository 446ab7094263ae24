import { formatInstant } from '../../parts/format.ts';

/** `entered-in-error` → `Entered in error`. */
export function statusWords(status: string): string {
  const text = status.replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A FHIR date or time: a time in the reader's zone, a day as it was told. */
export function clinicalDate(date: string | null): string {
  if (date === null) return '–';
  return date.includes('T') && !Number.isNaN(Date.parse(date)) ? formatInstant(date).slice(0, 16) : date;
}
