import type { FhirReference, FhirResource } from '../../formats/fhir/fhir-types.ts';
import { r4Structure } from '../../formats/fhir/r4-structure.ts';
import { packName } from '../../formats/hl7v2/segment-index.ts';
import { type Condition, compileCondition } from './compile-condition.ts';
import { type Writer, compileWriter } from './compile-writer.ts';
import { compileKeys, giveKey } from './upsert-key.ts';
import type { RuleCompiler } from './compile-rules.ts';
import { FINISHERS } from './finishers.ts';
import { type ConvertedResource, referenceTo } from './resource-store.ts';
import { type Run, segmentPlace } from './run.ts';
import type { MessageMap, SegmentMap, SegmentStep } from './to-fhir-format.ts';

/** Takes one segment in. */
type SegmentWork = (run: Run, walk: Walk) => void;

/** Where a message's walk is: what waits for a slot to be filled, and which tables were applied to what. */
export interface Walk {
  /** References to what will next be in a slot. */
  readonly pending: Map<string, ((entry: ConvertedResource) => void)[]>;
  readonly applied: Map<ConvertedResource, Set<string>>;
  /** The latest segment that was no note. */
  previous: string;
}

export interface CompiledMessage {
  readonly table: string;
  walk(run: Run): void;
}

interface CompiledSegmentMap {
  readonly table: string;
  readonly name: number;
  readonly resource: string;
  fill(run: Run, at: number, target: FhirResource): void;
}

/** Compiles message maps over segment maps. Faults are collected by the rule compiler. */
export function compileMessages(
  messages: readonly MessageMap[],
  segments: readonly SegmentMap[],
  rules: RuleCompiler,
): ReadonlyMap<string, CompiledMessage> {
  const segmentMaps = new Map(segments.map((map) => [map.table, compileSegmentMap(map, rules)]));
  const compiled = new Map<string, CompiledMessage>();
  for (const message of messages) {
    const each = compileMessage(message, segmentMaps, rules);
    for (const name of message.messages) compiled.set(name, each);
  }
  return compiled;
}

function compileSegmentMap(map: SegmentMap, rules: RuleCompiler): CompiledSegmentMap {
  const structure = r4Structure(map.resource);
  const name = packName(map.segment);
  if (structure === undefined) {
    rules.faults.push({ place: map.table, reason: `there is no resource ${map.resource}` });
    return { table: map.table, name, resource: map.resource, fill: () => undefined };
  }
  return {
    table: map.table,
    name,
    resource: map.resource,
    fill: rules.segmentRules(map.rules, structure, map.segment, map.table),
  };
}

function compileMessage(
  map: MessageMap,
  segmentMaps: ReadonlyMap<string, CompiledSegmentMap>,
  rules: RuleCompiler,
): CompiledMessage {
  const works = new Map<string, SegmentWork>();
  const types = slotTypes(map);
  for (const [segment, { closes = [], forgets = [], uses = [], steps }] of Object.entries(map.segments)) {
    const place = `${map.table}.${segment}`;
    const forgotten = forgets.map(packName);
    const used = uses.map(packName);
    const compiled = steps.flatMap(
      (step, i) => rules.attempt(`${place}.steps[${i}]`, () => compileStep(step, types, segmentMaps)) ?? [],
    );
    works.set(segment, (run, walk) => {
      for (const slot of closes) run.slots.delete(slot);
      for (const name of forgotten) run.latest.delete(name);
      for (const work of compiled) work(run, walk);
      for (const name of used) run.latest.delete(name);
    });
  }
  const finishers = (map.finish ?? []).map((name) => {
    const finisher = FINISHERS[name];
    if (finisher === undefined) rules.faults.push({ place: map.table, reason: `there is no finisher "${name}"` });
    return finisher;
  });
  return {
    table: map.table,
    walk(run) {
      const { message } = run;
      const walk: Walk = { pending: new Map(), applied: new Map(), previous: '' };
      for (let i = 0; i < message.segmentCount; i++) {
        const name = message.segmentName(i);
        const work = works.get(name);
        if (work === undefined) continue;
        run.segment = i;
        run.field = 0;
        run.latest.set(packName(name), i);
        work(run, walk);
        if (name !== 'NTE') walk.previous = name;
      }
      for (const finish of finishers) finish?.(run);
    },
  };
}

/** The type of resource in each slot, as far as the steps tell. */
function slotTypes(map: MessageMap): ReadonlyMap<string, string> {
  const types = new Map<string, string>();
  for (const { steps } of Object.values(map.segments)) {
    for (const { slot, makes } of steps) if (makes !== undefined) types.set(slot, makes);
  }
  return types;
}

function compileStep(
  step: SegmentStep,
  types: ReadonlyMap<string, string>,
  segmentMaps: ReadonlyMap<string, CompiledSegmentMap>,
): SegmentWork {
  const type = step.makes ?? types.get(step.slot);
  if (type === undefined) throw new RangeError(`nothing makes what is in the slot "${step.slot}"`);
  const maps = step.maps.map((name) => {
    const map = segmentMaps.get(name);
    if (map === undefined) throw new RangeError(`there is no segment table "${name}"`);
    if (map.resource !== type) throw new RangeError(`${name} fills ${map.resource}, not ${type}`);
    return map;
  });
  const applies = compileApplies(step);
  const links = Object.entries(step.links ?? {}).map(([path, slot]) => ({ slot, link: referenceWriter(type, path) }));
  // Steps are shared by messages, some of which have nothing that could list their resources.
  const listings = Object.entries(step.listedIn ?? {}).flatMap(([slot, path]) => {
    const owner = types.get(slot);
    return owner === undefined ? [] : [{ slot, link: referenceWriter(owner, path) }];
  });
  const keys = compileKeys(step.keys ?? []);
  const { makes, slot, marks, adds, role = 'subject' } = step;
  const last = step.maps.at(-1) ?? '';

  return (run, walk) => {
    if (!applies(run, walk)) return;
    let entry = adds === true ? run.slots.get(slot) : undefined;
    if (entry !== undefined && makes !== undefined && walk.applied.get(entry)?.has(last) === true) entry = undefined;
    const isNew = entry === undefined;
    if (entry === undefined) {
      if (makes === undefined) return;
      entry = run.store.add(makes, {}, role, segmentPlace(run, run.segment));
    }
    applyMaps(run, walk, entry, maps);
    giveKey(run, entry, keys);
    if (marks !== undefined) run.slots.set(marks, entry);
    if (!isNew) return;
    fillSlot(run, walk, slot, entry);
    for (const { slot: other, link } of links) whenFilled(run, walk, other, (target) => link(entry.resource, target));
    for (const { slot: owner, link } of listings) {
      const holder = run.slots.get(owner);
      if (holder !== undefined) link(holder.resource, entry);
    }
  };
}

function applyMaps(run: Run, walk: Walk, entry: ConvertedResource, maps: readonly CompiledSegmentMap[]): void {
  let applied = walk.applied.get(entry);
  if (applied === undefined) walk.applied.set(entry, (applied = new Set()));
  const { segment } = run;
  for (const map of maps) {
    const at = run.latest.get(map.name);
    if (at === undefined) continue;
    run.segment = at;
    run.field = 0;
    map.fill(run, at, entry.resource);
    applied.add(map.table);
  }
  run.segment = segment;
  run.field = 0;
}

function fillSlot(run: Run, walk: Walk, slot: string, entry: ConvertedResource): void {
  run.slots.set(slot, entry);
  const waiting = walk.pending.get(slot);
  if (waiting === undefined) return;
  walk.pending.delete(slot);
  for (const link of waiting) link(entry);
}

function whenFilled(run: Run, walk: Walk, slot: string, link: (entry: ConvertedResource) => void): void {
  const entry = run.slots.get(slot);
  // Only a patient may come after what is said about him.
  if (entry !== undefined) link(entry);
  else if (slot === 'patient') {
    const waiting = walk.pending.get(slot);
    if (waiting === undefined) walk.pending.set(slot, [link]);
    else waiting.push(link);
  }
}

function referenceWriter(type: string, path: string): (from: FhirResource, to: ConvertedResource) => void {
  const structure = r4Structure(type);
  if (structure === undefined) throw new RangeError(`there is no resource ${type}`);
  const writer: Writer = compileWriter(structure, path);
  return (from, to) => {
    const reference: FhirReference = referenceTo(to);
    writer.write(from, reference);
  };
}

function compileApplies(step: SegmentStep): (run: Run, walk: Walk) => boolean {
  const condition: Condition | undefined = step.if === undefined ? undefined : compileCondition(step.if);
  const { inside = [], outside = [], after } = step;
  return (run, walk) => {
    for (const slot of inside) if (!run.slots.has(slot)) return false;
    for (const slot of outside) if (run.slots.has(slot)) return false;
    if (after !== undefined && !after.includes(walk.previous)) return false;
    return condition === undefined || condition(run, undefined);
  };
}
