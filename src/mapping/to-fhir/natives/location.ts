import type { FhirObject, FhirReference } from '../../../formats/fhir/fhir-types.ts';
import { universalUri } from '../coding-systems.ts';
import { type Part, childPart, childText, partText } from '../part.ts';
import { type ConvertedResource, keyText, referenceTo } from '../resource-store.ts';
import { type Run, segmentPlace } from '../run.ts';

/** The components of PL from the widest place to the narrowest, with the codes of location-physical-type. */
const LEVELS = [
  [4, 'si', 'Site'],
  [7, 'bu', 'Building'],
  [1, undefined, undefined],
  [8, 'lvl', 'Level'],
  [2, 'ro', 'Room'],
  [3, 'bd', 'Bed'],
] as const;

const PHYSICAL_TYPE = 'http://terminology.hl7.org/CodeSystem/location-physical-type';

/**
 * A person's location (`PL[Location]`): one Location for each level that is named, each part of the next wider one; the
 * reference leads to the narrowest. Only that one bears the description and the comprehensive identifier.
 */
export function personLocation(run: Run, part: Part): FhirReference | undefined {
  const place = segmentPlace(run, run.segment);
  let wider: ConvertedResource | undefined;
  let display = '';
  const chain: string[] = [];
  const named = LEVELS.filter(([n]) => childPart(run, part, n) !== undefined);
  const narrowest = named.at(-1)?.[0];
  for (const [n, type, typeDisplay] of named) {
    const component = childPart(run, part, n);
    const name = component === undefined ? undefined : partText(run, component);
    const universal = component === undefined ? undefined : childText(run, component, 2);
    const text = name ?? universal;
    if (text === undefined) continue;
    chain.push(text);
    const identifier: FhirObject = { value: text };
    const system = universal === undefined || name === undefined ? undefined : universalUri(universal);
    if (system !== undefined) identifier['system'] = system;
    const location: FhirObject = { identifier: [identifier], name: text, mode: 'instance' };
    if (type !== undefined)
      location['physicalType'] = { coding: [{ system: PHYSICAL_TYPE, code: type, display: typeDisplay }] };
    if (n === narrowest) narrow(run, part, location);
    if (wider !== undefined) location['partOf'] = referenceTo(wider);
    wider = run.store.share('Location', location, place, keyText(chain));
    display = display === '' ? text : `${display} ${text}`;
  }
  if (wider !== undefined) return referenceTo(wider, display);
  const description = childText(run, part, 9);
  if (description === undefined) return undefined;
  return referenceTo(run.store.share('Location', { name: description, mode: 'instance' }, place), description);
}

function narrow(run: Run, part: Part, location: FhirObject): void {
  const description = childText(run, part, 9);
  if (description !== undefined) location['description'] = description;
  const comprehensive = childPart(run, part, 10);
  const value = comprehensive === undefined ? undefined : partText(run, comprehensive);
  if (comprehensive === undefined || value === undefined) return;
  const identifier: FhirObject = { value };
  const universal = childText(run, comprehensive, 3);
  const system = universal === undefined ? undefined : universalUri(universal);
  if (system !== undefined) identifier['system'] = system;
  (location['identifier'] as FhirObject[]).push(identifier);
}
