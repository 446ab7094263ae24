import { HL7_ERROR_CODES, Hl7Error } from './hl7-error.ts';
import { packName } from './segment-index.ts';

/**
 * A compiled path. Numbers count from 1 as HL7 does. What the text leaves out is undefined where that means something
 * (no component: the first of a composite) and 1 where it is the same (occurrence, repetition).
 */
export interface Hl7Path {
  readonly text: string;
  readonly segment: string;
  /** The segment's name packed, for comparing. */
  readonly packedName: number;
  readonly occurrence: number;
  readonly field: number;
  readonly repetition: number;
  readonly component: number | undefined;
  readonly subcomponent: number | undefined;
}

/** The highest field number that a path can name. */
export const MAX_FIELD = 9999;

const PATH = /^([A-Z][A-Z0-9]{2})(?:\[(\d{1,6})\])?-(\d{1,4})(?:\[(\d{1,6})\])?(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?$/;

/**
 * Compiles `SEG[n]-F[r].C.S`: segment (its n-th occurrence), field, r-th repetition, component, subcomponent; all but
 * segment and field may be left out. Examples: `PID-5.1`, `PID-3[2].4.1`, `IN1[2]-4`, `OBX-5`, `ZPM-3.2`.
 *
 * @throws Hl7Error `hl7.bad-path`, saying what is wrong and where.
 */
export function compilePath(text: string): Hl7Path {
  const match = PATH.exec(text);
  if (match === null) throw badPath(text, whyNot(text));
  const [, segment = '', occurrence, field, repetition, component, subcomponent] = match;
  const number = (digits: string | undefined): number | undefined =>
    digits === undefined ? undefined : Number.parseInt(digits, 10);
  const path: Hl7Path = {
    text,
    segment,
    packedName: packName(segment),
    occurrence: number(occurrence) ?? 1,
    field: number(field) ?? 0,
    repetition: number(repetition) ?? 1,
    component: number(component),
    subcomponent: number(subcomponent),
  };
  for (const part of ['occurrence', 'field', 'repetition', 'component', 'subcomponent'] as const) {
    if (path[part] === 0) throw badPath(text, `the ${part} is 0, but HL7 counts from 1`);
  }
  return Object.freeze(path);
}

/** The shortest text that compiles to this path. */
export function formatPath(path: Omit<Hl7Path, 'text' | 'packedName'>): string {
  let text = path.segment;
  if (path.occurrence > 1) text += `[${path.occurrence}]`;
  text += `-${path.field}`;
  if (path.repetition > 1) text += `[${path.repetition}]`;
  if (path.component !== undefined) {
    text += `.${path.component}`;
    if (path.subcomponent !== undefined) text += `.${path.subcomponent}`;
  }
  return text;
}

function badPath(text: string, reason: string): Hl7Error {
  return new Hl7Error(
    HL7_ERROR_CODES.BAD_PATH,
    `"${text.slice(0, 60)}" is not an HL7 path: ${reason}. Paths look like PID-5.1, PID-3[2].4.1 or IN1[2]-4.`,
  );
}

/** The first thing wrong with a path that does not match. */
function whyNot(text: string): string {
  if (text === '') return 'it is empty';
  if (text !== text.trim()) return 'it has blanks around it';
  const name = /^[A-Za-z0-9]*/.exec(text)?.[0] ?? '';
  if (!/^[A-Z][A-Z0-9]{2}$/.test(name)) {
    return 'it must begin with a segment name of three capital letters or digits, such as PID or ZPM';
  }
  let rest = text.slice(3);
  const occurrence = /^\[(\d{1,6})\]/.exec(rest);
  if (occurrence !== null) rest = rest.slice(occurrence[0].length);
  else if (rest.startsWith('[')) return 'the occurrence in brackets after the segment name must be a number';
  if (rest === '') return `it names no field: write ${name}-1 for the first`;
  if (rest.startsWith('.')) return 'a hyphen, not a point, stands between segment and field';
  if (!rest.startsWith('-')) return 'a hyphen must stand between segment and field';
  if (!/^-\d{1,4}/.test(rest)) return 'a field number must follow the hyphen';
  rest = rest.replace(/^-\d{1,4}/, '');
  if (rest.startsWith('[') && !/^\[\d{1,6}\]/.test(rest)) return 'the repetition in brackets must be a number';
  rest = rest.replace(/^\[\d{1,6}\]/, '');
  if (rest.startsWith('-')) return 'a point, not a hyphen, stands before the component';
  if (/^(\.\d{1,4}){3}/.test(rest)) return 'there is nothing below a subcomponent';
  return 'after the field come [repetition], .component and .subcomponent, each a number';
}
