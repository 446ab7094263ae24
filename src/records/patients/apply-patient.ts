import type { PatientFieldPath, PatientListName } from '../../domain/patient/patient-fields.ts';
import type {
  FieldValue,
  PatientChange,
  PatientInput,
  PatientLists,
  PatientRecord,
  PatientSource,
  Sourced,
} from '../../domain/patient/patient-record.ts';
import { applyList } from './apply-list.ts';
import { compactSources } from './compact-sources.ts';

/** The message that speaks, when it was received (ISO 8601, UTC), and the system that it came from. */
export interface ChangeSource {
  readonly messageId: string;
  readonly at: string;
  readonly systemId: string;
}

export interface AppliedPatient {
  /** The record afterwards; the very same object as before when nothing changed. */
  readonly record: PatientRecord;
  /** What changed, in the order of the input; for a new record every field that it has. */
  readonly changes: readonly PatientChange[];
  readonly changed: boolean;
  /** The message told the birth date less exactly than the record has it; the record's stays. */
  readonly keptBirthDate: boolean;
}

const EMPTY: PatientRecord = { fields: {}, lists: {}, sources: [], provenance: {} };

/**
 * Brings what a message says about a patient into the record. Absent paths stay as they are, `null` removes, a value
 * equal to the one already there changes neither value nor source. Whether the message is older than what the record
 * already knows is the caller's question.
 */
export function applyPatientInput(
  existing: PatientRecord | undefined,
  input: PatientInput,
  source: ChangeSource,
): AppliedPatient {
  const before = existing ?? EMPTY;
  const changes: PatientChange[] = [];
  const index = sourceIndex(before.sources, source.messageId);

  let fields: Record<string, FieldValue> | undefined;
  let provenance: Record<string, number> | undefined;
  let keptBirthDate = false;
  for (const key in input.fields) {
    const path = key as PatientFieldPath;
    const next = input.fields[path];
    if (next === undefined) continue;
    const old = before.fields[path];
    if (next === null ? old === undefined : old !== undefined && sameValue(old, next)) continue;
    if (path === 'date_of_birth' && isLessExact(next, old)) {
      keptBirthDate = true;
      continue;
    }
    fields ??= { ...(before.fields as Record<string, FieldValue>) };
    provenance ??= { ...before.provenance };
    if (next === null) {
      delete fields[path];
      delete provenance[path];
    } else {
      fields[path] = next;
      if (index === 0) delete provenance[path];
      else provenance[path] = index;
    }
    changes.push({ path, old: old ?? null, new: next });
  }

  let lists: Record<string, readonly Sourced<PatientLists[PatientListName]>[]> | undefined;
  for (const key in input.lists) {
    const name = key as PatientListName;
    const items = input.lists[name];
    if (items === undefined) continue;
    const applied = applyList(name, before.lists[name] ?? [], items, before.sources, index, source.systemId);
    if (applied === undefined) continue;
    lists ??= { ...before.lists };
    if (applied.items.length === 0) delete lists[name];
    else lists[name] = applied.items;
    changes.push({
      path: name,
      old: applied.gone.length === 0 ? null : applied.gone,
      new: applied.come.length === 0 ? null : applied.come,
    });
  }

  if (changes.length === 0 && existing !== undefined)
    return { record: existing, changes, changed: false, keptBirthDate };
  const sources: PatientSource[] = [...before.sources];
  if (index === sources.length) sources.push([source.messageId, source.at, source.systemId]);
  const record: PatientRecord = {
    ...before,
    fields: fields ?? before.fields,
    lists: lists ?? before.lists,
    sources,
    provenance: provenance ?? before.provenance,
  };
  return { record: sources.length > 1 ? compactSources(record) : record, changes, changed: true, keptBirthDate };
}

/** The message's place among the sources: its old one when it is replayed, otherwise the next. */
function sourceIndex(sources: readonly PatientSource[], messageId: string): number {
  for (let i = 0; i < sources.length; i++) if (sources[i]?.[0] === messageId) return i;
  return sources.length;
}

/** Whether a date is the beginning of one that is known: `1980` of `1980-05-15`. It says nothing that the other does not. */
function isLessExact(next: FieldValue | null, old: FieldValue | undefined): boolean {
  return typeof next === 'string' && typeof old === 'string' && next !== '' && old.startsWith(`${next}-`);
}

/** Sets of codes are equal whatever their order. */
function sameValue(a: FieldValue, b: FieldValue): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a.length !== b.length) return false;
  return a.every((code) => b.includes(code));
}
