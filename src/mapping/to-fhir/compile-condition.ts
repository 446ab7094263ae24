import { compileSource } from './compile-source.ts';
import { type Part, partText } from './part.ts';
import type { Run } from './run.ts';

export type Condition = (run: Run, part: Part | undefined) => boolean;

/**
 * Compiles a condition. A term is a source (`PID-25`, `.3`) and a test: `valued`, `not valued`, `= X`, `!= X`, `in X Y`,
 * `not in X Y`, `repeats`, `not repeats`, `longer N` (characters). Terms are joined by `and`, which binds, and `or`. Codes are
 * compared as they are written; an absent value is in no list.
 *
 * @throws RangeError saying what cannot be read.
 */
export function compileCondition(text: string): Condition {
  const choices = text.split(' or ').map((choice) => choice.split(' and ').map(compileTerm));
  const only = choices[0];
  if (choices.length === 1 && only?.length === 1 && only[0] !== undefined) return only[0];
  return (run, part) => {
    for (const terms of choices) if (holds(terms, run, part)) return true;
    return false;
  };
}

function holds(terms: readonly Condition[], run: Run, part: Part | undefined): boolean {
  for (const term of terms) if (!term(run, part)) return false;
  return true;
}

function compileTerm(text: string): Condition {
  const [path = '', ...words] = text.trim().split(/\s+/);
  const source = compileSource(path);
  const first = (run: Run, part: Part | undefined): string | undefined => {
    const found = source(run, part)[0];
    return found === undefined ? undefined : partText(run, found);
  };
  const negated = words[0] === 'not';
  const [test, ...values] = negated ? words.slice(1) : words;
  const set = new Set(values);
  const condition = testOf(test, set, source, first);
  if (condition === undefined) throw new RangeError(`"${text}" is no condition`);
  return negated ? (run, part) => !condition(run, part) : condition;
}

function testOf(
  test: string | undefined,
  values: ReadonlySet<string>,
  source: ReturnType<typeof compileSource>,
  first: (run: Run, part: Part | undefined) => string | undefined,
): Condition | undefined {
  const [value = ''] = values;
  switch (test ?? '') {
    case 'valued':
      return (run, part) => source(run, part).length > 0;
    case '=':
      return (run, part) => first(run, part) === value;
    case '!=':
      return (run, part) => first(run, part) !== value;
    case 'in':
      return (run, part) => values.has(first(run, part) ?? '');
    case 'repeats':
      return (run, part) => source(run, part).length > 1;
    case 'longer':
      return (run, part) => (first(run, part)?.length ?? 0) > Number(value);
    default:
      return undefined;
  }
}
