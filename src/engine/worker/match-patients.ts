import type pg from 'pg';
import { decodePatientRecord } from '../../domain/patient/record-codec.ts';
import type { PatientRecord } from '../../domain/patient/patient-record.ts';
import type { Sealer } from '../../security/sealing.ts';
import { uuidArray } from '../../store/binary-array.ts';
import { SEALED_COLUMNS } from '../../store/sealed-columns.ts';

/** A patient while a batch works on him. */
export interface PatientInHand {
  readonly id: bigint;
  readonly environmentId: bigint;
  /** The version in the database; 0 = not there yet. */
  readonly expected: number;
  version: number;
  record: PatientRecord | undefined;
  /** Identifier keys (16 bytes as latin1 text) that lead to him already, in the database or in this batch. */
  readonly keys: Set<string>;
  searchChanged: boolean;
}

const MATCH = `
select i.key, p.id, p.environment_id, p.version, p.record
from patient_identifiers i join patients p on p.id = i.patient_id
where i.key = any($1::uuid[])`;

type Row = [string, string, string, number, Buffer];

/** The patients that identifier keys (16 bytes each) lead to: key (as latin1 text) → patient. */
export async function findPatients(
  client: pg.ClientBase,
  keys: readonly Buffer[],
  sealer: Sealer,
): Promise<Map<string, PatientInHand>> {
  const found = new Map<string, PatientInHand>();
  if (keys.length === 0) return found;
  const result = await client.query<Row>({
    name: 'match-patients',
    text: MATCH,
    values: [uuidArray(keys)],
    rowMode: 'array',
  });
  const byId = new Map<string, PatientInHand>();
  for (const [uuid, id, environmentId, version, sealed] of result.rows) {
    let patient = byId.get(id);
    if (patient === undefined) {
      const patientId = BigInt(id);
      patient = {
        id: patientId,
        environmentId: BigInt(environmentId),
        expected: version,
        version,
        record: decodePatientRecord(sealer.open(SEALED_COLUMNS.patientRecord, patientId, sealed).toString('utf8')),
        keys: new Set(),
        searchChanged: false,
      };
      byId.set(id, patient);
    }
    const key = Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('latin1');
    patient.keys.add(key);
    found.set(key, patient);
  }
  return found;
}
