import { z } from 'zod';
import { report } from '../run.ts';
import { type MappingFunction, textFunction } from './mapping-function.ts';
import { createPhoneNormalizer } from './phone-number.ts';

/** Numbers that people and programs write when they have none. */
function isPlaceholderSsn(digits: string): boolean {
  return /^(\d)\1{8}$/u.test(digits) || digits.startsWith('000') || digits.endsWith('0000') || digits === '078051120';
}

const SUFFIX = /^(JR|SR|II|III|IV|V|2ND|3RD|4TH|ESQ|MD|PHD|DO|RN)\.?$/iu;
const PARTICLE =
  /^(DE|DEL|DELA|DELLA|DI|DA|DOS|DAS|DU|LA|LE|LOS|VAN|VON|DER|DEN|TER|TEN|SAN|SANTA|ST\.?|BIN|AL|EL|MAC|MC)$/iu;

interface NameParts {
  readonly first: string | undefined;
  readonly middle: string | undefined;
  readonly last: string | undefined;
  readonly suffix: string | undefined;
}

/** Takes a name in one piece apart: `JOHN Q DOE JR`, or `DOE, JOHN Q` with its comma. */
export function splitPersonName(text: string): NameParts {
  const comma = text.indexOf(',');
  const words = (part: string): string[] => part.split(/\s+/u).filter(Boolean);
  const takeSuffix = (parts: string[]): string | undefined =>
    parts.length > 1 && SUFFIX.test(parts.at(-1) ?? '') ? parts.pop() : undefined;
  if (comma !== -1) {
    const last = words(text.slice(0, comma));
    const given = words(text.slice(comma + 1).replaceAll(',', ' '));
    const suffix = takeSuffix(last) ?? takeSuffix(given);
    return {
      first: given[0],
      middle: given.slice(1).join(' ') || undefined,
      last: last.join(' ') || undefined,
      suffix,
    };
  }
  const parts = words(text);
  const suffix = takeSuffix(parts);
  if (parts.length <= 1) return { first: undefined, middle: undefined, last: parts[0], suffix };
  // "Ludwig van Beethoven": particles belong to the last name.
  let lastFrom = parts.length - 1;
  while (lastFrom > 1 && PARTICLE.test(parts[lastFrom - 1] ?? '')) lastFrom -= 1;
  return {
    first: parts[0],
    middle: parts.slice(1, lastFrom).join(' ') || undefined,
    last: parts.slice(lastFrom).join(' '),
    suffix,
  };
}

export const PERSON_FUNCTIONS: readonly MappingFunction[] = [
  textFunction({
    name: 'namePart',
    prose:
      'Takes one part out of a name written in one piece, given name first or "last, first". A single word is a last name.',
    args: z.strictObject({
      part: z.enum(['first', 'middle', 'last', 'suffix']).describe('Which part of the name.'),
    }),
    examples: [
      { input: 'JOHN DOE', args: { part: 'first' }, output: 'JOHN' },
      { input: 'DOE, JOHN Q', args: { part: 'middle' }, output: 'Q' },
      { input: 'Ludwig van Beethoven', args: { part: 'last' }, output: 'van Beethoven' },
      { input: 'JOHN DOE JR', args: { part: 'suffix' }, output: 'JR' },
    ],
    text:
      ({ part }) =>
      (value) =>
        splitPersonName(value)[part],
  }),
  textFunction({
    name: 'phone',
    prose:
      "A telephone number in international form (E.164), an extension behind `;ext=`. A number without a country is one of the argument's or the system's country. Rows of one digit and words such as NONE say nothing.",
    args: z.strictObject({
      country: z
        .string()
        .regex(/^[A-Z]{2}$/)
        .optional()
        .describe("ISO 3166-1 alpha-2; the system's country when left out."),
      invalid: z
        .enum(['keep', 'absent', 'refuse'])
        .default('keep')
        .describe(
          'For what is no complete number: keep (as text, with a warning), absent (with a warning), refuse (error).',
        ),
    }),
    examples: [
      { input: '(555)555-1234', output: '+15555551234' },
      { input: '1 217 555 1000 ext. 12', output: '+12175551000;ext=12' },
      { input: '020 7946 0018', args: { country: 'GB' }, output: '+442079460018' },
      { input: '555-1234', output: '555-1234', problem: 'mapping.phone-unreadable' },
      { input: '000-000-0000' },
    ],
    text: ({ country, invalid }, environment) => {
      const normalize = createPhoneNormalizer(country ?? environment.country);
      return (value, run) => {
        const number = normalize(value);
        if (number !== undefined) return number === '' ? undefined : number;
        report(run, 'mapping.phone-unreadable', invalid === 'refuse' ? 'error' : 'warning');
        return invalid === 'keep' ? value : undefined;
      };
    },
  }),
  textFunction({
    name: 'email',
    prose: 'An e-mail address, its domain in small letters. What is none is left out with a warning.',
    args: z.strictObject({}),
    examples: [
      { input: 'Jane.Doe@Example.ORG', output: 'Jane.Doe@example.org' },
      { input: 'mailto:jane@example.org', output: 'jane@example.org' },
      { input: 'declined', problem: 'mapping.email-unreadable' },
    ],
    text: () => (value, run) => {
      const match = /^(?:mailto:)?([^\s@<>"',;]{1,64})@([\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,250}[\p{L}\p{N}])?)$/iu.exec(
        value,
      );
      if (match && match[2]?.includes('.') === true) return `${match[1]}@${match[2].toLowerCase()}`;
      report(run, 'mapping.email-unreadable');
      return undefined;
    },
  }),
  textFunction({
    name: 'ssn',
    prose:
      'A Social Security number as 123-45-6789. Placeholders (999-99-9999, 000-00-0000 and the like) say nothing; what has not nine digits is left out with a warning.',
    args: z.strictObject({}),
    examples: [
      { input: '123456789', output: '123-45-6789' },
      { input: '123-45-6789', output: '123-45-6789' },
      { input: '999-99-9999' },
      { input: 'XXX-XX-6789', problem: 'mapping.ssn-unreadable' },
    ],
    text: () => (value, run) => {
      const digits = value.replace(/[-\s]/gu, '');
      if (!/^\d{9}$/u.test(digits)) {
        report(run, 'mapping.ssn-unreadable');
        return undefined;
      }
      if (isPlaceholderSsn(digits)) return undefined;
      return `${digits.slice(0, 3)}-${digits.slice(3, 5)}-${digits.slice(5)}`;
    },
  }),
];
