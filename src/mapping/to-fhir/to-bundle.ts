import type { BundleEntry, FhirBundle } from '../../formats/fhir/fhir-types.ts';
import type { ToFhirResult } from './convert.ts';

/**
 * A message Bundle of a conversion (`MSH[Bundle]`): MessageHeader first, then the other resources. References are the full
 * URLs of entries. Converting a message again gives the same Bundle.
 */
export function toBundle(result: ToFhirResult): FhirBundle {
  const header = result.resources.find(({ resource }) => resource.resourceType === 'MessageHeader');
  const isMessage = header !== undefined && header === result.resources[0];
  const bundle: FhirBundle = { resourceType: 'Bundle', type: isMessage ? 'message' : 'collection', entry: [] };
  if (result.controlId !== undefined) bundle['identifier'] = { value: result.controlId };
  if (result.sentAt !== undefined) bundle['timestamp'] = result.sentAt;
  bundle.entry = result.resources.map(({ url, resource }): BundleEntry => ({ fullUrl: url, resource }));
  return bundle;
}
