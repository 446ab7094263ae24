import type { Queryable } from '../queryable.ts';
import type { Int8 } from './values.ts';

/** A clinical resource, sealed. */
export interface ClinicalRow {
  readonly id: Int8;
  readonly patient_id: Int8;
  readonly system_id: Int8;
  readonly type: string;
  readonly version: number;
  readonly status: string;
  readonly message_id: Int8;
  readonly updated_at: Date;
  readonly resource: Buffer;
}

const COLUMNS = 'id, patient_id, system_id, type, version, status, message_id, updated_at, resource';

/** Resources of one patient of these types, the newest first. */
export async function readClinicalRows(
  db: Queryable,
  patient: string,
  types: readonly string[],
  below: string | null,
  limit: number,
): Promise<ClinicalRow[]> {
  const text = `select ${COLUMNS} from clinical_resources
    where patient_id = $1 and type = any($2::text[]) and ($3::bigint is null or id < $3) order by id desc limit $4`;
  return (await db.query<ClinicalRow>(text, [patient, types, below, limit])).rows;
}

/** How many resources of each type a patient has. */
export async function countClinicalRows(
  db: Queryable,
  patient: string,
): Promise<readonly { readonly type: string; readonly count: number }[]> {
  const text = 'select type, count(*)::int as count from clinical_resources where patient_id = $1 group by type';
  return (await db.query<{ type: string; count: number }>(text, [patient])).rows;
}

/** One resource. */
export async function readClinicalRow(db: Queryable, id: string): Promise<ClinicalRow | undefined> {
  return (await db.query<ClinicalRow>(`select ${COLUMNS} from clinical_resources where id = $1`, [id])).rows[0];
}

/** A version of a resource that was replaced, sealed. */
export interface ClinicalHistoryRow {
  readonly id: Int8;
  readonly version: number;
  readonly status: string;
  readonly message_id: Int8;
  readonly made_at: Date;
  readonly resource: Buffer;
}

/** The versions before, the latest first. */
export async function readClinicalHistory(db: Queryable, id: string, limit: number): Promise<ClinicalHistoryRow[]> {
  const text = `select id, version, status, message_id, made_at, resource from clinical_history
    where resource_id = $1 order by version desc limit $2`;
  return (await db.query<ClinicalHistoryRow>(text, [id, limit])).rows;
}

/** A merge that a patient took part in. */
export interface MergeRow {
  readonly survivor_id: Int8;
  readonly merged_id: Int8;
  readonly message_id: Int8;
  readonly merged_at: Date;
}

/** The merges of a patient, as the one who stayed or the one who went, the oldest first. */
export async function readMerges(db: Queryable, patient: string): Promise<MergeRow[]> {
  const text = `select survivor_id, merged_id, message_id, merged_at from patient_merges
    where survivor_id = $1 or merged_id = $1 order by id`;
  return (await db.query<MergeRow>(text, [patient])).rows;
}
