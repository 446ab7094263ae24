import type { PatientInput } from '../domain/patient/patient-record.ts';
import type { Hl7Message } from '../formats/hl7v2/message.ts';
import { collectItem, type CompiledMapping, startRun } from './compile-mapping.ts';
import type { CompiledGroup } from './compile-group.ts';
import { type CompiledRule, evaluateRules, type RuleValue } from './compile-rule.ts';
import type { MappingProblem } from './mapping-problems.ts';
import type { Run, Value } from './run.ts';

export interface StepTrace {
  readonly fn: string;
  /** The value after the step; absent when there was none. */
  readonly value?: Exclude<Value, undefined>;
}

/** One rule at work on one message. */
export interface RuleTrace {
  /** Where the rule stands in the mapping: `rules[3]`, `groups[1].rules[0]`. */
  readonly rule: string;
  readonly target: string;
  /** The source that gave the value, as the mapping writes it; absent when none did. */
  readonly source?: string;
  /** Where in the message that was. */
  readonly place: string;
  /** What was read there; absent when there was nothing, null when the sender deletes it. */
  readonly raw?: Exclude<Value, undefined>;
  readonly steps: readonly StepTrace[];
  /** What the rule says about its target; absent when it says nothing. */
  readonly result?: Exclude<RuleValue, undefined>;
  /** The rule was not asked: its condition did not hold, or a rule before it filled the target. */
  readonly skipped: boolean;
  readonly problems: readonly MappingProblem[];
}

/** A group at one segment or repetition. */
export interface ItemTrace {
  readonly group: string;
  readonly target: string;
  /** `IN1[2]`, `PID-3[2]`. */
  readonly place: string;
  /** `item`: it made one. `condition`: the group's condition did not hold. `empty`: there was nothing that makes an item. */
  readonly outcome: 'item' | 'condition' | 'empty';
  readonly rules: readonly RuleTrace[];
}

export interface MappingTrace {
  readonly mapping: { readonly key: string; readonly version: number };
  readonly input: PatientInput;
  readonly problems: readonly MappingProblem[];
  readonly rules: readonly RuleTrace[];
  readonly items: readonly ItemTrace[];
}

/**
 * Maps a message as `evaluate` does and tells every step of it, for the tracer and the mapping editor. Several times
 * slower; the result is the same, which a test holds.
 */
export function traceMapping(mapping: CompiledMapping, message: Hl7Message): MappingTrace {
  const run = startRun(message);
  const fields: Record<string, RuleValue> = {};
  const rules = traceRules(mapping.rules, (i) => `rules[${i}]`, run);
  for (const trace of rules) if (trace.result !== undefined) fields[trace.target] = trace.result;
  const lists: Record<string, Record<string, string>[]> = {};
  const items: ItemTrace[] = [];
  for (const [g, group] of mapping.groups.entries()) {
    group.visit(run, () => {
      const base = { group: `groups[${g}]`, target: group.target, place: groupPlace(group, run) };
      if (group.when !== undefined && !group.when(run)) {
        items.push({ ...base, outcome: 'condition', rules: [] });
        return;
      }
      const traces = traceRules(group.rules, (i) => `groups[${g}].rules[${i}]`, run);
      const kept = collectItem(
        lists,
        group,
        traces.map((trace) => trace.result),
      );
      items.push({ ...base, outcome: kept ? 'item' : 'empty', rules: traces });
    });
  }
  return {
    mapping: { key: mapping.key, version: mapping.version },
    input: { fields, lists },
    problems: run.problems,
    rules,
    items,
  };
}

/** What an observer notes of one rule. */
interface Notes {
  readonly steps: StepTrace[];
  readonly problemsBefore: number;
  source?: string;
  raw?: Exclude<Value, undefined>;
  place: string;
  skipped: boolean;
}

function traceRules(rules: readonly CompiledRule[], nameOf: (index: number) => string, run: Run): RuleTrace[] {
  const asked: (Notes | undefined)[] = [];
  const said = evaluateRules(rules, run, (i) => {
    const notes: Notes = { steps: [], problemsBefore: run.problems.length, place: '', skipped: false };
    asked[i] = notes;
    return {
      read(source, value) {
        if (source !== undefined) notes.source = source.text;
        if (value !== undefined) notes.raw = value;
      },
      step: (fn, value) => void notes.steps.push(value === undefined ? { fn } : { fn, value }),
      skipped: () => void (notes.skipped = true),
      done: () => void (notes.place = run.place(run)),
    };
  });
  return rules.map((rule, i): RuleTrace => {
    const notes = asked[i];
    const result = said[i];
    const next = asked.find((other, j) => j > i && other !== undefined);
    return {
      rule: nameOf(i),
      target: rule.target,
      place: notes?.place ?? '',
      steps: notes?.steps ?? [],
      ...(notes?.source === undefined ? {} : { source: notes.source }),
      ...(notes?.raw === undefined ? {} : { raw: notes.raw }),
      ...(result === undefined ? {} : { result }),
      skipped: notes === undefined || notes.skipped,
      problems: notes === undefined ? [] : run.problems.slice(notes.problemsBefore, next?.problemsBefore),
    };
  });
}

function groupPlace(group: CompiledGroup, run: Run): string {
  if ('repetition' in group.document.each) {
    return run.repetition === 0
      ? group.document.each.repetition
      : `${group.document.each.repetition}[${run.repetition + 1}]`;
  }
  const { segment } = group.document.each;
  const occurrence = run.message.segmentIndexes(segment).indexOf(run.segment) + 1;
  return occurrence <= 1 ? segment : `${segment}[${occurrence}]`;
}
