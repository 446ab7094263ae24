import { decodePatientChanges, decodePatientRecord } from '../../domain/patient/record-codec.ts';
import type { PatientChange, PatientRecord } from '../../domain/patient/patient-record.ts';
import type { Sealer } from '../../security/sealing.ts';
import type { PatientRow } from '../../store/queries/patient-rows.ts';
import { int8Text } from '../../store/queries/values.ts';
import { SEALED_COLUMNS } from '../../store/sealed-columns.ts';

/** Opens a stored patient. */
export function openPatient(sealer: Sealer, row: Pick<PatientRow, 'id' | 'record'>): PatientRecord {
  const id = BigInt(row.id);
  return decodePatientRecord(sealer.open(SEALED_COLUMNS.patientRecord, id, row.record).toString('utf8'));
}

/** Opens what one processing changed; `id` is that of the transaction. */
export function openChanges(sealer: Sealer, id: string | bigint, changes: Buffer): readonly PatientChange[] {
  const text = sealer.open(SEALED_COLUMNS.patientChanges, BigInt(id), changes).toString('utf8');
  return decodePatientChanges(text);
}

/** `Doe, John Q, Jr` : as lists are sorted and read. An identifier stands in for a missing name. */
export function patientName(record: PatientRecord): string {
  const part = (value: unknown): string => (typeof value === 'string' ? value : '');
  const { last_name, first_name, middle_name, suffix } = record.fields;
  const given = [part(first_name), part(middle_name)].filter((text) => text !== '').join(' ');
  const name = [part(last_name), given, part(suffix)].filter((text) => text !== '').join(', ');
  return name === '' ? (record.lists.identifiers?.[0]?.value ?? '(no name)') : name;
}

/** Names of patients by id. */
export function patientNames(sealer: Sealer, rows: readonly PatientRow[]): Map<string, string> {
  return new Map(rows.map((row) => [int8Text(row.id), patientName(openPatient(sealer, row))]));
}
