import { z } from 'zod';
import { type MappingFunction, valueFunction } from './mapping-function.ts';

const paths = z.array(z.string().min(1).max(60)).min(1).max(20);

export const COMBINING_FUNCTIONS: readonly MappingFunction[] = [
  valueFunction({
    name: 'constant',
    prose: 'Gives the same text whatever the message says.',
    args: z.strictObject({ value: z.string().min(1).max(200).describe('The text.') }),
    takes: 'any',
    gives: 'text',
    examples: [{ args: { value: 'AN' }, output: 'AN' }],
    value:
      ({ value }) =>
      () =>
        value,
  }),
  valueFunction({
    name: 'firstOf',
    prose: 'When there is no value yet, takes the first of other fields that has one.',
    args: z.strictObject({ paths: paths.describe('HL7 paths, tried in order.') }),
    takes: 'any',
    gives: 'same',
    examples: [
      { args: { paths: ['PID-3.4', 'PID-3.6'] }, message: { 'PID-3.6': 'CLINIC' }, output: 'CLINIC' },
      { input: 'NEXTGEN', args: { paths: ['PID-3.6'] }, message: { 'PID-3.6': 'CLINIC' }, output: 'NEXTGEN' },
    ],
    value: (args, environment) => {
      const readers = args.paths.map((path) => environment.reader(path));
      return (value, run) => {
        if (value !== undefined) return value;
        for (const reader of readers) {
          const read = reader.read(run);
          if (typeof read === 'string') return read;
        }
        return undefined;
      };
    },
  }),
  valueFunction({
    name: 'concat',
    prose: 'Puts other fields behind the value, with a separator between those that are filled.',
    args: z.strictObject({
      paths: paths.describe('HL7 paths, in order.'),
      separator: z.string().max(10).default(' ').describe('What stands between two parts.'),
    }),
    takes: 'any',
    gives: 'text',
    examples: [
      {
        input: '12 Main St',
        args: { paths: ['PID-11.2', 'PID-11.8'], separator: ', ' },
        message: { 'PID-11.8': 'Unit 4' },
        output: '12 Main St, Unit 4',
      },
      { args: { paths: ['PID-11.2'] } },
    ],
    value: (args, environment) => {
      const readers = args.paths.map((path) => environment.reader(path));
      return (value, run) => {
        const parts: string[] = [];
        if (typeof value === 'string') parts.push(value);
        else if (value !== null && value !== undefined) parts.push(...value);
        for (const reader of readers) {
          const read = reader.read(run);
          if (typeof read === 'string') parts.push(read);
        }
        // With nothing to put together, a deletion stays a deletion.
        return parts.length === 0 ? (value === null ? null : undefined) : parts.join(args.separator);
      };
    },
  }),
  valueFunction({
    name: 'split',
    prose: 'Makes a list of a text at a separator; parts are trimmed, empty ones left out.',
    args: z.strictObject({ separator: z.string().min(1).max(10).describe('Where to cut.') }),
    takes: 'text',
    gives: 'list',
    examples: [{ input: 'en; es;', args: { separator: ';' }, output: ['en', 'es'] }],
    value:
      ({ separator }) =>
      (value) => {
        if (value === null || value === undefined) return value;
        const texts = typeof value === 'string' ? [value] : value;
        const parts = texts.flatMap((text) =>
          text
            .split(separator)
            .map((part) => part.trim())
            .filter(Boolean),
        );
        return parts.length === 0 ? undefined : parts;
      },
  }),
  valueFunction({
    name: 'join',
    prose: 'Makes one text of a list.',
    args: z.strictObject({ separator: z.string().max(10).default(' ').describe('What stands between two parts.') }),
    takes: 'list',
    gives: 'text',
    examples: [{ input: ['A', 'B'], args: { separator: ', ' }, output: 'A, B' }],
    value:
      ({ separator }) =>
      (value) =>
        typeof value === 'object' && value !== null ? value.join(separator) : value,
  }),
  valueFunction({
    name: 'pick',
    prose: 'Takes one part out of a list.',
    args: z.strictObject({ index: z.number().int().min(1).describe('Which part, counted from 1.') }),
    takes: 'list',
    gives: 'text',
    examples: [
      { input: ['A', 'B'], args: { index: 2 }, output: 'B' },
      { input: ['A', 'B'], args: { index: 3 } },
    ],
    value:
      ({ index }) =>
      (value) =>
        typeof value === 'object' && value !== null ? value[index - 1] : value,
  }),
];
