import { patientPathLabel } from '../../domain/patient/patient-fields.ts';
import type { Hl7Message } from '../../formats/hl7v2/message.ts';
import type { CompiledMapping } from '../../mapping/compile-mapping.ts';
import { traceMapping, type ItemTrace, type RuleTrace } from '../../mapping/trace-mapping.ts';
import { beyondShown, MAX_SHOWN } from '../bounded-list.ts';

/** One rule at work: where its value came from, what each step made of it, what it said. */
export interface RuleView extends RuleTrace {
  readonly label: string;
  /** What the rule said when the message was processed, where that is not what it says now. */
  readonly said_then?: unknown;
}

export interface ItemView extends Omit<ItemTrace, 'rules'> {
  readonly label: string;
  readonly rules: readonly RuleView[];
}

/** The mapping of a message, rule by rule. */
export interface MappingView {
  readonly mapping: { readonly key: string; readonly version: number };
  readonly rules: readonly RuleView[];
  readonly items: readonly ItemView[];
  /** How many more items there are than are shown. */
  readonly more_items: number;
  /** Whether the rules say now what they said when the message was processed (code tables may have changed since). */
  readonly as_processed: boolean;
}

/**
 * Goes through a mapping again, step by step, and holds the outcome against what was stored: the values of the rules in
 * their order, then for each group the rows of its items (0: said nothing).
 */
export function mappingView(mapping: CompiledMapping, message: Hl7Message, stored: unknown): MappingView {
  const trace = traceMapping(mapping, message);
  const values: readonly unknown[] = Array.isArray(stored) ? stored : [];
  const comparable = values.length === mapping.rules.length + mapping.groups.length;
  let same = comparable;
  const view = (rule: RuleTrace, labelled: string, then: unknown): RuleView => {
    const before = then === 0 ? undefined : then;
    const differs = comparable && JSON.stringify(before) !== JSON.stringify(rule.result);
    if (differs) same = false;
    const base = { ...rule, label: patientPathLabel(labelled) };
    return differs ? { ...base, said_then: before ?? null } : base;
  };
  const rules = trace.rules.map((rule, i) => view(rule, rule.target, values[i]));
  const seen = new Map<string, number>();
  const items = trace.items.slice(0, MAX_SHOWN).map((item): ItemView => {
    const label = patientPathLabel(item.target);
    // A group whose condition did not hold left no row.
    if (item.outcome === 'condition') return { ...item, label, rules: [] };
    const group = Number(/\d+/.exec(item.group)?.[0] ?? 0);
    const position = seen.get(item.group) ?? 0;
    seen.set(item.group, position + 1);
    const row = rowAt(values[mapping.rules.length + group], position);
    const rulesOfItem = item.rules.map((rule, i) => view(rule, `${item.target}.${rule.target}`, row[i] ?? 0));
    return { ...item, label, rules: rulesOfItem };
  });
  return { mapping: trace.mapping, rules, items, more_items: beyondShown(trace.items.length), as_processed: same };
}

function rowAt(rows: unknown, position: number): readonly unknown[] {
  const row: unknown = Array.isArray(rows) ? rows[position] : undefined;
  return Array.isArray(row) ? row : [];
}
