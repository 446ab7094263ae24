import type { FieldDefinition } from '../domain/patient/patient-fields.ts';
import type { FieldValue } from '../domain/patient/patient-record.ts';
import { compileCondition } from './compile-condition.ts';
import { holdsControl } from './control-characters.ts';
import { MAPPING_FUNCTIONS } from './functions/function-library.ts';
import type { Step, StepEnvironment } from './functions/mapping-function.ts';
import type { RuleDocument, StepDocument } from './mapping-format.ts';
import { report, type Run, type Value } from './run.ts';
import { compileSource, type GroupScope, type PositionResolver, type Source } from './source.ts';
import { compileTest, MAX_PATTERN_INPUT } from './text-test.ts';

/** What a rule says about its target: a value, null (remove it) or undefined (nothing). */
export type RuleValue = FieldValue | null | undefined;

/** Told of each step of a rule, for the trace. */
export interface RuleObserver {
  read(source: Source | undefined, value: Value): void;
  step(name: string, value: Value): void;
  skipped(): void;
  /** The rule is through; `run` still stands where it read. */
  done(): void;
}

export interface CompiledRule {
  readonly target: string;
  /** Another rule for the same target stands before it: this one is asked only when those said nothing. */
  readonly alternative: boolean;
  readonly document: RuleDocument;
  /** Evaluates the rule where `run` stands. The observer, when there is one, changes nothing. */
  evaluate(run: Run, observer?: RuleObserver): RuleValue;
}

/** Collects what is wrong with a document, each fault with its place. */
export interface FaultList {
  add(place: string, reason: string): void;
  /** Runs `compile` and notes what it throws as a fault at `place`. */
  attempt<T>(place: string, compile: () => T): T | undefined;
}

export interface RuleContext {
  readonly environment: StepEnvironment;
  readonly scope: GroupScope | undefined;
  readonly resolve: PositionResolver;
  readonly faults: FaultList;
}

/** No field of a patient is longer; what is has swallowed its neighbours. */
const MAX_VALUE = 1000;

/** Compiles one rule; faults are noted, not thrown. */
export function compileRule(
  rule: RuleDocument,
  field: FieldDefinition,
  qualifiedTarget: string,
  alternative: boolean,
  place: string,
  context: RuleContext,
): CompiledRule {
  const { faults } = context;
  const documents = rule.source === undefined ? [] : Array.isArray(rule.source) ? rule.source : [rule.source];
  const sources = documents.flatMap((document, i) => {
    const source = faults.attempt(`${place}.source${documents.length > 1 ? `[${i}]` : ''}`, () =>
      compileSource(document, context.scope, context.resolve),
    );
    return source === undefined ? [] : [source];
  });
  const lists = documents.some((document) => typeof document === 'object' && document.all === true);
  const steps = compileSteps(rule.steps ?? [], lists, field, place, context);
  if (documents.length === 0 && !steps.some((step) => step.makes)) {
    faults.add(place, 'the rule has neither a source nor a step that makes a value (constant, firstOf, concat)');
  }
  const when = rule.when === undefined ? undefined : compileCondition(rule.when, `${place}.when`, context);
  const validate = compileValidation(rule, place, faults);
  const finish = coercion(field);
  const first = sources[0];
  const initialPlace = first === undefined ? () => qualifiedTarget : (run: Run) => first.place(run);
  const places = new Map(sources.map((source) => [source, (run: Run) => source.place(run)]));
  const clear = rule.clearWithField === true;

  const evaluate = (run: Run, observer?: RuleObserver): RuleValue => {
    run.target = qualifiedTarget;
    run.place = initialPlace;
    if (when !== undefined && !when(run)) {
      observer?.skipped();
      observer?.done();
      return undefined;
    }
    let value: Value;
    let used: Source | undefined;
    // The field whose parts count, once one is there: parts of two providers must not be mixed.
    let settled: string | undefined;
    for (const source of sources) {
      if (settled !== undefined && source.field !== settled) break;
      value = source.read(run);
      if (value !== undefined || (clear && settled === undefined && source.fieldPresent(run))) {
        used = source;
        run.place = places.get(source) ?? initialPlace;
        if (value !== undefined) break;
        settled = source.field;
      }
    }
    if (value === undefined && settled !== undefined) value = null;
    observer?.read(used, value);
    if (typeof value === 'string' && value.length > MAX_VALUE) {
      report(run, 'mapping.value-too-long');
      observer?.done();
      return undefined;
    }
    if (run.mayHoldControls && holdsControl(value)) {
      report(run, 'mapping.control-character');
      observer?.done();
      return undefined;
    }
    const problemsBefore = run.problems.length;
    for (const step of steps) {
      value = step.apply(value, run);
      observer?.step(step.name, value);
    }
    if (value === undefined && rule.default !== undefined) {
      value = rule.default;
      observer?.step('default', value);
    }
    let result = value === null || value === undefined ? value : finish(value, run);
    // Steps can bring in other fields.
    if (run.mayHoldControls && holdsControl(result)) {
      report(run, 'mapping.control-character');
      result = undefined;
    }
    observer?.done();
    if (result === null || result === undefined) {
      if (rule.required === true && !hasError(run, problemsBefore)) report(run, 'mapping.required-missing');
      return result;
    }
    if (validate !== undefined) validate(result, run);
    return result;
  };
  return { target: rule.target, alternative, document: rule, evaluate };
}

/**
 * Evaluates rules in order where `run` stands; what each says, by its index. `observers` makes an observer for each rule
 * that is asked.
 */
export function evaluateRules(
  rules: readonly CompiledRule[],
  run: Run,
  observers?: (index: number) => RuleObserver,
): RuleValue[] {
  const said: RuleValue[] = [];
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i];
    if (rule === undefined) continue;
    const settled = rule.alternative && rules.some((other, j) => other.target === rule.target && said[j] !== undefined);
    said.push(settled ? undefined : rule.evaluate(run, observers?.(i)));
  }
  return said;
}

/** Whether rules before it fill the same target; without a condition on each of them the later one would be dead. */
export function isAlternative(
  rules: readonly RuleDocument[],
  index: number,
  place: string,
  faults: FaultList,
): boolean {
  const target = rules[index]?.target;
  const before = rules.slice(0, index).filter((rule) => rule.target === target);
  if (before.some((rule) => rule.when === undefined)) {
    faults.add(
      `${place}.target`,
      `another rule fills "${target}" already; give the first one a condition, or one rule several sources`,
    );
  }
  return before.length > 0;
}

function hasError(run: Run, from: number): boolean {
  for (let i = from; i < run.problems.length; i++) if (run.problems[i]?.severity === 'error') return true;
  return false;
}

interface NamedStep {
  readonly name: string;
  readonly apply: Step;
  /** Whether it makes a value where there was none. */
  readonly makes: boolean;
}

function compileSteps(
  documents: readonly StepDocument[],
  startsWithList: boolean,
  field: FieldDefinition,
  place: string,
  context: RuleContext,
): readonly NamedStep[] {
  const { faults } = context;
  let list = startsWithList;
  const steps: NamedStep[] = [];
  for (const [i, { fn, ...args }] of documents.entries()) {
    const at = `${place}.steps[${i}]`;
    const definition = MAPPING_FUNCTIONS.get(fn);
    if (definition === undefined) {
      faults.add(`${at}.fn`, `there is no function "${fn}"; there are ${[...MAPPING_FUNCTIONS.keys()].join(', ')}`);
      continue;
    }
    if (definition.takes === 'list' && !list) faults.add(at, `${fn} works on a list, but there is one text here`);
    if (definition.gives !== 'same') list = definition.gives === 'list';
    const parsed = definition.args.safeParse(args);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) {
        faults.add([at, ...issue.path.map(String)].join('.'), `${fn}: ${issue.message}`);
      }
      continue;
    }
    const apply = faults.attempt(at, () => definition.compile(parsed.data, context.environment));
    if (apply !== undefined) steps.push({ name: fn, apply, makes: definition.takes === 'any' });
  }
  if (list && field.kind !== 'codes') {
    faults.add(place, 'the steps give a list, but the target holds one value; add join or pick');
  }
  return steps;
}

function compileValidation(
  rule: RuleDocument,
  place: string,
  faults: FaultList,
): ((value: FieldValue, run: Run) => void) | undefined {
  const { validate } = rule;
  if (validate === undefined) return undefined;
  const passes = faults.attempt(`${place}.validate`, () => compileTest(validate));
  const maxLength = validate.maxLength ?? MAX_PATTERN_INPUT;
  return (value, run) => {
    const texts = typeof value === 'object' ? value : [String(value)];
    if (texts.every((text) => text.length <= maxLength && (passes === undefined || passes(text)))) return;
    report(run, 'mapping.value-invalid', validate.severity);
  };
}

const ISO_DATE = /^\d{4}(-\d{2}(-\d{2})?)?$/;
const YES = new Set(['Y', 'YES', 'TRUE', '1', 'T']);
const NO = new Set(['N', 'NO', 'FALSE', '0', 'F']);

/** The last look at a value: it must be of the kind that its target holds, whatever the steps made of it. */
function coercion(field: FieldDefinition): (value: string | readonly string[], run: Run) => RuleValue {
  if (field.kind === 'codes') return (value) => (typeof value === 'string' ? [value] : [...new Set(value)]);
  if (field.kind === 'flag') {
    return (value, run) => {
      const text = String(value).toUpperCase();
      if (YES.has(text)) return true;
      if (NO.has(text)) return false;
      report(run, 'mapping.flag-unreadable');
      return undefined;
    };
  }
  if (field.kind === 'date') {
    return (value, run) => {
      const text = String(value);
      if (ISO_DATE.test(text)) return text;
      report(run, 'mapping.date-unreadable');
      return undefined;
    };
  }
  return (value) => (typeof value === 'string' ? value : value.join(' '));
}
