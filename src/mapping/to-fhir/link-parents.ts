import type { FhirObject, FhirReference, FhirResource } from '../../formats/fhir/fhir-types.ts';
import { type Part, childPart, childText, fieldParts, partText } from './part.ts';
import { type ConvertedResource, referenceTo } from './resource-store.ts';
import { type Run, warn } from './run.ts';

/** An observation with what a child's OBR names its parent by. */
interface Result {
  readonly entry: ConvertedResource;
  readonly code: string | undefined;
  readonly subId: string | undefined;
  readonly report: number;
}

/** A report's order numbers and the parent that it names. */
interface Report {
  readonly segment: number;
  readonly placer: string | undefined;
  readonly filler: string | undefined;
}

/**
 * Links child results (the susceptibilities of a grown organism) to their parent result: the parent OBX is named by code and
 * sub-id (OBR-26.1, OBR-26.2), its order by the placer's and filler's number (OBR-29). The parent has them as members, and they are
 * derived from it; a parent of an earlier message is named by its identifiers.
 */
export function linkParents(run: Run): void {
  const { message } = run;
  const requests = message.segmentIndexes('OBR');
  if (requests.every((segment) => fieldParts(run, segment, 26).length === 0)) return;
  const reports: Report[] = [];
  const results: Result[] = [];
  const byPlace = observationsByPlace(run);
  let set = 0;
  for (let i = 0; i < message.segmentCount; i++) {
    const name = message.segmentName(i);
    if (name === 'OBR') {
      const [placer, filler] = [2, 3].map((field) => firstText(run, i, field));
      reports.push({ segment: i, placer, filler });
    } else if (name === 'OBX') {
      set += 1;
      const entry = byPlace.get(set === 1 ? 'OBX' : `OBX[${set}]`);
      if (entry === undefined || reports.length === 0) continue;
      results.push({ entry, code: firstText(run, i, 3), subId: firstText(run, i, 4), report: reports.length - 1 });
    }
  }
  reports.forEach((report, index) => linkReport(run, report, index, reports, results));
}

function linkReport(
  run: Run,
  report: Report,
  index: number,
  reports: readonly Report[],
  results: readonly Result[],
): void {
  const named = fieldParts(run, report.segment, 26)[0];
  if (named === undefined) return;
  const children = results.filter((result) => result.report === index);
  if (children.length === 0) return;
  const observation = childPart(run, named, 1);
  const code = observation === undefined ? undefined : partText(run, observation);
  const subId = childText(run, named, 2);
  const order = fieldParts(run, report.segment, 29)[0];
  const [placer, filler] = order === undefined ? [] : [1, 2].map((n) => childText(run, order, n));
  const parent = results.find((result) => {
    const of = reports[result.report];
    return (
      of !== undefined &&
      of !== report &&
      result.code === code &&
      (subId === undefined || result.subId === subId) &&
      (filler === undefined || of.filler === undefined || of.filler === filler) &&
      (placer === undefined || of.placer === undefined || of.placer === placer)
    );
  });
  if (parent !== undefined) {
    for (const child of children) {
      push(parent.entry.resource, 'hasMember', referenceTo(child.entry));
      push(child.entry.resource, 'derivedFrom', referenceTo(parent.entry));
    }
    return;
  }
  // Without an order number it is no pointer: the field is often filled with something else.
  if (filler === undefined && placer === undefined) return;
  run.segment = report.segment;
  run.field = 26;
  warn(run, 'to-fhir.parent-missing');
  const value = [filler ?? placer, code, subId].filter((each) => each !== undefined).join('/');
  const reference: FhirReference = { type: 'Observation', identifier: { value } };
  const display = childText(run, named, 3);
  if (display !== undefined) reference.display = display;
  for (const child of children) push(child.entry.resource, 'derivedFrom', reference);
}

function observationsByPlace(run: Run): ReadonlyMap<string, ConvertedResource> {
  const found = new Map<string, ConvertedResource>();
  for (const entry of run.store.entries) {
    if (entry.resource.resourceType === 'Observation') found.set(entry.place, entry);
  }
  return found;
}

function firstText(run: Run, segment: number, field: number): string | undefined {
  const part: Part | undefined = fieldParts(run, segment, field)[0];
  return part === undefined ? undefined : partText(run, part);
}

function push(resource: FhirResource, element: string, reference: FhirObject): void {
  const list = (resource[element] ??= []) as FhirObject[];
  list.push(reference);
}
