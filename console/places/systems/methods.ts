export const METHOD_WORDS = { api: 'API', hl7: 'HL7 v2', file: 'Files' } as const;
export const METHOD_MEANINGS = {
  api: 'Real-time exchange over the vendor’s REST or FHIR API. Needs a stable network and API credentials.',
  hl7: 'Clinical events as they happen, also from older systems. Ask for a live sample feed before mapping.',
  file: 'Batches and large volumes as CSV, JSON or X12. Not real-time.',
} as const;

/** Every zone that the browser knows, the American ones first. */
export function timeZones(): string[] {
  const all = Intl.supportedValuesOf('timeZone');
  return all.toSorted((left, right) => Number(right.startsWith('America/')) - Number(left.startsWith('America/')));
}
