import type { z } from 'zod';
import type { CompiledCodeTable } from '../code-table.ts';
import type { MappingProblemCode } from '../mapping-problems.ts';
import type { Run, Value } from '../run.ts';
import type { PathReader } from '../source.ts';

/** A step of a rule, compiled. */
export type Step = (value: Value, run: Run) => Value;

/** What steps are compiled with. */
export interface StepEnvironment {
  readonly codeTables: ReadonlyMap<string, CompiledCodeTable>;
  /** ISO 3166-1 alpha-2: for numbers and codes without a country of their own. */
  readonly country: string;
  /** A reader of another field of the message, relative to the group that the rule stands in. */
  reader(path: string): PathReader;
}

export interface FunctionExample {
  readonly input?: string | readonly string[] | null;
  readonly args?: Readonly<Record<string, unknown>>;
  /** Other fields of the message that the function reads. */
  readonly message?: Readonly<Record<string, string>>;
  /** Absent: the value is absent afterwards. */
  readonly output?: string | readonly string[] | null;
  readonly problem?: MappingProblemCode;
}

/** A function of the mapping language, with all that a person needs to know of it. */
export interface MappingFunction {
  readonly name: string;
  readonly prose: string;
  /** Arguments, each with a description; a document that gives others is refused. */
  readonly args: z.ZodObject;
  /** `text`: works on a text, and on each of a list. `list`: on a list as a whole. `any`: makes a value of its own. */
  readonly takes: 'text' | 'list' | 'any';
  readonly gives: 'text' | 'list' | 'same';
  readonly examples: readonly FunctionExample[];
  /** @throws Error with the reason when the arguments cannot work together. */
  compile(args: unknown, environment: StepEnvironment): Step;
}

interface FunctionSpec<Args extends z.ZodObject> {
  readonly name: string;
  readonly prose: string;
  readonly args: Args;
  readonly examples: readonly FunctionExample[];
}

/** A function that turns a text into another; null and absent pass by it, a list is taken text by text. */
export function textFunction<Args extends z.ZodObject>(
  spec: FunctionSpec<Args> & {
    readonly text: (
      args: z.infer<Args>,
      environment: StepEnvironment,
    ) => (value: string, run: Run) => string | null | undefined;
  },
): MappingFunction {
  return {
    ...spec,
    takes: 'text',
    gives: 'same',
    compile(args, environment) {
      const apply = spec.text(args as z.infer<Args>, environment);
      return (value, run) => {
        if (typeof value === 'string') return apply(value, run);
        if (value === null || value === undefined) return value;
        const list: string[] = [];
        for (const item of value) {
          const next = apply(item, run);
          if (typeof next === 'string') list.push(next);
        }
        return list.length === 0 ? undefined : list;
      };
    },
  };
}

/** A function that sees the value as it is: a list as a whole, or an absent one. */
export function valueFunction<Args extends z.ZodObject>(
  spec: FunctionSpec<Args> & {
    readonly takes: 'list' | 'any' | 'text';
    readonly gives: 'text' | 'list' | 'same';
    readonly value: (args: z.infer<Args>, environment: StepEnvironment) => Step;
  },
): MappingFunction {
  return { ...spec, compile: (args, environment) => spec.value(args as z.infer<Args>, environment) };
}
