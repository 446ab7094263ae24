import { SYSTEM_ACTOR } from '../../domain/actor.ts';
import type { Sealer } from '../../security/sealing.ts';
import { readMerges, type MergeRow } from '../../store/queries/clinical-rows.ts';
import { readPatientHistory, readPatientRows } from '../../store/queries/patient-rows.ts';
import { readPlaces } from '../../store/queries/places.ts';
import { int8Text, maybeInt8Text } from '../../store/queries/values.ts';
import type { Database } from '../../store/queryable.ts';
import { boundedRead } from '../bounded-read.ts';
import { changeViews, type FieldChangeView } from '../messages/change-view.ts';
import { idInstant } from '../messages/message-item.ts';
import { readIdCursor } from '../page-cursor.ts';
import { openChanges, openPatient } from './patient-reader.ts';
import { patientDetail, type PatientDetailView } from './patient-views.ts';

interface PatientMerges {
  readonly merged_into: string | null;
  readonly merged: { patient_id: string; message_id: string; at: string }[];
}

function mergesOf(rows: readonly MergeRow[], id: string): PatientMerges {
  const gone = rows.findLast((row) => int8Text(row.merged_id) === id);
  return {
    merged_into: gone === undefined ? null : int8Text(gone.survivor_id),
    merged: rows.flatMap((row) =>
      int8Text(row.survivor_id) === id
        ? [
            {
              patient_id: int8Text(row.merged_id),
              message_id: int8Text(row.message_id),
              at: row.merged_at.toISOString(),
            },
          ]
        : [],
    ),
  };
}

export interface PatientReadDeps {
  readonly db: Database;
  readonly sealer: Sealer;
}

/** One patient with the source of each field; undefined when there is none of that id. */
export function readPatient(
  deps: PatientReadDeps,
  id: string,
): Promise<(PatientDetailView & PatientMerges) | undefined> {
  return boundedRead(deps.db, async (tx) => {
    const [row] = await readPatientRows(tx, [id]);
    if (row === undefined) return undefined;
    const detail = patientDetail(row, openPatient(deps.sealer, row), await readPlaces(tx));
    return { ...detail, ...mergesOf(await readMerges(tx, id), id) };
  });
}

/** What one processing changed of a patient. */
export interface PatientHistoryView {
  readonly id: string;
  readonly at: string;
  readonly version: number;
  readonly message_id: string | null;
  readonly system_name: string | null;
  readonly actor: string;
  readonly changes: FieldChangeView[];
}

/** A patient's changes, the last applied first; undefined when there is no such patient. */
export function readHistory(
  deps: PatientReadDeps,
  patient: string,
  request: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ items: PatientHistoryView[]; next?: string } | undefined> {
  const below = readIdCursor(request.cursor) ?? null;
  return boundedRead(deps.db, async (tx) => {
    const [exists] = await readPatientRows(tx, [patient]);
    if (exists === undefined) return undefined;
    const rows = await readPatientHistory(tx, patient, below, request.limit + 1);
    const { systems } = await readPlaces(tx);
    const items = rows.slice(0, request.limit).map((row): PatientHistoryView => {
      const systemId = maybeInt8Text(row.system_id);
      return {
        id: int8Text(row.id),
        at: idInstant(row.id),
        version: row.version,
        message_id: maybeInt8Text(row.message_id),
        system_name: systemId === null ? null : (systems.get(systemId)?.name ?? ''),
        actor: row.requested_by ?? SYSTEM_ACTOR.name,
        changes: changeViews(openChanges(deps.sealer, row.id, row.changes)),
      };
    });
    const last = items.at(-1);
    return rows.length > items.length && last !== undefined ? { items, next: String(last.version) } : { items };
  });
}
