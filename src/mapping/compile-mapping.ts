import {
  isPatientFieldPath,
  isPatientListName,
  PATIENT_FIELDS,
  PATIENT_LISTS,
} from '../domain/patient/patient-fields.ts';
import type { PatientInput } from '../domain/patient/patient-record.ts';
import type { Hl7Message } from '../formats/hl7v2/message.ts';
import { type CodeTable, compileCodeTable, withOwnCodes } from './code-table.ts';
import { type CompiledGroup, compileGroup, groupScope, makeItem } from './compile-group.ts';
import {
  type CompiledRule,
  compileRule,
  evaluateRules,
  type FaultList,
  isAlternative,
  type RuleContext,
  type RuleValue,
} from './compile-rule.ts';
import { mayHoldControls } from './control-characters.ts';
import type { StepEnvironment } from './functions/mapping-function.ts';
import { fieldView } from './field-view.ts';
import { MappingError, type MappingFault } from './mapping-error.ts';
import type { MappingDocument } from './mapping-format.ts';
import type { MappingProblem } from './mapping-problems.ts';
import type { Run } from './run.ts';
import { compileReader, type GroupScope, type PositionResolver } from './source.ts';

export interface CompileOptions {
  /** The system's country (ISO 3166-1 alpha-2), for phone numbers without one. Default US. */
  readonly country?: string;
  /** The system's own paths for positions that the mapping names, by position. */
  readonly positions?: Readonly<Record<string, string>>;
}

/**
 * What each rule said, for the stored trace: first the mapping's rules in order, then for each group an array of its
 * items, each an array of its rules' values. 0 says nothing, null deletes.
 */
export type CompactValues = readonly CompactValue[];
type Compact = Exclude<RuleValue, undefined> | 0;
type CompactValue = Compact | readonly (readonly Compact[])[];

export interface MappingResult {
  readonly input: PatientInput;
  readonly values: CompactValues;
  /** Warnings do not stop a message; one error does. */
  readonly problems: readonly MappingProblem[];
}

/** A mapping made into functions: compile once, evaluate for every message. Holds no state of a message. */
export interface CompiledMapping {
  readonly key: string;
  readonly version: number;
  readonly document: MappingDocument;
  readonly rules: readonly CompiledRule[];
  readonly groups: readonly CompiledGroup[];
  /** Is the mapping for this kind of message, e.g. `ADT^A04`? */
  handles(messageType: string): boolean;
  /** Maps one message. Throws nothing: what is wrong with a message is among the problems. */
  evaluate(message: Hl7Message): MappingResult;
}

/**
 * Compiles a mapping with the code tables that it names.
 *
 * @throws MappingError with everything that is wrong: unknown targets and functions, bad paths, missing tables.
 */
export function compileMapping(
  document: MappingDocument,
  codeTables: readonly CodeTable[],
  options: CompileOptions = {},
): CompiledMapping {
  const found: MappingFault[] = [];
  const faults = faultList(found);
  const resolve = positionResolver(document, options, faults);
  const own = document.codes ?? {};
  for (const key of Object.keys(own)) {
    if (!codeTables.some((table) => table.key === key)) faults.add(`codes.${key}`, `there is no code table "${key}"`);
  }
  const tables = new Map(codeTables.map((table) => [table.key, compileCodeTable(withOwnCodes(table, own[table.key]))]));
  const context = (scope: GroupScope | undefined): RuleContext & { scope: GroupScope | undefined } => {
    const environment: StepEnvironment = {
      codeTables: tables,
      country: options.country ?? 'US',
      reader: (path) => compileReader(path, scope, resolve),
    };
    return { environment, scope, resolve, faults };
  };

  const rules: CompiledRule[] = [];
  for (const [i, rule] of document.rules.entries()) {
    const place = `rules[${i}]`;
    if (!isPatientFieldPath(rule.target)) {
      faults.add(`${place}.target`, `a patient has no field "${rule.target}"`);
      continue;
    }
    const alternative = isAlternative(document.rules, i, place, faults);
    const field = PATIENT_FIELDS[rule.target];
    rules.push(compileRule(rule, field, rule.target, alternative, place, context(undefined)));
  }
  const groups: CompiledGroup[] = [];
  for (const [i, group] of document.groups.entries()) {
    const place = `groups[${i}]`;
    const { target } = group;
    if (!isPatientListName(target)) {
      faults.add(`${place}.target`, `a patient has no list "${target}"`);
      continue;
    }
    const scope = faults.attempt(`${place}.each`, () => groupScope(group, resolve));
    if (scope === undefined) continue;
    groups.push(compileGroup(group, target, PATIENT_LISTS[target], place, { ...context(scope), scope }));
  }
  if (found.length > 0) throw new MappingError(found);

  const messages = new Set(document.messages);
  return {
    key: document.key,
    version: document.version,
    document,
    rules,
    groups,
    handles: (messageType) => messages.has(messageType),
    evaluate: (message) => evaluate(rules, groups, message),
  };
}

/** A run at the start of a message. */
export function startRun(message: Hl7Message): Run {
  return {
    message,
    view: fieldView(message),
    problems: [],
    mayHoldControls: mayHoldControls(message),
    segment: -1,
    repetition: 0,
    companions: [],
    choices: [],
    chosen: 0,
    target: '',
    place: () => '',
  };
}

function evaluate(
  rules: readonly CompiledRule[],
  groups: readonly CompiledGroup[],
  message: Hl7Message,
): MappingResult {
  const run = startRun(message);
  const said = evaluateRules(rules, run);
  const fields: Record<string, RuleValue> = {};
  for (let i = 0; i < rules.length; i++) {
    const value = said[i];
    if (value !== undefined) fields[rules[i]?.target ?? ''] = value;
  }
  const values: CompactValue[] = compact(said);
  const lists: Record<string, Record<string, string>[]> = {};
  for (const group of groups) {
    const rows: Compact[][] = [];
    group.visit(run, () => {
      if (group.when !== undefined && !group.when(run)) return;
      const row = evaluateRules(group.rules, run);
      rows.push(compact(row));
      collectItem(lists, group, row);
    });
    values.push(rows);
  }
  return { input: { fields, lists }, values, problems: run.problems };
}

function compact(row: readonly RuleValue[]): Compact[] {
  const values: Compact[] = [];
  for (const value of row) values.push(value === undefined ? 0 : value);
  return values;
}

/**
 * Adds what a group's rules said to its list. An item that is explicitly null in a field that makes it an item is no
 * item, but says that the list is known; a bare segment says nothing.
 */
export function collectItem(
  lists: Record<string, Record<string, string>[]>,
  group: CompiledGroup,
  row: readonly RuleValue[],
): boolean {
  const item = makeItem(group, row);
  if (item !== undefined) {
    (lists[group.target] ??= []).push(item);
    return true;
  }
  for (let i = 0; i < row.length; i++) {
    if (row[i] === null && group.needs.has(group.rules[i]?.target ?? '')) lists[group.target] ??= [];
  }
  return false;
}

function faultList(found: MappingFault[]): FaultList {
  return {
    add: (place, reason) => void found.push({ place, reason }),
    attempt(place, compile) {
      try {
        return compile();
      } catch (error) {
        found.push({ place, reason: error instanceof Error ? error.message : String(error) });
        return undefined;
      }
    },
  };
}

function positionResolver(document: MappingDocument, options: CompileOptions, faults: FaultList): PositionResolver {
  const positions = document.positions ?? {};
  for (const name of Object.keys(options.positions ?? {})) {
    if (!Object.hasOwn(positions, name)) faults.add('positions', `the mapping has no position "${name}"`);
  }
  return (path) => {
    if (!path.startsWith('$')) return path;
    const name = path.slice(1);
    if (!Object.hasOwn(positions, name)) throw new Error(`The mapping names no position "${name}".`);
    return options.positions?.[name] ?? positions[name]?.path;
  };
}
