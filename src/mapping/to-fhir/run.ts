import type { FhirCoding, FhirReference } from '../../formats/fhir/fhir-types.ts';
import type { Hl7Message } from '../../formats/hl7v2/message.ts';
import type { Reading } from './part.ts';
import type { ConvertedResource, ResourceStore } from './resource-store.ts';
import { TO_FHIR_WARNINGS, type ToFhirWarning, type ToFhirWarningCode } from './to-fhir-warnings.ts';

/** What a receiver knows about a sender. */
export interface ToFhirOptions {
  /** IANA time zone, or an offset such as `-05:00`, of times that the sender writes without one. */
  readonly timeZone?: string;
  /** Systems (URIs) of the sender's own coding systems and assigning authorities, by the names it uses for them. */
  readonly systems?: Readonly<Record<string, string>>;
  /** Translates a local code by the practice's code tables; the coding is put before the sender's. */
  readonly translate?: (system: string | undefined, code: string) => FhirCoding | undefined;
  /** When the conversion takes place, as an instant; with it a Provenance of the conversion is made. */
  readonly convertedAt?: string;
}

/** A code that nothing standard came of, for the list of codes to map. */
export interface UnmappedCode {
  /** `OBX[3]-3`. */
  readonly place: string;
  /** The HL7 table or code map that does not know it; undefined when any code may stand there. */
  readonly table?: string;
  /** The sender's coding system, as it names it. */
  readonly system?: string;
  readonly code: string;
  readonly display?: string;
}

/** One message's way through the tables. The compiled tables keep nothing themselves. */
export interface Run extends Reading {
  readonly options: ToFhirOptions;
  readonly store: ResourceStore;
  /** The latest segment of each name (packed) that is looked at. */
  readonly latest: Map<number, number>;
  readonly slots: Map<string, ConvertedResource>;
  readonly warnings: ToFhirWarning[];
  readonly unmappedCodes: UnmappedCode[];
  /** References to what was made of the same text by the same table before. */
  readonly references: Map<string, FhirReference>;
  /** The places of all segments, once one was asked for. */
  places: readonly string[] | undefined;
  /** The segment and field at work, for places. */
  segment: number;
  field: number;
  /** The offset that times without one have, undefined until it is asked for. */
  zone: string | undefined;
}

/** Notes a warning at the field at work, once per place. */
export function warn(run: Run, code: ToFhirWarningCode, place = placeOf(run)): void {
  if (run.warnings.some((warning) => warning.code === code && warning.place === place)) return;
  run.warnings.push({ code, place, ...TO_FHIR_WARNINGS[code] });
}

/** Lists a code that nothing standard came of, once per place and table. */
export function listUnmapped(run: Run, code: UnmappedCode): void {
  const { unmappedCodes } = run;
  // Places come in order, so a repetition is among the latest.
  for (let i = unmappedCodes.length - 1; i >= 0 && i >= unmappedCodes.length - 8; i--) {
    const each = unmappedCodes[i];
    if (each?.place === code.place && each.code === code.code && each.table === code.table) return;
  }
  unmappedCodes.push(code);
}

/** `OBX[3]-5` for the field at work, `OBX[3]` without one. */
export function placeOf(run: Run): string {
  return run.field === 0 ? segmentPlace(run, run.segment) : `${segmentPlace(run, run.segment)}-${run.field}`;
}

/** `OBX[3]` for the third OBX segment of the message. */
export function segmentPlace(run: Run, segment: number): string {
  run.places ??= placesOf(run.message);
  return run.places[segment] ?? '';
}

function placesOf(message: Hl7Message): readonly string[] {
  const counts = new Map<string, number>();
  return Array.from({ length: message.segmentCount }, (_, i) => {
    const name = message.segmentName(i);
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    return nth === 1 ? name : `${name}[${nth}]`;
  });
}
