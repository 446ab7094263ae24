import { STEP_NAMES, type StoredStep, type StoredTrace } from '../../domain/stored-trace.ts';
import { causeNamed, failureView } from '../errors/failure-view.ts';
import { beyondShown, boundedValue, MAX_SHOWN } from '../bounded-list.ts';
import type { MappingView } from './mapping-view.ts';

export interface StepView {
  readonly name: string;
  /** ms since the message was received. */
  readonly at_ms: number;
  readonly took_ms: number;
  readonly outcome: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly summary: string;
  readonly output?: unknown;
  readonly problems: {
    severity: 'error' | 'warning';
    code: string;
    place: string;
    reason: string;
    hint: string;
  }[];
  /** How many more problems there are than are shown. */
  readonly more_problems: number;
}

export interface StepContext {
  /** When the message was received, ms since 1970. */
  readonly receivedMs: number;
  /** The mapping gone through again; undefined when that is not possible. */
  readonly mapping: MappingView | undefined;
  readonly patientId: string | null;
  /** Fields that the processing changed. */
  readonly changed: readonly string[];
}

/** The steps of one processing, failed attempts before it included, in the order of time. */
export function stepViews(trace: StoredTrace, context: StepContext): StepView[] {
  const views = attemptViews(trace.earlier ?? [], context.receivedMs);
  let at = trace.at - context.receivedMs;
  for (const step of trace.steps) {
    views.push(stepView(step, at, trace.batch, context));
    at += step.us / 1000;
  }
  return views;
}

/** Attempts that failed before, each as a step. */
export function attemptViews(
  failures: readonly {
    readonly at: string;
    readonly cause: string;
    readonly code: string;
    readonly place?: string | null;
  }[],
  receivedMs: number,
): StepView[] {
  return failures.map(({ at, cause, code, place }) => ({
    name: 'attempt',
    at_ms: Date.parse(at) - receivedMs,
    took_ms: 0,
    outcome: 'failed',
    summary: `${failureView(causeNamed(cause), code, place ?? null).sentence} (${code})`,
    problems: [],
    more_problems: 0,
  }));
}

function stepView(step: StoredStep, at: number, batch: number, context: StepContext): StepView {
  const output = outputOf(step, context);
  return {
    name: step.s,
    at_ms: at,
    took_ms: step.us / 1000,
    outcome: step.o ?? 'ok',
    summary: summaryOf(step, batch, context),
    ...(output === undefined ? {} : { output }),
    problems: (step.p ?? []).slice(0, MAX_SHOWN).map((problem) => ({ ...problem })),
    more_problems: beyondShown(step.p?.length ?? 0),
  };
}

function outputOf(step: StoredStep, context: StepContext): unknown {
  if (step.s === 'map' && step.d !== undefined) return context.mapping ?? { values: boundedValue(step.d) };
  if (step.s === 'match' && context.patientId !== null) return { patient_id: context.patientId };
  if (step.s === 'record') return { changed: context.changed, ...(boundedValue(step.d) as object | undefined) };
  return boundedValue(step.d);
}

function summaryOf(step: StoredStep, batch: number, context: StepContext): string {
  if (step.m !== undefined) return step.m;
  if (step.s === 'map' && context.mapping !== undefined) {
    const { rules, items, more_items: more } = context.mapping;
    const filled = rules.filter((rule) => rule.result !== undefined && rule.result !== null).length;
    const kept = items.filter((item) => item.outcome === 'item').length;
    const listed = more === 0 ? count(kept, 'list item') : `more than ${count(kept, 'list item')}`;
    return `${count(filled, 'field')} and ${listed} by ${context.mapping.mapping.key} version ${context.mapping.mapping.version}`;
  }
  if (step.s === 'record' && step.o === undefined) {
    const together = batch > 1 ? `, in one commit with ${count(batch - 1, 'other message')}` : '';
    return `${context.changed.length === 0 ? 'Nothing changed' : `${count(context.changed.length, 'field')} changed`}${together}`;
  }
  // A step of a newer program has no text here.
  return (STEP_NAMES as Readonly<Record<string, string>>)[step.s] ?? step.s;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
