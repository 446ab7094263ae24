import type { Sealer } from '../../security/sealing.ts';
import {
  countClinicalRows,
  readClinicalHistory,
  readClinicalRow,
  readClinicalRows,
  type ClinicalRow,
} from '../../store/queries/clinical-rows.ts';
import { readPatientRows } from '../../store/queries/patient-rows.ts';
import { readPlaces, type Places } from '../../store/queries/places.ts';
import { int8Text } from '../../store/queries/values.ts';
import type { Database } from '../../store/queryable.ts';
import { SEALED_COLUMNS } from '../../store/sealed-columns.ts';
import { boundedRead } from '../bounded-read.ts';
import { readIdCursor } from '../page-cursor.ts';
import type { RecordBody, RecordState } from '../record-input.ts';
import { CLINICAL_GROUPS, clinicalGroup, resourceWords, type ClinicalGroup } from './resource-words.ts';
import { decodeResource } from './stored-resource.ts';

export interface ClinicalReadDeps {
  readonly db: Database;
  readonly sealer: Sealer;
}

export interface ClinicalItemView {
  readonly id: string;
  readonly group: ClinicalGroup;
  readonly type: string;
  readonly title: string;
  readonly date: string | null;
  readonly summary: string;
  readonly status: string;
  /** Cancelled or withdrawn. */
  readonly ended: boolean;
  readonly version: number;
  readonly updated_at: string;
  readonly message_id: string;
  readonly system_name: string;
}

interface ClinicalPage {
  readonly groups: { group: ClinicalGroup; count: number }[];
  readonly items: ClinicalItemView[];
  readonly next?: string;
}

/** A group of a patient's clinical records, the newest first; undefined when there is no such patient. */
export function readClinical(
  { db, sealer }: ClinicalReadDeps,
  patient: string,
  request: { readonly group: ClinicalGroup; readonly cursor?: string | undefined; readonly limit: number },
): Promise<ClinicalPage | undefined> {
  const below = readIdCursor(request.cursor) ?? null;
  return boundedRead(db, async (tx) => {
    const [exists] = await readPatientRows(tx, [patient]);
    if (exists === undefined) return undefined;
    const rows = await readClinicalRows(tx, patient, CLINICAL_GROUPS[request.group], below, request.limit + 1);
    const counts = await countClinicalRows(tx, patient);
    const places = await readPlaces(tx);
    const items = rows.slice(0, request.limit).map((row) => itemView(row, openCurrent(sealer, row), places));
    const groups = (Object.keys(CLINICAL_GROUPS) as ClinicalGroup[]).map((group) => ({
      group,
      count: counts.reduce((sum, { type, count }) => sum + (clinicalGroup(type) === group ? count : 0), 0),
    }));
    const last = items.at(-1);
    return rows.length > items.length && last !== undefined ? { groups, items, next: last.id } : { groups, items };
  });
}

interface ClinicalVersionView {
  readonly version: number;
  readonly status: string;
  readonly at: string;
  readonly message_id: string;
  readonly summary: string;
  readonly resource: Record<string, unknown>;
}

export interface ClinicalDetailView extends ClinicalItemView {
  readonly patient_id: string;
  readonly facts: { label: string; value: string }[];
  readonly resource: Record<string, unknown>;
  /** The versions before, the latest first. */
  readonly history: ClinicalVersionView[];
}

/** Versions before that are shown; a record has few. */
const MAX_HISTORY = 100;

/** One clinical record with what it was before; undefined when there is none of that id. */
export function readClinicalResource(
  { db, sealer }: ClinicalReadDeps,
  id: string,
): Promise<ClinicalDetailView | undefined> {
  return boundedRead(db, async (tx) => {
    const row = await readClinicalRow(tx, id);
    if (row === undefined) return undefined;
    const state = openCurrent(sealer, row);
    const history = await readClinicalHistory(tx, id, MAX_HISTORY);
    return {
      ...itemView(row, state, await readPlaces(tx)),
      patient_id: int8Text(row.patient_id),
      facts: resourceWords(state.body).facts.map((fact) => ({ ...fact })),
      resource: withMeta(state.body, int8Text(row.id), row.version, row.updated_at),
      history: history.map((version) => {
        const text = sealer.open(SEALED_COLUMNS.clinicalHistory, BigInt(version.id), version.resource).toString('utf8');
        const { body } = decodeResource(text, version.status);
        return {
          version: version.version,
          status: version.status,
          at: version.made_at.toISOString(),
          message_id: int8Text(version.message_id),
          summary: resourceWords(body).summary,
          resource: withMeta(body, int8Text(row.id), version.version, version.made_at),
        };
      }),
    };
  });
}

function openCurrent(sealer: Sealer, row: ClinicalRow): RecordState {
  const text = sealer.open(SEALED_COLUMNS.clinicalResource, BigInt(row.id), row.resource).toString('utf8');
  return decodeResource(text, row.status);
}

function itemView(row: ClinicalRow, state: RecordState, { systems }: Places): ClinicalItemView {
  const { title, date, summary } = resourceWords(state.body);
  return {
    id: int8Text(row.id),
    group: clinicalGroup(row.type),
    type: row.type,
    title,
    date,
    summary,
    status: row.status,
    ended: state.ended,
    version: row.version,
    updated_at: row.updated_at.toISOString(),
    message_id: int8Text(row.message_id),
    system_name: systems.get(int8Text(row.system_id))?.name ?? '',
  };
}

/** The resource as a FHIR server would give it: with its id and version. */
function withMeta(body: RecordBody, id: string, version: number, at: Date): Record<string, unknown> {
  const { resourceType, meta, ...rest } = body;
  return {
    resourceType,
    id,
    meta: { ...(meta as object | undefined), versionId: String(version), lastUpdated: at.toISOString() },
    ...rest,
  };
}
