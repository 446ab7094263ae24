import type { StandardPart } from './standard-part.ts';
import type { ValueKind } from './value-kind.ts';

/** Data types whose parts name a person, reach him or tell his days; a code beside them (a type, a use) does not. */
const PERSONAL_TYPES: Readonly<Record<string, readonly number[]>> = {
  XPN: [5, 6, 7, 8],
  PN: [5, 6],
  XCN: [7, 9, 10, 13],
  CN: [7, 8],
  XAD: [4, 6, 7, 9],
  AD: [4, 6, 7],
  XTN: [2, 3],
  TN: [],
  CX: [4, 5, 6],
  CK: [4],
  TS: [],
  DT: [],
  DTM: [],
  TX: [],
  FT: [],
  ED: [2, 3, 4],
};
/** Segments about people, where text without a code table is theirs. */
const PEOPLE = new Set(['PID', 'PD1', 'NK1', 'GT1', 'IN1', 'IN2', 'IN3', 'MRG', 'ACC', 'AL1', 'OBX', 'NTE', 'DG1']);
const CODE_LIKE: ReadonlySet<ValueKind> = new Set<ValueKind>(['code', 'flag', 'number', 'name', 'text', 'id']);

/** Where a value stands, for the decision whether everybody may see it. */
export interface PartInQuestion {
  readonly segment: string;
  readonly component: number;
  readonly standard: StandardPart | undefined;
  readonly coded: boolean;
  readonly kind: ValueKind;
  /** The whole field's values are few and repeat. */
  readonly isValueSet: boolean;
}

/**
 * Whether a value may be shown to those who may not see patient data. A code of an HL7 table always; another value of a
 * coded field when at least three messages have it; a value elsewhere when it is one of few, stands in at least ten
 * messages, and the field is not about a person. Everything else could be somebody's.
 */
export function isOpenValue(part: PartInQuestion, value: string, count: number): boolean {
  if (part.segment === 'MSH') return true;
  if (part.standard?.codes?.has(value) === true) return true;
  const others = PERSONAL_TYPES[part.standard?.fieldType ?? ''];
  if (others !== undefined && !others.includes(part.component)) return false;
  if (part.coded) return count >= 3 && value.length <= 60;
  if (others === undefined && PEOPLE.has(part.segment)) return false;
  return part.isValueSet && count >= 10 && value.length <= 40 && CODE_LIKE.has(part.kind);
}

/** A value by its shape: letters as A and a, digits as 9; what is between stays. */
export function maskValue(value: string): string {
  return value
    .replace(/\p{Lu}/gu, 'A')
    .replace(/[\p{L}\p{M}]/gu, (each) => (each === 'A' ? 'A' : 'a'))
    .replace(/\p{N}/gu, '9');
}
