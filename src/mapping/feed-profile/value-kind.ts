/** What a value looks like, judged by itself. */
export const VALUE_KINDS = {
  date: 'A calendar date.',
  timestamp: 'A date with a time of day.',
  phone: 'A telephone number, written with punctuation.',
  email: 'An e-mail address.',
  ssn: 'Nine digits as a Social Security number is written.',
  number: 'Digits, perhaps with a sign and a decimal point.',
  flag: 'Y or N.',
  code: 'A short sign without blanks: capitals, digits, low lines.',
  id: 'Letters and digits, or a long number.',
  name: 'Words of letters, as names are written.',
  text: 'Anything else.',
} as const;
export type ValueKind = keyof typeof VALUE_KINDS;

const EMAIL = /^[^\s@^|~&]{1,64}@[^\s@]{1,200}\.[A-Za-z]{2,}$/;
const SSN = /^\d{3}-\d{2}-\d{4}$/;
const PHONE = /^(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]?\d{4}(?:\s?(?:x|ext\.?)\s?\d{1,6})?$/i;
const E164 = /^\+\d{8,15}$/;
const HL7_TIME = /^(\d{4})(\d{2})(\d{2})(\d{2})(?:\d{2})?(?:\d{2})?(?:\.\d{1,4})?(?:[+-]\d{4})?$/;
const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}.*)?$/;
const US_DATE = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;
const CODE = /^[A-Z0-9][A-Z0-9_.+-]{0,19}$/;
const LETTERS = /^[A-Z]+$/;
const NAME = /^\p{L}[\p{L}'’.-]*(?: \p{L}[\p{L}'’.-]*){0,4}$/u;

/** The kind of one value that is not blank. */
export function valueKind(value: string): ValueKind {
  const first = value.charCodeAt(0);
  const isDigit = first >= 0x30 && first <= 0x39;
  if (isDigit) {
    if (value.length === 8 && isDay(value.slice(0, 4), value.slice(4, 6), value.slice(6))) return 'date';
    const time = value.length >= 10 ? HL7_TIME.exec(value) : null;
    if (time !== null && isDay(time[1], time[2], time[3]) && Number(time[4]) < 24) return 'timestamp';
    const iso = ISO_DATE.exec(value);
    if (iso !== null && isDay(iso[1], iso[2], iso[3])) return iso[4] === undefined ? 'date' : 'timestamp';
    const us = US_DATE.exec(value);
    if (us !== null && isDay(us[3], us[1], us[2])) return 'date';
    if (SSN.test(value)) return 'ssn';
  }
  if (value.length === 1 && (value === 'Y' || value === 'N')) return 'flag';
  if (NUMBER.test(value)) return 'number';
  if (PHONE.test(value) || E164.test(value)) return 'phone';
  if (value.includes('@') && EMAIL.test(value)) return 'email';
  if (CODE.test(value) && !(value.length > 2 && LETTERS.test(value))) {
    return value.length >= 6 && /\d/.test(value) && /[A-Z]/.test(value) ? 'id' : 'code';
  }
  if (NAME.test(value)) return 'name';
  return /^[A-Za-z0-9-]{5,40}$/.test(value) && /\d/.test(value) ? 'id' : 'text';
}

/** How exact an HL7 date or time is (HL7 v2 section 2.A.22); undefined for what is none. */
export function datePrecision(value: string): string | undefined {
  const match = /^(\d{4,14})(\.\d{1,4})?([+-]\d{4})?$/.exec(value);
  const digits = match?.[1]?.length;
  if (digits === undefined || digits % 2 !== 0) return undefined;
  const part = match?.[2] === undefined ? PRECISIONS[digits] : 'fraction of a second';
  return part === undefined ? undefined : `${part}${match?.[3] === undefined ? '' : ' with offset'}`;
}

const PRECISIONS: Readonly<Record<number, string>> = {
  4: 'year',
  6: 'month',
  8: 'day',
  10: 'hour',
  12: 'minute',
  14: 'second',
};

function isDay(year = '', month = '', day = ''): boolean {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (y < 1850 || y > 2150 || m < 1 || m > 12 || d < 1) return false;
  return d <= new Date(Date.UTC(y, m, 0)).getUTCDate();
}
