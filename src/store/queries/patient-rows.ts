import type { Queryable } from '../queryable.ts';
import { int8Text, type Int8 } from './values.ts';
import type { WantedHashes } from './message-candidates.ts';

export interface PatientRow {
  readonly id: Int8;
  readonly environment_id: Int8;
  readonly version: number;
  readonly updated_at: Date;
  readonly record: Buffer;
}

const COLUMNS = 'id, environment_id, version, updated_at, record';
const BY_IDS = `select ${COLUMNS} from patients where id = any($1::bigint[])`;

/** These patients, sealed, in no order. */
export async function readPatientRows(db: Queryable, ids: readonly string[]): Promise<PatientRow[]> {
  if (ids.length === 0) return [];
  return (await db.query<PatientRow>(BY_IDS, [ids])).rows;
}

/** Patients that carry the wanted hashes, newest first. */
export async function findPatientIds(
  db: Queryable,
  wanted: WantedHashes,
  environment: string | null,
  limit: number,
): Promise<string[]> {
  const carries = wanted.map((_, index) => `and tokens && $${index + 3}::bigint[]`).join(' ');
  const text = `select patient_id from patient_search
    where ($1::bigint is null or environment_id = $1) ${carries} order by patient_id desc limit $2`;
  const { rows } = await db.query<{ patient_id: Int8 }>(text, [environment, limit, ...wanted]);
  return rows.map((row) => int8Text(row.patient_id));
}

const NEWEST = `select ${COLUMNS} from patients
  where merged_into is null and ($1::bigint is null or environment_id = $1) and ($2::bigint is null or id < $2)
  order by id desc limit $3`;

/** Patients, newest first. */
export async function listPatientRows(
  db: Queryable,
  environment: string | null,
  below: string | null,
  limit: number,
): Promise<PatientRow[]> {
  return (await db.query<PatientRow>(NEWEST, [environment, below, limit])).rows;
}

// By version, not by id: a message that was retried or replayed has an older id than what was applied before it, and the
// clocks of two nodes differ. A patient's rows are few enough to be put in order as they are read.
const HISTORY = `select h.id, h.version, h.message_id, h.system_id, h.changes, r.requested_by
  from patient_history h left join replays r on r.transaction_id = h.id
  where h.patient_id = $1 and ($2::bigint is null or h.version < $2) order by h.version desc limit $3`;

export interface HistoryRow {
  readonly id: Int8;
  readonly version: number;
  readonly message_id: Int8 | null;
  readonly system_id: Int8 | null;
  readonly changes: Buffer;
  readonly requested_by: string | null;
}

/** The changes of one patient, sealed, the last applied first. */
export async function readPatientHistory(
  db: Queryable,
  patient: string,
  belowVersion: string | null,
  limit: number,
): Promise<HistoryRow[]> {
  return (await db.query<HistoryRow>(HISTORY, [patient, belowVersion, limit])).rows;
}
