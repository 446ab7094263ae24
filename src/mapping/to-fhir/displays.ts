import type { FhirObject } from '../../formats/fhir/fhir-types.ts';

/** The text that is shown with a reference to what was made. */
export const DISPLAYS: Readonly<Record<string, (made: FhirObject) => string | undefined>> = Object.freeze({
  /** A person's first name entry, as it is read aloud. */
  person: (made) => {
    const name = (made['name'] as readonly Readonly<Record<string, unknown>>[] | undefined)?.[0];
    if (name === undefined) return undefined;
    const parts = [name['prefix'], name['given'], name['family'], name['suffix']].flat();
    const text = parts.filter((part) => typeof part === 'string').join(' ');
    return text === '' ? undefined : text;
  },
  name: (made) => (typeof made['name'] === 'string' ? made['name'] : undefined),
});
