import type { ToFhirRule } from '../../mapping/to-fhir/to-fhir-format.ts';

/*
 * Short ways to write rules that tables have often. What they give is data like any other rule.
 */

export const V2 = 'http://terminology.hl7.org/CodeSystem/v2-';
export const V3 = 'http://terminology.hl7.org/CodeSystem/v3-';
export const THO = 'http://terminology.hl7.org/CodeSystem/';
const STRUCTURE = 'http://hl7.org/fhir/StructureDefinition/';

interface ExtensionSource {
  readonly from: string | readonly string[];
  readonly as?: string;
  readonly codes?: string;
  readonly if?: string;
}

/** An extension: `value` names its element (`valueString`); a name without a colon is one of FHIR's own. */
export function extension(name: string, value: string, source: ExtensionSource, to = 'extension'): ToFhirRule {
  const { from, if: condition, ...how } = source;
  const url = name.includes(':') ? name : STRUCTURE + name;
  return {
    to,
    from,
    make: [
      { to: 'url', value: url },
      { to: value, from: '.', ...how },
    ],
    ...(condition === undefined ? {} : { if: condition }),
  };
}

/** A fixed CodeableConcept of one coding. */
export function concept(system: string, code: string, display?: string): { readonly coding: readonly object[] } {
  return { coding: [display === undefined ? { system, code } : { system, code, display }] };
}

/** An identifier whose type is fixed (table 0203), such as PLAC for a placer's order number. */
export function typedIdentifier(from: string | readonly string[], type: string, as = 'EI[Identifier]'): ToFhirRule {
  return { to: 'identifier', from, as: `${as}:${type}` };
}

/** A person in a role of a visit: attender, referrer. */
export function participant(field: string, code: string, display: string): ToFhirRule {
  return {
    to: 'participant',
    from: field,
    make: [
      { to: 'type', value: concept(`${V3}ParticipationType`, code, display) },
      { to: 'individual', from: '.', as: 'XCN[Practitioner]' },
    ],
  };
}

/** The reason why something that FHIR wants is not there. */
export const UNKNOWN_EXTENSION = Object.freeze({
  extension: [{ url: `${STRUCTURE}data-absent-reason`, valueCode: 'unknown' }],
});
