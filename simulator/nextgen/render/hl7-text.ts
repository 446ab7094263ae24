import type { Coded } from '../../codes/coded.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\E\\',
  '|': '\\F\\',
  '^': '\\S\\',
  '~': '\\R\\',
  '&': '\\T\\',
  '\n': '\\.br\\',
};

/** Text made safe for standard delimiters; a line break becomes `\.br\`. */
export function escape(text: string): string {
  return /[\\|^~&\n]/.test(text) ? text.replace(/[\\|^~&\n]/g, (character) => ESCAPES[character] ?? '') : text;
}

/** Escaped and in capitals, as the registration desk types. */
export function upper(text: string): string {
  return escape(text.toUpperCase());
}

/** Fields by their HL7 number, each already escaped; numbers left out are empty. */
export type Fields = Readonly<Record<number, string>>;

/** One segment, without its terminator and without empty fields at its end. */
export function segment(name: string, fields: Fields): string {
  const parts = [name];
  for (const [number, value] of Object.entries(fields)) parts[Number(number)] = value;
  return Array.from(parts, (part) => part ?? '')
    .join('|')
    .replace(/\|+$/, '');
}

/** Components, each already escaped, without empty ones at the end. */
export function components(...parts: readonly string[]): string {
  return parts.join('^').replace(/\^+$/, '');
}

/** Repetitions, empty ones left out. */
export function repeated(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('~');
}

/** CE or CWE, with a second code for the same where there is one. */
export function codedField(first: Coded, second?: Coded): string {
  return components(...triplet(first), ...(second === undefined ? [] : triplet(second)));
}

function triplet({ code, text, system }: Coded): readonly [string, string, string] {
  return [escape(code), escape(text), escape(system)];
}

/** Cents as `12.50`. */
export function money(cents: number): string {
  const whole = Math.abs(cents);
  return `${cents < 0 ? '-' : ''}${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, '0')}`;
}

/** `(217)555-0123` */
export function phoneInParts(phone: string): string {
  return phone === '' ? '' : `(${phone.slice(0, 3)})${phone.slice(3, 6)}-${phone.slice(6)}`;
}

/** `1980-05-15` as `19800515`. */
export function plainDate(date: string): string {
  return date.replaceAll('-', '');
}
