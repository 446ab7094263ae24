import { IDENTIFIER_TYPES } from '../../domain/patient/identifier-types.ts';
import {
  isPatientListName,
  PATIENT_FIELDS,
  PATIENT_LISTS,
  type FieldDefinition,
} from '../../domain/patient/patient-fields.ts';
import type { PatientChange } from '../../domain/patient/patient-record.ts';
import { valueText } from './value-text.ts';

/** A change for people to read: which field, and its values before and after in words. */
export interface ChangeLine {
  readonly label: string;
  /** null: there was no value. */
  readonly old: string | null;
  /** null: there is none any more. */
  readonly new: string | null;
}

type Item = Readonly<Record<string, unknown>>;

/** A change as lines to read: a field is one line; of a list only what really differs, item by item. */
export function changeLines(change: PatientChange): ChangeLine[] {
  if (change.path === 'identifiers') return identifierLines(itemsOf(change.old), itemsOf(change.new));
  if (isPatientListName(change.path)) return listLines(change.path, itemsOf(change.old), itemsOf(change.new));
  const definition = PATIENT_FIELDS[change.path];
  const text = (value: unknown): string | null => valueText(definition, value) || null;
  return [{ label: definition.label, old: text(change.old), new: text(change.new) }];
}

/** `Medical record number (NEXTGEN)`: what an identifier is and who gave it. */
export function identifierLabel(identifier: { readonly type?: unknown; readonly authority?: unknown }): string {
  const { type, authority } = identifier;
  const what = typeof type === 'string' && type !== '' ? (IDENTIFIER_TYPES[type]?.label ?? type) : 'Identifier';
  return typeof authority === 'string' && authority !== '' ? `${what} (${authority})` : what;
}

/** Identifiers of one kind and authority pair up in their order: a value that took another's place is one line. */
function identifierLines(before: readonly Item[], after: readonly Item[]): ChangeLine[] {
  const [olds, news] = [valuesByLabel(before), valuesByLabel(after)];
  return [...new Set([...olds.keys(), ...news.keys()])].flatMap((label) => {
    const old = olds.get(label) ?? new Set();
    const now = news.get(label) ?? new Set();
    const gone = [...old].filter((value) => !now.has(value));
    const come = [...now].filter((value) => !old.has(value));
    return Array.from({ length: Math.max(gone.length, come.length) }, (_, index) => ({
      label,
      old: gone[index] ?? null,
      new: come[index] ?? null,
    }));
  });
}

function valuesByLabel(items: readonly Item[]): Map<string, Set<string>> {
  const values = new Map<string, Set<string>>();
  for (const item of items) {
    const label = identifierLabel(item);
    const known = values.get(label) ?? new Set();
    values.set(label, known.add(valueText(undefined, item['value'])));
  }
  return values;
}

const SINGULAR = { coverage: 'Coverage', related_persons: 'Related person' } as const;

function listLines(
  list: Exclude<keyof typeof PATIENT_LISTS, 'identifiers'>,
  before: readonly Item[],
  after: readonly Item[],
): ChangeLine[] {
  const definitions: Readonly<Record<string, FieldDefinition>> = PATIENT_LISTS[list].fields;
  const count = Math.max(before.length, after.length);
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const name = count === 1 ? SINGULAR[list] : `${SINGULAR[list]} ${index + 1}`;
    const [old, now] = [before[index], after[index]];
    return Object.entries(definitions).flatMap(([path, definition]) => {
      const [was, is] = [valueText(definition, old?.[path]), valueText(definition, now?.[path])];
      if (was === is) return [];
      return [{ label: `${name}, ${inSentence(definition.label)}`, old: was || null, new: is || null }];
    });
  });
}

/** A label behind another: `Payer address: city` goes on in lower case, `ID` and the like stay. */
function inSentence(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}

function itemsOf(value: PatientChange['old']): readonly Item[] {
  return Array.isArray(value) ? value.filter((item): item is Item => typeof item === 'object' && item !== null) : [];
}
