import { codeLabel } from '../../domain/patient/code-labels.ts';
import type { FieldDefinition } from '../../domain/patient/patient-fields.ts';

/**
 * A value as people say it: a code with what it means in front (`Spouse (SPO)`), a flag as yes or no, several values
 * behind each other. A code that its set does not know stands alone; what is not there is an empty text.
 */
export function valueText(definition: FieldDefinition | undefined, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((part) => valueText(definition, part)).join('; ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'string') return JSON.stringify(value);
  const set = definition?.codeSet;
  if (set === undefined) return value;
  const label = codeLabel(set, value);
  return label === value ? value : `${label} (${value})`;
}
