import { z } from 'zod';
import { MAX_PATTERN_INPUT } from '../text-test.ts';
import { type MappingFunction, textFunction } from './mapping-function.ts';

const none = z.strictObject({});

function titleWord(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}

export const TEXT_FUNCTIONS: readonly MappingFunction[] = [
  textFunction({
    name: 'trim',
    prose:
      'Takes white space off both ends. Every value that is read is trimmed already; this is for what other steps leave behind.',
    args: none,
    examples: [{ input: ' 12 ', output: '12' }, { input: '  ' }],
    text: () => (value) => value.trim() || undefined,
  }),
  textFunction({
    name: 'collapse',
    prose: 'Makes one blank of each run of white space, and trims.',
    args: none,
    examples: [{ input: ' 12  Main\tSt ', output: '12 Main St' }],
    text: () => (value) => value.replace(/\s+/gu, ' ').trim() || undefined,
  }),
  textFunction({
    name: 'upper',
    prose: 'Capital letters.',
    args: none,
    examples: [{ input: 'il', output: 'IL' }],
    text: () => (value) => value.toUpperCase(),
  }),
  textFunction({
    name: 'lower',
    prose: 'Small letters.',
    args: none,
    examples: [{ input: 'Jane@Example.ORG', output: 'jane@example.org' }],
    text: () => (value) => value.toLowerCase(),
  }),
  textFunction({
    name: 'titleCase',
    prose:
      'Writes each word with a capital and small letters. Spoils names such as McDonald or van der Berg, and is therefore in no default mapping.',
    args: none,
    examples: [{ input: "MARY-ANN O'NEIL", output: "Mary-Ann O'Neil" }],
    text: () => (value) => value.replace(/[\p{L}\p{M}]+/gu, titleWord),
  }),
  textFunction({
    name: 'digits',
    prose: 'Keeps the digits only.',
    args: none,
    examples: [{ input: '12-34 b', output: '1234' }, { input: 'none' }],
    text: () => (value) => value.replace(/\D/gu, '') || undefined,
  }),
  textFunction({
    name: 'replace',
    prose: 'Replaces each occurrence of a text, or of a regular expression, by another text.',
    args: z.strictObject({
      find: z.string().min(1).max(200).describe('What to look for.'),
      with: z
        .string()
        .max(200)
        .default('')
        .describe('What to put in its place; $1 is the first group of an expression.'),
      expression: z.boolean().default(false).describe('Whether `find` is a regular expression.'),
    }),
    examples: [
      { input: '12-34-5', args: { find: '-', with: '' }, output: '12345' },
      { input: 'MRN00123', args: { find: '^MRN0*', with: '', expression: true }, output: '123' },
    ],
    text: ({ find, with: replacement, expression }) => {
      if (!expression) return (value) => value.replaceAll(find, () => replacement) || undefined;
      const pattern = new RegExp(find, 'gu');
      return (value) => (value.length > MAX_PATTERN_INPUT ? value : value.replace(pattern, replacement) || undefined);
    },
  }),
  textFunction({
    name: 'substring',
    prose: 'Takes characters out of a text by their position.',
    args: z.strictObject({
      from: z.number().int().min(1).describe('The first character, counted from 1.'),
      length: z.number().int().min(1).optional().describe('How many characters; all to the end when left out.'),
    }),
    examples: [
      { input: '20220315142658', args: { from: 1, length: 8 }, output: '20220315' },
      { input: 'AB', args: { from: 3 } },
    ],
    text:
      ({ from, length }) =>
      (value) =>
        value.slice(from - 1, length === undefined ? undefined : from - 1 + length) || undefined,
  }),
  textFunction({
    name: 'absentIf',
    prose: 'Takes certain texts for no value at all, such as UNKNOWN in a field for a name. Case does not count.',
    args: z.strictObject({
      oneOf: z.array(z.string().min(1).max(200)).min(1).max(500).describe('The texts that say nothing.'),
    }),
    examples: [
      { input: 'unknown', args: { oneOf: ['UNKNOWN', 'N/A'] } },
      { input: 'Doe', args: { oneOf: ['UNKNOWN', 'N/A'] }, output: 'Doe' },
    ],
    text: ({ oneOf }) => {
      const texts = new Set(oneOf.map((text) => text.toUpperCase()));
      return (value) => (texts.has(value.toUpperCase()) ? undefined : value);
    },
  }),
  textFunction({
    name: 'onlyIf',
    prose: 'Keeps a text that fits a regular expression and takes any other for no value.',
    args: z.strictObject({ matches: z.string().min(1).max(200).describe('A regular expression found in the text.') }),
    examples: [
      { input: 'SLIDING_FEE', args: { matches: '^SLID' }, output: 'SLIDING_FEE' },
      { input: 'MEDICARE', args: { matches: '^SLID' } },
    ],
    text: ({ matches }) => {
      const pattern = new RegExp(matches, 'u');
      return (value) => (value.length <= MAX_PATTERN_INPUT && pattern.test(value) ? value : undefined);
    },
  }),
];
