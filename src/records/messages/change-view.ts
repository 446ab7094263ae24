import { patientPathLabel } from '../../domain/patient/patient-fields.ts';
import type { PatientChange } from '../../domain/patient/patient-record.ts';
import { changeLines, type ChangeLine } from '../patients/change-lines.ts';

export interface FieldChangeView {
  readonly path: string;
  readonly label: string;
  readonly old: unknown;
  readonly new: unknown;
  /** The same for people to read. */
  readonly lines: ChangeLine[];
}

/** Changes of a patient with the labels of their fields; where an item of a list came from is left out. */
export function changeViews(changes: readonly PatientChange[]): FieldChangeView[] {
  return changes.map((change) => ({
    path: change.path,
    label: patientPathLabel(change.path),
    old: withoutSource(change.old),
    new: withoutSource(change.new),
    lines: changeLines(change),
  }));
}

function withoutSource(value: PatientChange['old']): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown) => {
    if (typeof item !== 'object' || item === null) return item;
    const { src: _, ...rest } = item as { readonly src?: unknown };
    return rest;
  });
}
