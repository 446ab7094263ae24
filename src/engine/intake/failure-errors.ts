import type { AckError } from '../../formats/hl7v2/ack.ts';
import type { ConditionCode } from '../../formats/hl7v2/condition-codes.ts';
import type { Hl7Place } from '../../formats/hl7v2/hl7-error.ts';
import type { Failure } from '../worker/failure.ts';

/** How a failure is told in an ERR segment: condition code (table 0357) by the code of the failure. */
const CONDITIONS: readonly (readonly [prefix: string, ConditionCode])[] = [
  ['mapping.required', '101'],
  ['match.no-identifier', '101'],
  ['intake.type-missing', '101'],
  ['intake.type-malformed', '200'],
  ['intake.control-id-missing', '101'],
  ['mapping.date', '102'],
  ['mapping.code', '103'],
  ['mapping.value-too-long', '104'],
  ['mapping.too-many-items', '104'],
  ['intake.frame-too-large', '104'],
  ['mapping.', '102'],
  ['match.ambiguous', '204'],
  ['hl7.', '100'],
];

/** The error of an application acknowledgment for a failure; says where and what, never a value. */
export function failureError(failure: Failure): AckError {
  const conditionCode = CONDITIONS.find(([prefix]) => failure.code.startsWith(prefix))?.[1] ?? '207';
  const location = parsePlace(failure.place);
  return {
    conditionCode,
    severity: 'E',
    text: `${failure.code}${failure.place === null ? '' : ` at ${failure.place}`}`,
    ...(location === undefined ? {} : { location }),
  };
}

const PLACE = /^([A-Z][A-Z0-9]{2})(?:\[(\d+)\])?(?:-(\d+)(?:\[(\d+)\])?(?:\.(\d+)(?:\.(\d+))?)?)?/;

/** A place as people write it (`PID-3[2].4`) as HL7 counts it. */
function parsePlace(place: string | null): Hl7Place | undefined {
  const match = place === null ? null : PLACE.exec(place);
  if (match === null) return undefined;
  const [, segment = '', sequence, field, repetition, component, subcomponent] = match;
  return {
    segment,
    sequence: Number(sequence ?? 1),
    ...(field === undefined ? {} : { field: Number(field) }),
    ...(repetition === undefined ? {} : { repetition: Number(repetition) }),
    ...(component === undefined ? {} : { component: Number(component) }),
    ...(subcomponent === undefined ? {} : { subcomponent: Number(subcomponent) }),
  };
}
