import { z } from 'zod';
import { report } from '../run.ts';
import { type MappingFunction, textFunction } from './mapping-function.ts';

const FORMATS = ['hl7', 'iso', 'us'] as const;
type DateFormat = (typeof FORMATS)[number];

type ReadDate = { readonly date: string } | { readonly wrong: 'impossible' | 'unreadable' | 'blank' };

const IMPOSSIBLE: ReadDate = { wrong: 'impossible' };
const UNREADABLE: ReadDate = { wrong: 'unreadable' };
const BLANK: ReadDate = { wrong: 'blank' };

/**
 * Reads the day out of a date or time as HL7 (TS, chapter 2A: YYYY[MM[DD[HHMM…]]]), ISO 8601 or the United States
 * (MM/DD/YYYY) write it. The precision is kept: a year is a year, not its first of January.
 */
export function readDate(text: string, formats: readonly DateFormat[]): ReadDate {
  for (const format of formats) {
    const read = readers[format](text);
    if (read !== UNREADABLE) return read;
  }
  return UNREADABLE;
}

const readers: Readonly<Record<DateFormat, (text: string) => ReadDate>> = {
  hl7(text) {
    // Digits up to the time; its parts, fraction and offset may follow.
    let length = 0;
    while (length < text.length && isDigit(text.charCodeAt(length))) length += 1;
    // Fractions of a second are at times written without their point.
    if (length < 4 || length === 5 || length === 7 || length > 24) return UNREADABLE;
    if (length < text.length && !/^(\.\d{1,4})?([+-]\d{4})?$/u.test(text.slice(length))) return UNREADABLE;
    if (/^0+$/u.test(text.slice(0, Math.min(length, 8)))) return BLANK;
    return calendarDate(text.slice(0, 4), length >= 6 ? text.slice(4, 6) : '', length >= 8 ? text.slice(6, 8) : '');
  },
  iso(text) {
    const match = /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ][\d:.,+Zz-]*)?)?$/u.exec(text);
    if (match === null) return UNREADABLE;
    if (match[1] === '0000') return BLANK;
    return calendarDate(match[1] ?? '', match[2] ?? '', match[3] ?? '');
  },
  us(text) {
    const match = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:\s.*)?$/u.exec(text);
    if (match === null) return UNREADABLE;
    if (match[3] === '0000') return BLANK;
    return calendarDate(match[3] ?? '', (match[1] ?? '').padStart(2, '0'), (match[2] ?? '').padStart(2, '0'));
  },
};

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function calendarDate(year: string, month: string, day: string): ReadDate {
  const y = Number(year);
  // Nobody's record reaches further back or that far ahead: the digits are in another order.
  if (y < 1800 || y > 2199) return IMPOSSIBLE;
  if (month === '') return { date: year };
  const m = Number(month);
  // Some senders write the unknown part as 00.
  if (m === 0) return day === '' || day === '00' ? { date: year } : IMPOSSIBLE;
  if (m > 12) return IMPOSSIBLE;
  if (day === '' || day === '00') return { date: `${year}-${month}` };
  const leap = m === 2 && y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);
  if (Number(day) > (DAYS[m - 1] ?? 0) + (leap ? 1 : 0)) return IMPOSSIBLE;
  return { date: `${year}-${month}-${day}` };
}

export const DATE_FUNCTIONS: readonly MappingFunction[] = [
  textFunction({
    name: 'date',
    prose:
      'A date as YYYY, YYYY-MM or YYYY-MM-DD, as exact as it was sent; a time of day is left out. A date that is not in the calendar is an error and never corrected. Zeros stand for no date.',
    args: z.strictObject({
      formats: z
        .array(z.enum(FORMATS))
        .min(1)
        .default(['hl7', 'iso'])
        .describe('The forms to try, in order: hl7 (YYYYMMDD…), iso (YYYY-MM-DD…), us (MM/DD/YYYY).'),
      invalid: z
        .enum(['refuse', 'warn'])
        .default('refuse')
        .describe('For a date that cannot be read: refuse (error), warn (leave it out and warn).'),
    }),
    examples: [
      { input: '19800515', output: '1980-05-15' },
      { input: '198005151230-0500', output: '1980-05-15' },
      { input: '1970', output: '1970' },
      { input: '197005', output: '1970-05' },
      { input: '05/15/1980', args: { formats: ['us'] }, output: '1980-05-15' },
      { input: '19851345', problem: 'mapping.date-impossible' },
      { input: '20230229', problem: 'mapping.date-impossible' },
      { input: 'May 1980', problem: 'mapping.date-unreadable' },
      { input: '00000000', problem: 'mapping.date-blank' },
    ],
    text: ({ formats, invalid }) => {
      const severity = invalid === 'warn' ? 'warning' : undefined;
      return (value, run) => {
        const read = readDate(value, formats);
        if ('date' in read) return read.date;
        if (read.wrong === 'blank') report(run, 'mapping.date-blank');
        else report(run, `mapping.date-${read.wrong}`, severity);
        return undefined;
      };
    },
  }),
];
