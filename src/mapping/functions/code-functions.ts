import { z } from 'zod';
import { report } from '../run.ts';
import { type MappingFunction, textFunction } from './mapping-function.ts';
import { US_STATES } from './us-states.ts';

/** Names of languages that this build of ICU knows; the answer for each tag is kept, as asking is slow. */
const languageNames = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
const knownTags = new Map<string, string | undefined>();
const MAX_KNOWN_TAGS = 2000;

/** The canonical form of a BCP 47 tag (RFC 5646, section 4.5) whose language exists, or undefined. */
export function languageTag(text: string): string | undefined {
  if (knownTags.has(text)) return knownTags.get(text);
  let tag: string | undefined;
  if (/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$/u.test(text)) {
    try {
      tag = Intl.getCanonicalLocales(text.replaceAll('_', '-'))[0];
      if (tag !== undefined && languageNames.of(tag.split('-')[0] ?? tag) === undefined) tag = undefined;
    } catch (error) {
      // A RangeError is the answer "not well-formed"; anything else is a fault.
      if (!(error instanceof RangeError)) throw error;
    }
  }
  if (knownTags.size >= MAX_KNOWN_TAGS) knownTags.clear();
  knownTags.set(text, tag);
  return tag;
}

export const CODE_FUNCTIONS: readonly MappingFunction[] = [
  textFunction({
    name: 'codeTable',
    prose: 'Translates a code by a code table. What happens to a code that the table does not know is set per rule.',
    args: z.strictObject({
      table: z.string().min(1).max(60).describe('The key of the code table.'),
      unknown: z
        .enum(['warn', 'keep', 'absent', 'refuse'])
        .default('warn')
        .describe(
          'For an unknown code: warn (keep it and warn), keep (silently), absent (leave it out silently), refuse (error).',
        ),
    }),
    examples: [
      { input: 'white', args: { table: 'race' }, output: '2106-3' },
      { input: 'Martian', args: { table: 'race' }, output: 'Martian', problem: 'mapping.code-unknown' },
      { input: 'Martian', args: { table: 'race', unknown: 'absent' } },
      { input: 'Martian', args: { table: 'race', unknown: 'refuse' }, problem: 'mapping.code-refused' },
    ],
    text: ({ table, unknown }, environment) => {
      const translate = environment.codeTables.get(table);
      if (translate === undefined) throw new Error(`There is no code table "${table}".`);
      return (value, run) => {
        const code = translate(value);
        if (code !== undefined) return code;
        if (unknown === 'warn') report(run, 'mapping.code-unknown');
        if (unknown === 'refuse') report(run, 'mapping.code-refused');
        return unknown === 'warn' || unknown === 'keep' ? value : undefined;
      };
    },
  }),
  textFunction({
    name: 'language',
    prose:
      'Brings a language tag or ISO 639 code to the canonical form of BCP 47. What is none is kept with a warning; translate names of languages with a code table before.',
    args: z.strictObject({}),
    examples: [
      { input: 'ENG', output: 'en' },
      { input: 'pt_br', output: 'pt-BR' },
      { input: 'Elvish', output: 'Elvish', problem: 'mapping.language-unreadable' },
    ],
    text: () => (value, run) => {
      const tag = languageTag(value);
      if (tag === undefined) report(run, 'mapping.language-unreadable');
      return tag ?? value;
    },
  }),
  textFunction({
    name: 'stateCode',
    prose:
      'The two-letter code of a state, territory or Canadian province given by code or name. Anything else is kept.',
    args: z.strictObject({}),
    examples: [
      { input: 'Illinois', output: 'IL' },
      { input: 'il', output: 'IL' },
      { input: 'Bavaria', output: 'Bavaria' },
    ],
    text: () => (value) => US_STATES.get(value.toUpperCase()) ?? (value.length === 2 ? value.toUpperCase() : value),
  }),
  textFunction({
    name: 'postalCode',
    prose: 'ZIP codes as 62701 or 62701-1234, Canadian codes as K1A 0B1; any other is kept.',
    args: z.strictObject({}),
    examples: [
      { input: '627011234', output: '62701-1234' },
      { input: '62701-0000', output: '62701' },
      { input: 'k1a0b1', output: 'K1A 0B1' },
      { input: 'SW1A 1AA', output: 'SW1A 1AA' },
    ],
    text: () => (value) => {
      if (value.length === 5) return value;
      const zip = /^(\d{5})[- ]?(\d{4})?-?$/u.exec(value);
      if (zip) return zip[2] === undefined || zip[2] === '0000' ? zip[1] : `${zip[1]}-${zip[2]}`;
      const canadian = /^([A-Z]\d[A-Z])[- ]?(\d[A-Z]\d)$/iu.exec(value);
      return canadian ? `${canadian[1]} ${canadian[2]}`.toUpperCase() : value;
    },
  }),
];
