import { type ListDefinition, type PatientListName } from '../domain/patient/patient-fields.ts';
import { compilePath } from '../formats/hl7v2/path.ts';
import { type CompiledCondition, compileCondition } from './compile-condition.ts';
import { type CompiledRule, compileRule, isAlternative, type RuleContext, type RuleValue } from './compile-rule.ts';
import type { GroupDocument } from './mapping-format.ts';
import { report, type Run } from './run.ts';
import type { GroupScope, PositionResolver } from './source.ts';

/** A group of rules that is evaluated for each segment, or each repetition of a field. */
export interface CompiledGroup {
  readonly target: PatientListName;
  readonly document: GroupDocument;
  readonly rules: readonly CompiledRule[];
  readonly when: CompiledCondition | undefined;
  readonly needs: ReadonlySet<string>;
  /** Puts `run` at each place in turn. */
  visit(run: Run, at: () => void): void;
}

/** The group's paths are relative to its segment or field. @throws Hl7Error `hl7.bad-path` */
export function groupScope(document: GroupDocument, resolve: PositionResolver): GroupScope {
  if ('segment' in document.each) {
    return { segment: document.each.segment, companions: document.each.with ?? [] };
  }
  const text = resolve(document.each.repetition);
  if (text === undefined) throw new Error(`The position "${document.each.repetition}" has no path.`);
  const path = compilePath(text);
  return { segment: path.segment, field: path.field, companions: [] };
}

/** Compiles a group; faults are noted in the context. */
export function compileGroup(
  document: GroupDocument,
  target: PatientListName,
  list: ListDefinition,
  place: string,
  context: RuleContext & { readonly scope: GroupScope },
): CompiledGroup {
  const { faults, scope } = context;
  const rules: CompiledRule[] = [];
  const targets = new Set<string>();
  for (const [i, rule] of document.rules.entries()) {
    const at = `${place}.rules[${i}]`;
    const field = list.fields[rule.target];
    if (field === undefined) {
      faults.add(`${at}.target`, `an item of ${target} has no field "${rule.target}"`);
      continue;
    }
    targets.add(rule.target);
    const alternative = isAlternative(document.rules, i, at, faults);
    rules.push(compileRule(rule, field, `${target}.${rule.target}`, alternative, at, context));
  }
  for (const need of document.needs) {
    if (!targets.has(need)) faults.add(`${place}.needs`, `no rule of the group fills "${need}"`);
  }
  return {
    target,
    document,
    rules,
    when: document.when === undefined ? undefined : compileCondition(document.when, `${place}.when`, context),
    needs: new Set(document.needs),
    visit:
      scope.field === undefined ? visitSegments(scope, target) : visitRepetitions(scope.segment, scope.field, target),
  };
}

/** No patient has more of anything; what has is damage, and would keep everybody else waiting. */
const MAX_ITEMS = 200;

/** Whether a list is too long to be looked at; notes it, with the first item that is too much. */
function isTooLong(run: Run, target: string, count: number, place: () => string): boolean {
  if (count <= MAX_ITEMS) return false;
  run.target = target;
  run.place = place;
  report(run, 'mapping.too-many-items');
  return true;
}

function visitSegments(scope: GroupScope, target: string): CompiledGroup['visit'] {
  const { segment: name, companions } = scope;
  return (run, at) => {
    const indexes = run.message.segmentIndexes(name);
    if (isTooLong(run, target, indexes.length, () => `${name}[${MAX_ITEMS + 1}]`)) return;
    for (const [i, index] of indexes.entries()) {
      run.segment = index;
      if (companions.length > 0) {
        const end = indexes[i + 1] ?? run.message.segmentCount;
        run.companions = companions.map((companion) => {
          for (let j = index + 1; j < end; j++) if (run.message.segmentName(j) === companion) return j;
          return -1;
        });
      }
      at();
    }
    run.segment = -1;
  };
}

function visitRepetitions(name: string, field: number, target: string): CompiledGroup['visit'] {
  return (run, at) => {
    const [index] = run.message.segmentIndexes(name);
    if (index === undefined) return;
    const count = run.view.count(index, field);
    if (isTooLong(run, target, count, () => `${name}-${field}[${MAX_ITEMS + 1}]`)) return;
    run.segment = index;
    for (let i = 0; i < count; i++) {
      run.repetition = i;
      at();
    }
    run.segment = -1;
    run.repetition = 0;
  };
}

/** The item that the values of a group's rules make, or undefined when they make none. */
export function makeItem(group: CompiledGroup, values: readonly RuleValue[]): Record<string, string> | undefined {
  let item: Record<string, string> | undefined;
  let needed = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    const target = group.rules[i]?.target ?? '';
    item ??= {};
    item[target] = typeof value === 'string' ? value : String(value);
    needed ||= group.needs.has(target);
  }
  return needed ? item : undefined;
}
