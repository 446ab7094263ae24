import { patientPathLabel } from '../../domain/patient/patient-fields.ts';
import type { PatientChange } from '../../domain/patient/patient-record.ts';
import { beyondShown, boundedValue, MAX_SHOWN } from '../bounded-list.ts';
import { changeLines, type ChangeLine } from '../patients/change-lines.ts';

export interface FieldChangeView {
  readonly path: string;
  readonly label: string;
  readonly old: unknown;
  readonly new: unknown;
  /** The same for people to read. */
  readonly lines: ChangeLine[];
  /** How many more lines there are than are shown. */
  readonly more_lines: number;
}

/**
 * Changes of a patient with the labels of their fields; where an item of a list came from is left out, and of a very
 * long list all but its beginning.
 */
export function changeViews(changes: readonly PatientChange[]): FieldChangeView[] {
  return changes.map((change) => {
    const lines = changeLines(change);
    return {
      path: change.path,
      label: patientPathLabel(change.path),
      old: boundedValue(withoutSource(change.old)),
      new: boundedValue(withoutSource(change.new)),
      lines: lines.slice(0, MAX_SHOWN),
      more_lines: beyondShown(lines.length),
    };
  });
}

function withoutSource(value: PatientChange['old']): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown) => {
    if (typeof item !== 'object' || item === null) return item;
    const { src: _, ...rest } = item as { readonly src?: unknown };
    return rest;
  });
}
