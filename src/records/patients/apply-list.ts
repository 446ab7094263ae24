import { identifierScope } from '../../domain/patient/identifier-types.ts';
import type { PatientListName } from '../../domain/patient/patient-fields.ts';
import type {
  PatientCoverage,
  PatientIdentifier,
  PatientLists,
  PatientSource,
  RelatedPerson,
  Sourced,
} from '../../domain/patient/patient-record.ts';

type Item = Readonly<Record<string, string | number | undefined>>;

/** Comparisons that cost less than keys. */
const FEW = 100;

interface AppliedList {
  readonly items: readonly Sourced<PatientLists[PatientListName]>[];
  /** Items that are no longer there, or no longer as they were. */
  readonly gone: readonly object[];
  /** Items that are new, or new in some part. */
  readonly come: readonly object[];
}

/**
 * Brings a list of a message into the record's; undefined when nothing changes. Items are compared as sets. An item that
 * stays as it was keeps its source.
 */
export function applyList(
  name: PatientListName,
  before: readonly Sourced<PatientLists[PatientListName]>[],
  said: readonly PatientLists[PatientListName][],
  sources: readonly PatientSource[],
  source: number,
  systemId: string,
): AppliedList | undefined {
  const old = before as readonly Item[];
  const next =
    name === 'identifiers'
      ? mergeIdentifiers(old, said as readonly PatientIdentifier[], source, systemId)
      : replaceSnapshot(name, old, said, sources, source, systemId);
  if (next === old) return undefined;
  const [were, are] = [new Set(old), new Set(next)];
  const gone = old.filter((item) => !are.has(item));
  const come = next.filter((item) => !were.has(item));
  if (gone.length === 0 && come.length === 0) return undefined;
  return { items: next, gone: gone.map(withoutSource), come: come.map(withoutSource) };
}

/** Identifiers are added and never taken away; an account or visit number takes the place of the one before. */
function mergeIdentifiers(
  before: readonly Item[],
  said: readonly PatientIdentifier[],
  source: number,
  systemId: string,
): readonly Item[] {
  // Mostly nothing is new, and lists are short: then no keys are needed.
  const isKnown = (identifier: PatientIdentifier): boolean =>
    before.some((item) => item['system'] === (identifier.system ?? systemId) && sameIdentifier(item, identifier));
  if (said.length * before.length <= FEW && said.every(isKnown)) return before;
  // In the order in which they came; lists may be long, so that nothing may look through them for every item.
  const items = new Map<string, Item[]>();
  const episodes = new Map<string, Set<string>>();
  const note = (item: Item): void => {
    const key = partsKey(item['system'], item['type'], item['authority'], item['value']);
    const alike = items.get(key);
    if (alike === undefined) items.set(key, [item]);
    else alike.push(item);
    const episode = partsKey(item['system'], item['type'], item['authority']);
    const keys = episodes.get(episode);
    if (keys === undefined) episodes.set(episode, new Set([key]));
    else keys.add(key);
  };
  for (const item of before) note(item);
  let changed = false;
  for (const identifier of said) {
    const system = identifier.system ?? systemId;
    const { type, authority, value } = identifier;
    if (items.has(partsKey(system, type, authority, value))) continue;
    changed = true;
    if (identifierScope(type) === 'episode') {
      const episode = partsKey(system, type, authority);
      for (const key of episodes.get(episode) ?? []) items.delete(key);
      episodes.delete(episode);
    }
    note(withSource({ ...identifier, system }, source));
  }
  return changed ? [...items.values()].flat() : before;
}

/** What a system says replaces all that it said before; what other systems said stays, unless it is the same thing. */
function replaceSnapshot(
  name: 'coverage' | 'related_persons',
  before: readonly Item[],
  said: readonly Item[],
  sources: readonly PatientSource[],
  source: number,
  systemId: string,
): readonly Item[] {
  if (said.length === before.length && said.every((item, i) => sameItem(before[i] ?? {}, item))) return before;
  const known = new Map<string, Item>();
  for (const item of before) {
    const key = itemKey(item);
    if (!known.has(key)) known.set(key, item);
  }
  const items = new Map<string, Item>();
  const kept = new Set<Item>();
  const keys = new Set<string>();
  for (const item of said) {
    const key = itemKey(item);
    if (items.has(key)) continue;
    keys.add(naturalKey(name, item));
    const old = known.get(key);
    if (old !== undefined) kept.add(old);
    items.set(key, old ?? withSource(item, source));
  }
  const all = [...items.values()];
  for (const item of before) {
    const speaker = sources[(item['src'] as number | undefined) ?? 0]?.[2];
    if (speaker === systemId || kept.has(item) || keys.has(naturalKey(name, item))) continue;
    kept.add(item);
    all.push(item);
  }
  // The same set in another order is no change.
  return all.length === before.length && all.every((item) => kept.has(item)) ? before : all;
}

function sameIdentifier(item: Item, identifier: PatientIdentifier): boolean {
  return (
    item['value'] === identifier.value && item['type'] === identifier.type && item['authority'] === identifier.authority
  );
}

/** What makes two items of two systems the same coverage or person. */
function naturalKey(name: 'coverage' | 'related_persons', item: Item): string {
  if (name === 'coverage') {
    const coverage = item as PatientCoverage;
    return fold(
      coverage.payer_id ?? coverage.payer_name,
      coverage.plan_id ?? coverage.plan_name,
      coverage.member_id ?? coverage.policy_number,
    );
  }
  const person = item as RelatedPerson;
  return fold(person.last_name, person.first_name, person.relationship, person.contact_role);
}

function fold(...parts: readonly (string | undefined)[]): string {
  return parts.map((part) => (part ?? '').trim().toUpperCase()).join('|');
}

function sameItem(a: Item, b: Item): boolean {
  for (const key in a) if (key !== 'src' && a[key] !== b[key]) return false;
  for (const key in b) if (key !== 'src' && b[key] !== undefined && a[key] === undefined) return false;
  return true;
}

/** The same for items that say the same, whoever said it. */
function itemKey(item: Item): string {
  const parts: unknown[] = [];
  for (const key of Object.keys(item).sort()) if (key !== 'src' && item[key] !== undefined) parts.push(key, item[key]);
  return JSON.stringify(parts);
}

/** Parts as one text that no other parts have. */
function partsKey(...parts: readonly Item[string][]): string {
  return JSON.stringify(parts.map((part) => part ?? null));
}

function withSource(item: Item, source: number): Item {
  return source === 0 ? { ...item } : { ...item, src: source };
}

function withoutSource(item: Item): object {
  if (item['src'] === undefined) return item;
  const { src: _, ...rest } = item;
  return rest;
}
