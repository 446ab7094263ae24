import type { FhirObject } from '../../formats/fhir/fhir-types.ts';
import { r4Structure } from '../../formats/fhir/r4-structure.ts';
import type { ConvertedResource } from './resource-store.ts';
import { type Run, warn } from './run.ts';

/** The elements that R4 requires of a resource, by its type. */
const required = new Map<string, { readonly elements: readonly string[]; readonly choices: readonly string[][] }>();

/**
 * Leaves out resources that lack what R4 requires, with a warning each, and the references to them. Where the tables have
 * something to say instead (a status that is unknown), they have said it by now.
 */
export function dropIncomplete(run: Run): readonly ConvertedResource[] {
  const { entries } = run.store;
  let kept: readonly ConvertedResource[] = entries;
  for (;;) {
    const dropped = kept.filter((entry) => !isComplete(entry));
    if (dropped.length === 0) return kept;
    const gone = new Set(dropped.map(({ url }) => url));
    for (const { resource, place } of dropped) {
      const { resourceType } = resource;
      const noPatient =
        resource['subject'] === undefined && resource['patient'] === undefined && !run.slots.has('patient');
      if (resourceType !== 'Provenance') warn(run, noPatient ? 'to-fhir.no-patient' : 'to-fhir.left-out', place);
    }
    kept = kept.filter(({ url }) => !gone.has(url));
    for (const { resource } of kept) forget(resource, gone);
  }
}

function isComplete({ resource }: ConvertedResource): boolean {
  const { elements, choices } = requiredOf(resource.resourceType);
  return (
    elements.every((name) => resource[name] !== undefined || resource[`_${name}`] !== undefined) &&
    choices.every((names) => names.some((name) => resource[name] !== undefined))
  );
}

function requiredOf(resourceType: string): {
  readonly elements: readonly string[];
  readonly choices: readonly string[][];
} {
  let known = required.get(resourceType);
  if (known === undefined) {
    const structure = r4Structure(resourceType);
    const all = [...(structure?.elements.values() ?? [])];
    known = {
      elements: all.filter((element) => element.required).map(({ name }) => name),
      choices: (structure?.requiredChoices ?? []).map((choice) =>
        all.filter((element) => element.choice === `${choice}[x]`).map(({ name }) => name),
      ),
    };
    required.set(resourceType, known);
  }
  return known;
}

/** Takes references to what is gone out of an object; true when nothing is left of it. */
function forget(object: FhirObject, gone: ReadonlySet<string>): boolean {
  for (const [key, value] of Object.entries(object)) {
    if (Array.isArray(value)) {
      const left = (value as unknown[]).filter((item) => !isObject(item) || !forgetItem(item, gone));
      if (left.length === value.length) continue;
      if (left.length === 0) delete object[key];
      else object[key] = left;
    } else if (isObject(value) && !Object.isFrozen(value) && forgetItem(value, gone)) delete object[key];
  }
  return Object.keys(object).length === 0;
}

function forgetItem(item: FhirObject, gone: ReadonlySet<string>): boolean {
  if (typeof item['reference'] === 'string') return gone.has(item['reference']);
  const before = Object.keys(item).length;
  const empty = !Object.isFrozen(item) && forget(item, gone);
  // An item that lost what it was about (the condition of a diagnosis) says nothing any more.
  return empty || (item['condition'] === undefined && 'use' in item && Object.keys(item).length < before);
}

function isObject(value: unknown): value is FhirObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
