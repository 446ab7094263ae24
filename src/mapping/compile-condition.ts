import type { RuleContext } from './compile-rule.ts';
import type { Condition } from './mapping-format.ts';
import type { Run } from './run.ts';
import { compileReader } from './source.ts';
import { compileTest } from './text-test.ts';

export type CompiledCondition = (run: Run) => boolean;

/** Compiles a condition; what is wrong with it is noted, and it then holds always. */
export function compileCondition(condition: Condition, place: string, context: RuleContext): CompiledCondition {
  if ('any' in condition) {
    const parts = condition.any.map((part, i) => compileCondition(part, `${place}.any[${i}]`, context));
    return (run) => parts.some((part) => part(run));
  }
  if ('all' in condition) {
    const parts = condition.all.map((part, i) => compileCondition(part, `${place}.all[${i}]`, context));
    return (run) => parts.every((part) => part(run));
  }
  if ('not' in condition) {
    const inner = compileCondition(condition.not, `${place}.not`, context);
    return (run) => !inner(run);
  }
  const compiled = context.faults.attempt(place, () => {
    const reader = compileReader(condition.path, context.scope, context.resolve);
    const passes = compileTest(condition);
    return (run: Run) => passes(reader.read(run));
  });
  return compiled ?? (() => true);
}
