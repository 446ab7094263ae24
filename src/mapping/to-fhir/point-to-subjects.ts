import type { FhirReference } from '../../formats/fhir/fhir-types.ts';
import { referenceTo } from './resource-store.ts';
import type { Run } from './run.ts';

/**
 * Every Provenance is about the header and all that the message reports; the header's focus are the patient and what stands
 * for itself (results are found through their report).
 */
export function pointToSubjects(run: Run): void {
  const { entries } = run.store;
  const about = entries.filter(({ role }) => role === 'patient' || role === 'subject');
  const header = entries.find(({ resource }) => resource.resourceType === 'MessageHeader');
  const targets: FhirReference[] = [...(header === undefined ? [] : [header]), ...about].map((entry) =>
    referenceTo(entry),
  );
  for (const { resource } of entries) {
    if (resource.resourceType === 'Provenance') resource['target'] = targets;
  }
  const focus = about.filter(({ resource }) => resource.resourceType !== 'Observation');
  if (header !== undefined && focus.length > 0) header.resource['focus'] = focus.map((entry) => referenceTo(entry));
}
