import { describeComponent, describeField } from '../../formats/hl7v2/dictionary.ts';
import { maxFieldLength, tableCodes } from '../../formats/hl7v2/limits.ts';
import { datePrecision } from './value-kind.ts';

/** What the standard says of a field or a component in one version. */
export interface StandardPart {
  readonly name: string;
  /** The data type of the part itself. */
  readonly type: string;
  /** The data type of the whole field. */
  readonly fieldType: string;
  readonly table: string;
  readonly codes: ReadonlyMap<string, string> | undefined;
  /** The sender must keep to the HL7 table (data type ID); otherwise the table only suggests codes. */
  readonly strict: boolean;
  readonly required: boolean;
  readonly repeats: boolean;
  readonly withdrawn: boolean;
  readonly maxLength: number | undefined;
}

/** Types whose first component is a code of the field's table. */
const CODED = new Set(['CE', 'CWE', 'CNE', 'CF']);
const PLAIN_CODES = new Set(['ID', 'IS']);

/** A whole field (`component` 0) or a component of it; undefined for what the version does not have. */
export function standardPart(
  version: string | undefined,
  segment: string,
  field: number,
  component: number,
): StandardPart | undefined {
  const whole = describeField(version, segment, field);
  if (whole === undefined) return undefined;
  const base = { fieldType: whole.type, required: false, repeats: true, withdrawn: false };
  if (component === 0) {
    return {
      ...base,
      ...codesOf(whole.table, whole.type),
      name: whole.name,
      type: whole.type,
      required: whole.required,
      repeats: whole.repeats,
      withdrawn: whole.withdrawn,
      maxLength: maxFieldLength(version, segment, field),
    };
  }
  const part = describeComponent(version, whole.type, component);
  if (part === undefined) {
    // A type without components: its first is the field itself.
    if (component > 1 || describeComponent(version, whole.type, 2) !== undefined) return undefined;
    return {
      ...base,
      ...codesOf(whole.table, whole.type),
      name: whole.name,
      type: whole.type,
      maxLength: undefined,
    };
  }
  // Older versions call the first component of a time stamp a plain text.
  const type = component === 1 && whole.type === 'TS' ? 'TS' : part.type;
  const coded = component === 1 && CODED.has(whole.type) ? whole.table : part.table;
  return { ...base, ...codesOf(coded, type), name: part.name, type, maxLength: undefined };
}

function codesOf(table: string | undefined, type: string): Pick<StandardPart, 'table' | 'codes' | 'strict'> {
  const number = table ?? '';
  const codes = number === '' ? undefined : tableCodes(number);
  return { table: number, codes, strict: type === 'ID' && codes !== undefined };
}

/** Whether a part holds codes by the standard. */
export function isCoded(part: StandardPart | undefined): boolean {
  return part !== undefined && (part.table !== '' || PLAIN_CODES.has(part.type));
}

/** Whether the second component says in words what the first says as a code; so for fields that nobody defines, too. */
export function hasText(part: StandardPart | undefined): boolean {
  return part === undefined || CODED.has(part.fieldType);
}

const FORMS: Readonly<Record<string, (value: string) => boolean>> = {
  DT: (value) => /^\d{4}(?:\d{2}(?:\d{2})?)?$/.test(value),
  TM: (value) => /^\d{2}(?:\d{2}(?:\d{2}(?:\.\d{1,4})?)?)?(?:[+-]\d{4})?$/.test(value),
  TS: (value) => datePrecision(value) !== undefined,
  DTM: (value) => datePrecision(value) !== undefined,
  NM: (value) => /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(value),
  SI: (value) => /^\d{1,4}$/.test(value),
};

/** Whether a value has the form of its data type; types of any form hold everything. */
export function fitsType(type: string, value: string): boolean {
  return FORMS[type]?.(value) ?? true;
}
