import type { FhirObject, FhirReference } from '../../formats/fhir/fhir-types.ts';
import { type R4Structure, r4Structure } from '../../formats/fhir/r4-structure.ts';
import { MappingError, type MappingFault } from '../mapping-error.ts';
import { type CompiledCodeMap, compileCodeMap } from './code-map.ts';
import { compileCondition } from './compile-condition.ts';
import { type Source, compileSources } from './compile-source.ts';
import { type Writer, compileWriter } from './compile-writer.ts';
import { NATIVE_READERS, type NativeOptions } from './native-readers.ts';
import { type Part, wholeText } from './part.ts';
import { referenceTo } from './resource-store.ts';
import { type Run, segmentPlace } from './run.ts';
import type { DataTypeMap, ToFhirRule, ToFhirTables } from './to-fhir-format.ts';
import { DISPLAYS } from './displays.ts';

/** Makes a value of a part of the message; undefined when it says nothing. */
export type Reader = (run: Run, part: Part) => unknown;
/** Fills something; true when it was more than fixed values. */
export type Step = (run: Run, part: Part | undefined, target: FhirObject) => boolean;

/** Compiles rules; the data types and code maps that they name come from the tables. Faults are collected. */
export class RuleCompiler {
  readonly faults: MappingFault[] = [];
  readonly #dataTypes: ReadonlyMap<string, DataTypeMap>;
  readonly #codeMaps: ReadonlyMap<string, CompiledCodeMap>;
  readonly #readers = new Map<string, Reader>();

  constructor(tables: Pick<ToFhirTables, 'dataTypes' | 'codeMaps'>) {
    this.#dataTypes = new Map(tables.dataTypes.map((map) => [map.table, map]));
    this.#codeMaps = new Map(tables.codeMaps.map((map) => [map.table, compileCodeMap(map)]));
  }

  /** Notes what `compile` throws as a fault at `place`. */
  attempt<T>(place: string, compile: () => T): T | undefined {
    try {
      return compile();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.faults.push({ place, reason: error.message });
      return undefined;
    }
  }

  finish(): void {
    if (this.faults.length > 0) throw new MappingError(this.faults);
  }

  rules(rules: readonly ToFhirRule[], structure: R4Structure, place: string): Step {
    const steps = rules.flatMap((rule, i) => {
      const at = `${place}.rules[${i}]`;
      return this.attempt(at, () => this.#rule(rule, structure, at)) ?? [];
    });
    return (run, part, target) => {
      let filled = false;
      for (const step of steps) if (step(run, part, target)) filled = true;
      return filled;
    };
  }

  /** Rules over a segment: those for one of its fields are not looked at when the field is empty. */
  segmentRules(
    rules: readonly ToFhirRule[],
    structure: R4Structure,
    segment: string,
    table: string,
  ): (run: Run, at: number, target: FhirObject) => void {
    const steps = rules.flatMap((rule, i) => {
      const at = `${table}.rules[${i}]`;
      const step = this.attempt(at, () => this.#rule(rule, structure, at));
      const field = typeof rule.from === 'string' && rule.from.startsWith(`${segment}-`) ? fieldOf(rule.from) : 0;
      return step === undefined ? [] : [{ step, field }];
    });
    return (run, at, target) => {
      const offsets = run.message.fieldOffsets(at);
      const count = offsets.length - 1;
      for (const { step, field } of steps) {
        if (field > 0 && (field >= count || (offsets[field + 1] ?? 0) - 1 <= (offsets[field] ?? 0))) continue;
        step(run, undefined, target);
      }
    };
  }

  #rule(rule: ToFhirRule, structure: R4Structure, place: string): Step {
    const writer = compileWriter(structure, rule.to, rule.join);
    const condition = rule.if === undefined ? undefined : compileCondition(rule.if);
    const unless = rule.unless === undefined ? undefined : compileWriter(structure, rule.unless);
    const step = this.#unconditional(rule, writer, place);
    if (condition === undefined && unless === undefined) return step;
    return (run, part, target) => {
      if (condition !== undefined && !condition(run, part)) return false;
      return unless === undefined || unless.takes(target) ? step(run, part, target) : false;
    };
  }

  #unconditional(rule: ToFhirRule, writer: Writer, place: string): Step {
    if (rule.value !== undefined) {
      const value = deepFreeze(rule.value);
      return (_run, _part, target) => {
        writer.write(target, value);
        return false;
      };
    }
    const source = rule.from === undefined ? undefined : compileSources(rule.from);
    const field = typeof rule.from === 'string' ? fieldOf(rule.from) : fieldOf(rule.from?.[0]);
    if (rule.make !== undefined) return this.#make(rule.make, writer, source, field, place);
    if (source === undefined) throw new RangeError('a rule needs one of from, value and make');
    const reader = this.#reader(rule, writer);
    return (run, part, target) => {
      const parts = source(run, part);
      if (parts.length === 0 || !writer.takes(target)) return false;
      if (field > 0) run.field = field;
      let filled = false;
      for (const each of parts) {
        const value = reader(run, each);
        if (value === undefined) continue;
        writer.write(target, value);
        filled = true;
        if (!writer.element.list) break;
      }
      return filled;
    };
  }

  #make(rules: readonly ToFhirRule[], writer: Writer, source: Source | undefined, field: number, place: string): Step {
    if (writer.structure === undefined) throw new RangeError('only an object can be made');
    const fill = this.rules(rules, writer.structure, `${place}.make`);
    const one = (run: Run, part: Part | undefined, target: FhirObject): boolean => {
      const made: FhirObject = {};
      if (!fill(run, part, made)) return false;
      writer.write(target, made);
      return true;
    };
    if (source === undefined) return one;
    return (run, part, target) => {
      const parts = source(run, part);
      if (parts.length === 0) return false;
      if (field > 0) run.field = field;
      let filled = false;
      for (const each of parts) {
        if (!writer.takes(target)) break;
        if (one(run, each, target)) filled = true;
      }
      return filled;
    };
  }

  /** How a rule's value is made: by `as`, or as the element's own data type is made of text. */
  #reader(rule: ToFhirRule, writer: Writer): Reader {
    const { element } = writer;
    const codes = rule.codes === undefined ? undefined : this.#codeMaps.get(rule.codes);
    if (rule.codes !== undefined && codes === undefined) throw new RangeError(`there is no code map "${rule.codes}"`);
    const name = rule.as ?? element.type;
    const options: NativeOptions = {
      codes,
      listUnmapped: rule.listUnmapped === true,
      allowed: element.codes,
      required: element.required,
      codeMap: (map) => this.#codeMaps.get(map),
    };
    const native = NATIVE_READERS[name];
    if (native !== undefined) return native(options);
    const map = this.#dataTypes.get(name);
    if (map === undefined) throw new RangeError(`there is no data type table "${name}"`);
    return this.#dataType(map);
  }

  #dataType(map: DataTypeMap): Reader {
    const known = this.#readers.get(map.table);
    if (known !== undefined) return known;
    // Tables may refer to each other; what is compiled when first used is found then.
    const box: { reader: Reader } = { reader: () => undefined };
    const reader: Reader = (run, part) => box.reader(run, part);
    this.#readers.set(map.table, reader);
    box.reader = this.#compileDataType(map);
    return reader;
  }

  #compileDataType(map: DataTypeMap): Reader {
    const structure = r4Structure(map.resource ?? map.type ?? '');
    if (structure === undefined) throw new RangeError(`${map.table} makes nothing that R4 knows`);
    const fill = this.rules(map.rules, structure, map.table);
    const needs = map.needs ?? [];
    const { resource } = map;
    const display = map.display === undefined ? undefined : DISPLAYS[map.display];
    const make: Reader = (run, part) => {
      const made: FhirObject = {};
      if (!fill(run, part, made)) return undefined;
      for (const need of needs) if (made[need] === undefined) return undefined;
      if (resource === undefined) return made;
      return referenceTo(run.store.share(resource, made, segmentPlace(run, run.segment)), display?.(made));
    };
    if (resource === undefined || !map.rules.every(isLocal)) return make;
    // The same person in the same words is the same resource, and is made once.
    return (run, part) => {
      if (part.end - part.start > MAX_REMEMBERED) return make(run, part);
      const key = `${map.table} ${wholeText(run, part) ?? ''}`;
      const known = run.references.get(key);
      if (known !== undefined) return { ...known };
      const reference = make(run, part) as FhirReference | undefined;
      if (reference !== undefined) run.references.set(key, reference);
      return reference;
    };
  }
}

/** Texts beyond this length are no names of people or places. */
const MAX_REMEMBERED = 500;

/** Whether a rule reads nothing but the part that it is given. */
function isLocal(rule: ToFhirRule): boolean {
  const { from = '.', if: condition, make = [] } = rule;
  const sources = typeof from === 'string' ? [from] : from;
  const isOwn =
    sources.every((source) => source.startsWith('.')) &&
    (condition === undefined || !/\b[A-Z0-9]{3}-\d/.test(condition));
  return isOwn && make.every(isLocal);
}

function fieldOf(source: string | undefined): number {
  return Number(/^[A-Z0-9]{3}-(\d+)/.exec(source ?? '')?.[1] ?? 0);
}

function deepFreeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) deepFreeze(each);
  }
  return value;
}
