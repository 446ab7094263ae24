import { CODE_FUNCTIONS } from './code-functions.ts';
import { COMBINING_FUNCTIONS } from './combining-functions.ts';
import { DATE_FUNCTIONS } from './date-functions.ts';
import type { MappingFunction } from './mapping-function.ts';
import { PERSON_FUNCTIONS } from './person-functions.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';

/** All functions of the mapping language by name, each with prose, arguments and examples that a test runs. */
export const MAPPING_FUNCTIONS: ReadonlyMap<string, MappingFunction> = new Map(
  [...TEXT_FUNCTIONS, ...COMBINING_FUNCTIONS, ...CODE_FUNCTIONS, ...DATE_FUNCTIONS, ...PERSON_FUNCTIONS].map(
    (definition) => [definition.name, definition] as const,
  ),
);
