import type { DryRun } from '../../contract/feed-analysis.ts';
import {
  isPatientFieldPath,
  isPatientListName,
  PATIENT_FIELDS,
  PATIENT_LISTS,
  patientPathLabel,
  type FieldDefinition,
} from '../../domain/patient/patient-fields.ts';
import type { FieldValue, PatientInput } from '../../domain/patient/patient-record.ts';
import { maskValue } from '../../mapping/feed-profile/open-values.ts';

/** Counts what one message fills, with the draft and with the mapping in force. */
export function countTargets(
  targets: Map<string, DryRun['targets'][number]>,
  after: PatientInput,
  before: PatientInput | undefined,
): void {
  const now = filledTargets(after);
  const then = before === undefined ? new Set<string>() : filledTargets(before);
  for (const target of new Set([...now, ...then])) {
    const row = targets.get(target) ?? { target, label: patientPathLabel(target), before: 0, after: 0, of: 0 };
    if (then.has(target)) row.before += 1;
    if (now.has(target)) row.after += 1;
    targets.set(target, row);
  }
}

function filledTargets(input: PatientInput): Set<string> {
  const filled = new Set<string>();
  for (const [path, value] of Object.entries(input.fields)) if (value !== null && value !== undefined) filled.add(path);
  for (const [list, items] of Object.entries(input.lists)) if ((items?.length ?? 0) > 0) filled.add(list);
  return filled;
}

/** What a record would hold; values that tell who somebody is, or could harm him, are masked unless `reveal`. */
export function shownFields(input: PatientInput, reveal: boolean): DryRun['items'][number]['fields'] {
  const rows: DryRun['items'][number]['fields'] = [];
  const add = (
    path: string,
    label: string,
    field: FieldDefinition | undefined,
    value: FieldValue | null | undefined,
  ): void => {
    if (value === undefined) return;
    const text = value === null ? '(removed)' : typeof value === 'object' ? value.join(', ') : String(value);
    const masked = !reveal && value !== null && field?.sensitivity !== 'ordinary';
    rows.push({ path, label, value: masked ? maskValue(text) : text, masked });
  };
  for (const [path, value] of Object.entries(input.fields)) {
    add(path, patientPathLabel(path), isPatientFieldPath(path) ? PATIENT_FIELDS[path] : undefined, value);
  }
  for (const [list, items] of Object.entries(input.lists)) {
    if (!isPatientListName(list)) continue;
    const fields: Readonly<Record<string, FieldDefinition>> = PATIENT_LISTS[list].fields;
    for (const [i, item] of (items ?? []).entries()) {
      for (const [name, value] of Object.entries(item)) {
        const label = `${PATIENT_LISTS[list].label} ${i + 1}: ${fields[name]?.label ?? name}`;
        add(`${list}[${i + 1}].${name}`, label, fields[name], value);
      }
    }
  }
  return rows;
}
