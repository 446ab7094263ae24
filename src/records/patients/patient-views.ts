import { codeLabel } from '../../domain/patient/code-labels.ts';
import { identifierScope } from '../../domain/patient/identifier-types.ts';
import {
  PATIENT_FIELDS,
  PATIENT_LISTS,
  type FieldDefinition,
  type PatientFieldPath,
} from '../../domain/patient/patient-fields.ts';
import {
  fieldSource,
  itemSource,
  type PatientRecord,
  type PatientSource,
} from '../../domain/patient/patient-record.ts';
import { patientView } from '../../domain/patient/patient-view.ts';
import { idTimeMs } from '../../domain/ids.ts';
import type { PatientRow } from '../../store/queries/patient-rows.ts';
import type { Places } from '../../store/queries/places.ts';
import { int8Text } from '../../store/queries/values.ts';
import { beyondShown, boundedValue, MAX_SHOWN } from '../bounded-list.ts';
import { identifierLabel } from './change-lines.ts';
import { patientName } from './patient-reader.ts';
import { valueText } from './value-text.ts';

export interface PatientItemView {
  readonly id: string;
  readonly environment_id: string;
  readonly name: string;
  readonly date_of_birth: string | null;
  readonly gender: string | null;
  readonly gender_label: string | null;
  readonly phone: string | null;
  readonly city: string | null;
  readonly identifiers: { authority: string; type: string; value: string }[];
  readonly identifier_count: number;
  readonly updated_at: string;
}

export interface FieldSourceView {
  readonly message_id: string;
  readonly system_id: string;
  readonly system_name: string;
  readonly at: string;
}

export interface PatientFieldView {
  readonly path: string;
  readonly label: string;
  readonly group: string;
  readonly value: unknown;
  /** The value as people say it. */
  readonly text: string;
  readonly source: FieldSourceView | null;
}

export interface PatientDetailView extends PatientItemView {
  readonly version: number;
  readonly created_at: string;
  readonly record: Record<string, unknown>;
  readonly fields: PatientFieldView[];
  /** Lists that are longer than what is shown. */
  readonly more: { group: string; count: number }[];
}

/** Identifiers of one line of a list. */
const IN_A_LIST = 5;

/** One line of the list of patients. Identifiers that tell who a person is come first. */
export function patientItem(row: PatientRow, record: PatientRecord, identifiers = IN_A_LIST): PatientItemView {
  const { fields } = record;
  const gender = text(fields.gender);
  const phone = fields.phone_mobile ?? fields.phone_home ?? fields.phone_work;
  const rank = (type: string | undefined): number => (identifierScope(type) === 'person' ? 0 : 1);
  return {
    id: int8Text(row.id),
    environment_id: int8Text(row.environment_id),
    name: patientName(record),
    date_of_birth: text(fields.date_of_birth),
    gender,
    gender_label: gender === null ? null : codeLabel('gender', gender),
    phone: text(phone),
    city: text(fields['address.city']),
    identifiers: (record.lists.identifiers ?? [])
      .toSorted((a, b) => rank(a.type) - rank(b.type))
      .slice(0, identifiers)
      .map((one) => ({ authority: one.authority ?? '', type: one.type ?? '', value: one.value })),
    identifier_count: record.lists.identifiers?.length ?? 0,
    updated_at: row.updated_at.toISOString(),
  };
}

/** A patient whole: the record and each filled field with the message that it came from. */
export function patientDetail(row: PatientRow, record: PatientRecord, places: Places): PatientDetailView {
  return {
    ...patientItem(row, record, MAX_SHOWN),
    version: row.version,
    created_at: new Date(idTimeMs(BigInt(row.id))).toISOString(),
    record: boundedValue(patientView(record)) as Record<string, unknown>,
    fields: [...singleFields(record, places), ...identifierFields(record, places), ...listFields(record, places)],
    more: longLists(record),
  };
}

function singleFields(record: PatientRecord, places: Places): PatientFieldView[] {
  return (Object.keys(PATIENT_FIELDS) as PatientFieldPath[]).flatMap((path) => {
    const value = record.fields[path];
    if (value === undefined) return [];
    const definition = PATIENT_FIELDS[path];
    const { label, group } = definition;
    const source = sourceView(fieldSource(record, path), places);
    return [{ path, label, group, value, text: valueText(definition, value), source }];
  });
}

function longLists(record: PatientRecord): { group: string; count: number }[] {
  return (['identifiers', 'coverage', 'related_persons'] as const).flatMap((name) => {
    const count = beyondShown(record.lists[name]?.length ?? 0);
    return count === 0 ? [] : [{ group: PATIENT_LISTS[name].label, count }];
  });
}

/** An identifier is one line: its type is the label, its authority stands behind it. */
function identifierFields(record: PatientRecord, places: Places): PatientFieldView[] {
  return (record.lists.identifiers ?? []).slice(0, MAX_SHOWN).map((one, index) => ({
    path: `identifiers[${index}]`,
    label: identifierLabel(one),
    group: PATIENT_LISTS.identifiers.label,
    value: one.value,
    text: one.value,
    source: sourceView(itemSource(record, one), places),
  }));
}

/** The items of the other lists: a group each, field by field. */
function listFields(record: PatientRecord, places: Places): PatientFieldView[] {
  return (['coverage', 'related_persons'] as const).flatMap((name) => {
    const { label, fields } = PATIENT_LISTS[name];
    const definitions: Readonly<Record<string, FieldDefinition>> = fields;
    const items: readonly { readonly src?: number }[] = record.lists[name] ?? [];
    return items.slice(0, MAX_SHOWN).flatMap((item, index) => {
      const source = sourceView(itemSource(record, item), places);
      const values: Readonly<Record<string, unknown>> = { ...item };
      return Object.entries(definitions).flatMap(([path, definition]) => {
        const value = values[path];
        if (value === undefined) return [];
        const group = items.length > 1 ? `${label} ${index + 1}` : label;
        const text = valueText(definition, value);
        return [{ path: `${name}[${index}].${path}`, label: definition.label, group, value, text, source }];
      });
    });
  });
}

function sourceView(source: PatientSource | undefined, places: Places): FieldSourceView | null {
  if (source === undefined) return null;
  const [messageId, at, systemId] = source;
  return { message_id: messageId, system_id: systemId, system_name: places.systems.get(systemId)?.name ?? '', at };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
