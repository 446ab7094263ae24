/*
 * Records: what a message says beyond the patient himself (clinical resources, appointments, charges).
 *
 * How a family of records takes part:
 * 1. A pure function reads the message and says its records as `RecordInput`s (engine: `RecordFamily.inputs`). Each has a
 *    business key by which it is known again. Records of one message refer to each other by `{ "reference": name }`, and
 *    to the patient by one of `MessageRecords.patientNames`; the engine puts `Type/id` in the place of a name.
 * 2. The engine finds the patient, hashes the keys, reads what is stored under them, and decides by `applyRecord` what
 *    becomes of each: a new record, a new version, nothing. What is older than what is stored is flagged, never applied.
 * 3. The family writes rows and the versions that they replace in the transaction of the batch (`RecordFamily.write`), and
 *    leads its rows over when patients are merged (`RecordFamily.repoint`).
 * The family is then listed in engine/worker/record-families.ts, and its targets in engine/worker/route.ts.
 */
import type { SaidTime } from '../domain/said-time.ts';

/** What a record says, as JSON: a FHIR resource, an appointment, a charge. Sealed where it is stored. */
export type RecordBody = Readonly<Record<string, unknown>>;

/** The kinds of records, each with tables of its own. */
export type RecordFamilyName = 'clinical' | 'appointment' | 'charge';

/** What a message says about one record. */
export interface RecordInput {
  readonly family: RecordFamilyName;
  /** By this other records of the same message refer to it. */
  readonly name: string;
  /** `Observation`, `Appointment`, `Charge`. */
  readonly type: string;
  /** Where its key is unique: among what the system sends, within the patient, or within the message. */
  readonly scope: 'sender' | 'patient' | 'message';
  /** By what it is known again. Patient data: only its keyed hash is stored. */
  readonly key: string;
  readonly status: string;
  /** It is cancelled, withdrawn or deleted by this message: kept, and marked. */
  readonly ended: boolean;
  /** Only mentioned: stored when it is not known yet, never changed. */
  readonly mention: boolean;
  /** When the message was made. */
  readonly said: SaidTime | undefined;
  /** When the record itself says that it was issued, where it does. */
  readonly issued: SaidTime | undefined;
  readonly body: RecordBody;
}

/** All records of one message. */
export interface MessageRecords {
  readonly records: readonly RecordInput[];
  /** The names by which the records refer to the patient of the message. */
  readonly patientNames: readonly string[];
}

export const NO_RECORDS: MessageRecords = Object.freeze({ records: [], patientNames: [] });

/** A record as it is kept, opened. */
export interface RecordState {
  readonly status: string;
  readonly ended: boolean;
  readonly said: SaidTime | undefined;
  readonly issued: SaidTime | undefined;
  readonly body: RecordBody;
}

/** What became of a record by one message. */
export const RECORD_CHANGES = {
  created: 'New.',
  changed: 'A new version; the one before is in the history.',
  ended: 'Cancelled or withdrawn: marked, its content kept.',
  unchanged: 'Says the same as what is stored.',
  older: 'Older than what is stored: not applied.',
  mentioned: 'Known already; the message only refers to it.',
} as const;
export type RecordChange = keyof typeof RECORD_CHANGES;
