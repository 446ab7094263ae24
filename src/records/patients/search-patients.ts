import type { PatientRecord } from '../../domain/patient/patient-record.ts';
import { matchesSearch, parseSearch } from '../../matching/parse-search.ts';
import type { BlindIndex } from '../../security/blind-index.ts';
import type { Sealer } from '../../security/sealing.ts';
import { findPatientIds, listPatientRows, readPatientRows, type PatientRow } from '../../store/queries/patient-rows.ts';
import { readPlaces } from '../../store/queries/places.ts';
import { int8Text } from '../../store/queries/values.ts';
import type { Database, Queryable } from '../../store/queryable.ts';
import { boundedRead } from '../bounded-read.ts';
import { isPossibleId, readIdCursor } from '../page-cursor.ts';
import { RecordsError } from '../records-error.ts';
import { openPatient, patientName } from './patient-reader.ts';
import { patientItem, type PatientItemView } from './patient-views.ts';
import { searchHashes, type WantedTokens } from './search-hashes.ts';

export interface PatientSearchDeps {
  readonly db: Database;
  readonly sealer: Sealer;
  readonly searchIndex: BlindIndex;
}

export interface PatientSearchRequest {
  readonly environment?: string | undefined;
  readonly text: string;
  readonly sounds_like: boolean;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface PatientPage {
  readonly items: PatientItemView[];
  readonly next?: string;
  /** How many were found; absent when all patients are listed. */
  readonly total?: number;
}

/** Patients that are opened for one search; the newest when the text leads to more. */
const MAX_FOUND = 2_000;

/**
 * Patients by what a person types, in the order of their names; without a text the newest ones.
 *
 * @throws RecordsError `search_text_unusable`, `search_too_wide`, `cursor_invalid`
 */
export async function searchPatients(deps: PatientSearchDeps, request: PatientSearchRequest): Promise<PatientPage> {
  const cursor = readIdCursor(request.cursor);
  const environment = request.environment ?? null;
  if (environment !== null && !isPossibleId(environment)) return { items: [] };
  if (request.text.trim() === '') {
    const rows = await boundedRead(deps.db, (tx) =>
      listPatientRows(tx, environment, cursor ?? null, request.limit + 1),
    );
    const kept = rows.slice(0, request.limit);
    const items = kept.map((row) => patientItem(row, openPatient(deps.sealer, row)));
    return page(items, rows.length > kept.length);
  }
  const options = { soundsLike: request.sounds_like };
  const tokens = parseSearch(request.text, options);
  if (tokens.length === 0) throw new RecordsError('search_text_unusable');
  const rows = await boundedRead(deps.db, (tx) => findRows(deps, tx, tokens, environment));
  const found = rows
    .map((row) => ({ row, record: openPatient(deps.sealer, row) }))
    .filter(({ record }) => matchesSearch(record, request.text, options))
    .map(({ row, record }) => ({ row, record, id: int8Text(row.id), name: patientName(record) }))
    .sort(byName);
  // A patient that left the result since the last page (his name changed) is no place to go on from.
  const start = cursor === undefined ? 0 : found.findIndex((one) => one.id === cursor) + 1;
  if (cursor !== undefined && start === 0) throw new RecordsError('cursor_invalid');
  const items = found.slice(start, start + request.limit).map(({ row, record }) => patientItem(row, record));
  return { ...page(items, start + items.length < found.length), total: found.length };
}

async function findRows(
  deps: PatientSearchDeps,
  tx: Queryable,
  tokens: WantedTokens,
  environment: string | null,
): Promise<PatientRow[]> {
  const { systems } = await readPlaces(tx);
  const all = [...new Set([...systems.values()].map((system) => system.environmentId))];
  const environments = environment === null ? all : [environment];
  if (environments.length === 0) return [];
  const hashes = searchHashes(deps.searchIndex, tokens, environments);
  return readPatientRows(tx, await findPatientIds(tx, hashes, environment, MAX_FOUND));
}

const collator = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

/** A patient that fits, before it is known whether the page shows him. */
interface Found {
  readonly record: PatientRecord;
  readonly id: string;
  readonly name: string;
}

function byName(a: Found, b: Found): number {
  return (
    collator.compare(a.name, b.name) ||
    collator.compare(bornOf(a.record), bornOf(b.record)) ||
    (BigInt(a.id) < BigInt(b.id) ? -1 : 1)
  );
}

function bornOf({ fields }: PatientRecord): string {
  return typeof fields.date_of_birth === 'string' ? fields.date_of_birth : '';
}

function page(items: PatientItemView[], more: boolean): PatientPage {
  const last = items.at(-1);
  return more && last !== undefined ? { items, next: last.id } : { items };
}
