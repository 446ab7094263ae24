import type {
  CoverageFieldPath,
  IdentifierFieldPath,
  PatientFieldPath,
  PatientListName,
  RelatedPersonFieldPath,
} from './patient-fields.ts';

/** A value of a single-valued field: text (dates, codes and phones are text), a flag, or a set of codes (`race`). */
export type FieldValue = string | boolean | readonly string[];

/** The single-valued fields that are filled, by path; absent means unknown. */
export type PatientFields = { readonly [path in PatientFieldPath]?: FieldValue };

/**
 * An identifier that somebody gave the patient: the assigning authority, the type (HL7 table 0203: `MR`, `AN`, `PI` …),
 * the value as it was sent, and the id of the system that told us.
 */
export type PatientIdentifier = { readonly [path in IdentifierFieldPath]?: string } & { readonly value: string };

/** An insurance of the patient, primary first (`rank` 1). */
export type PatientCoverage = { readonly [path in CoverageFieldPath]?: string };

/** Next of kin, emergency contacts, guarantors: persons around the patient. */
export type RelatedPerson = { readonly [path in RelatedPersonFieldPath]?: string };

export interface PatientLists {
  readonly identifiers: PatientIdentifier;
  readonly coverage: PatientCoverage;
  readonly related_persons: RelatedPerson;
}

/**
 * What one message says about a patient. A path that is absent is not spoken of; `null` says that there is no such value
 * (HL7's `""`). A list that is present says all its items; an empty one says that there are none.
 */
export interface PatientInput {
  readonly fields: { readonly [path in PatientFieldPath]?: FieldValue | null };
  readonly lists: { readonly [name in PatientListName]?: readonly PatientLists[name][] };
}

/** Where a value came from: the message's id, the time (ISO 8601, UTC) and the system's id. */
export type PatientSource = readonly [messageId: string, at: string, systemId: string];

/** An item of a list with its source: an index into the record's `sources`; absent means 0. */
export type Sourced<Item> = Item & { readonly src?: number };

/**
 * What a system said last about a patient: the paths (fields and lists) that no later message of it spoke of, and when that
 * was, in milliseconds since 1970 UTC as the message tells it. By this an older message that comes late is known.
 */
export interface Heard {
  readonly systemId: string;
  readonly at: number;
  readonly paths: readonly string[];
}

/**
 * The patient as he is kept. `provenance` names the source of a field by its index in `sources`; a field that it does not
 * name came from source 0, which is always the one that most fields came from, so that the common record names none.
 */
export interface PatientRecord {
  readonly fields: PatientFields;
  readonly lists: { readonly [name in PatientListName]?: readonly Sourced<PatientLists[name]>[] };
  readonly sources: readonly PatientSource[];
  readonly provenance: { readonly [path in PatientFieldPath]?: number };
  /** When each system last spoke of which paths; absent in records of before it was kept. */
  readonly heard?: readonly Heard[];
  /** The ids of patients who were merged into this one. */
  readonly merged?: readonly string[];
}

/** One change of a record: a field with its old and new value, or a list with the items that went and that came. */
export interface PatientChange {
  readonly path: PatientFieldPath | PatientListName;
  /** null: there was no value. */
  readonly old: FieldValue | readonly object[] | null;
  /** null: there is none any more. */
  readonly new: FieldValue | readonly object[] | null;
}

/** The source of a field, undefined when the field has no value. */
export function fieldSource(record: PatientRecord, path: PatientFieldPath): PatientSource | undefined {
  return record.fields[path] === undefined ? undefined : record.sources[record.provenance[path] ?? 0];
}

/** The source of an item of one of the record's lists. */
export function itemSource(record: PatientRecord, item: { readonly src?: number }): PatientSource | undefined {
  return record.sources[item.src ?? 0];
}
