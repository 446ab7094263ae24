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
  const gone = old.filter((item) => !next.includes(item));
  const come = next.filter((item) => !old.includes(item));
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
  let items: Item[] | undefined;
  for (const identifier of said) {
    const system = identifier.system ?? systemId;
    const known = items ?? before;
    if (known.some((item) => item['system'] === system && sameIdentifier(item, identifier))) continue;
    items ??= [...before];
    if (identifierScope(identifier.type) === 'episode') {
      items = items.filter(
        (item) =>
          item['system'] !== system || item['type'] !== identifier.type || item['authority'] !== identifier.authority,
      );
    }
    items.push(withSource({ ...identifier, system }, source));
  }
  return items ?? before;
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
  const items: Item[] = [];
  const keys = new Set<string>();
  for (const item of said) {
    if (items.some((other) => sameItem(other, item))) continue;
    keys.add(naturalKey(name, item));
    items.push(before.find((other) => sameItem(other, item)) ?? withSource(item, source));
  }
  for (const item of before) {
    const speaker = sources[(item['src'] as number | undefined) ?? 0]?.[2];
    if (speaker !== systemId && !items.includes(item) && !keys.has(naturalKey(name, item))) items.push(item);
  }
  // The same set in another order is no change.
  return items.length === before.length && items.every((item) => before.includes(item)) ? before : items;
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

function withSource(item: Item, source: number): Item {
  return source === 0 ? { ...item } : { ...item, src: source };
}

function withoutSource(item: Item): object {
  if (item['src'] === undefined) return item;
  const { src: _, ...rest } = item;
  return rest;
}
