import { isAscii, isUtf8 } from 'node:buffer';
import type { AckError } from './ack.ts';
import type { ConditionCode } from './condition-codes.ts';
import { type Charset, charsetByLabel } from './charset.ts';
import { HL7_ERROR_CODES, type Hl7Error, type Hl7Place } from './hl7-error.ts';
import type { Hl7Message } from './message.ts';
import { compilePath } from './path.ts';
import { read } from './read.ts';
import { versionNumber } from './version.ts';

/** What is wrong with a message's structure; fits {@link AckError}. Holds no patient data. */
export interface Hl7Problem extends AckError {
  readonly location: Hl7Place;
}

const TYPE = compilePath('MSH-9');
const EVENT = compilePath('MSH-9.2');
const CONTROL_ID = compilePath('MSH-10');
const PROCESSING_ID = compilePath('MSH-11');
const VERSION = compilePath('MSH-12');
const EVENT_OLD = compilePath('EVN-1');
const IDENTIFIERS = [compilePath('PID-3'), compilePath('PID-2'), compilePath('PID-18')] as const;
const NAME = compilePath('PID-5');

/** Segments that a message cannot be processed without, by message code: what carries its matter. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  ADT: ['PID'],
  BAR: ['PID'],
  DFT: ['PID', 'FT1'],
  MDM: ['PID', 'TXA'],
  OML: ['ORC'],
  ORM: ['ORC'],
  ORU: ['PID', 'OBR'],
  SIU: ['SCH'],
  VXU: ['PID', 'RXA'],
  ACK: ['MSA'],
};

/** ADT events that are about no one patient. */
const WITHOUT_PATIENT = new Set(['A20']);

/** ADT events that merge, move or change identifiers, and tell the other one in MRG. */
const WITH_MERGE = new Set('A18 A30 A34 A35 A36 A39 A40 A41 A42 A43 A44 A45 A46 A47 A48 A49 A50 A51'.split(' '));

/**
 * Checks what taking a message in rests on: header fields, segment names, the segments its type cannot do without, the
 * character set. Severity E: cannot be processed as it is; W: can, but the sender should know. Types, versions and
 * events that a system does not want are its own affair and not judged here.
 */
export function validateMessage(message: Hl7Message): readonly Hl7Problem[] {
  return [
    ...headerProblems(message),
    ...segmentProblems(message),
    ...contentProblems(message),
    ...charsetProblems(message),
  ];
}

/** Whether a message with these problems is to be refused. */
export function hasErrors(problems: readonly Hl7Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'E');
}

/** The same for bytes that could not be parsed at all. */
export function problemOf(error: Hl7Error): Hl7Problem {
  const isHeaderField = error.code === HL7_ERROR_CODES.BAD_DELIMITERS;
  return problem(isHeaderField ? '102' : '100', { segment: 'MSH', ...error.place }, error.message);
}

function problem(
  conditionCode: ConditionCode,
  location: Hl7Place,
  text: string,
  severity: 'E' | 'W' = 'E',
): Hl7Problem {
  return { location, conditionCode, severity, text };
}

function headerProblems(message: Hl7Message): Hl7Problem[] {
  const found: Hl7Problem[] = [];
  const msh = (field: number): Hl7Place => ({ segment: 'MSH', sequence: 1, field });
  if (blank(read(message, TYPE))) {
    found.push(problem('101', msh(9), 'MSH-9 (message type) is empty, so nobody can tell what the message is for.'));
  } else if (read(message, TYPE) === 'ADT' && blank(eventOf(message))) {
    found.push(problem('101', { ...msh(9), component: 2 }, 'MSH-9.2 (trigger event) is empty, and so is EVN-1.'));
  }
  if (blank(read(message, CONTROL_ID))) {
    found.push(
      problem(
        '101',
        msh(10),
        'MSH-10 (message control id) is empty: the message cannot be acknowledged or told from others.',
      ),
    );
  }
  if (blank(read(message, PROCESSING_ID))) {
    found.push(problem('101', msh(11), 'MSH-11 (processing id) is empty; production is assumed.', 'W'));
  }
  const version = read(message, VERSION);
  if (blank(version)) {
    found.push(problem('101', msh(12), 'MSH-12 (version id) is empty; 2.5.1 is assumed.', 'W'));
  } else if (versionNumber(version ?? undefined) === undefined) {
    found.push(problem('203', msh(12), 'MSH-12 is not an HL7 version 2 number; 2.5.1 is assumed.', 'W'));
  }
  return found;
}

function segmentProblems(message: Hl7Message): Hl7Problem[] {
  const found: Hl7Problem[] = [];
  for (let index = 0; index < message.segmentCount; index++) {
    const name = message.segmentName(index);
    const offset = message.segmentStart(index);
    if (!/^[A-Z][A-Z0-9]{2}$/.test(name)) {
      const text =
        `Line ${index + 1} does not begin with a segment name. ` +
        'A line end inside a text field does this: the sender should write it as \\.br\\ or \\X0D\\.';
      found.push(problem('100', { sequence: index + 1, offset }, text));
    } else if (index > 0 && message.isHeader(index)) {
      const text = `A second header begins at segment ${index + 1}: two messages were sent as one.`;
      found.push(
        problem('100', { segment: name, sequence: message.segmentIndexes(name).indexOf(index) + 1, offset }, text),
      );
    }
    // A message of thousands of bad lines is bad for one reason.
    if (found.length >= 20) break;
  }
  return found;
}

function contentProblems(message: Hl7Message): Hl7Problem[] {
  const found: Hl7Problem[] = [];
  const code = read(message, TYPE);
  const event = eventOf(message);
  if (code == null) return found;
  const has = (segment: string): boolean => message.segmentIndexes(segment).length > 0;
  const needed = code === 'ADT' && event != null && WITHOUT_PATIENT.has(event) ? [] : (NEEDED[code] ?? []);
  for (const segment of needed) {
    if (!has(segment)) {
      found.push(
        problem('100', { segment, sequence: 1 }, `${code} messages cannot be processed without a ${segment} segment.`),
      );
    }
  }
  if (code === 'ADT' && event != null && WITH_MERGE.has(event) && !has('MRG')) {
    found.push(problem('100', { segment: 'MRG', sequence: 1 }, `ADT ${event} must tell the prior identifier in MRG.`));
  }
  if (has('PID')) {
    const pid = (field: number): Hl7Place => ({ segment: 'PID', sequence: 1, field });
    if (IDENTIFIERS.every((path) => blank(read(message, path)))) {
      found.push(problem('101', pid(3), 'PID-3 (patient identifier list) is empty.'));
    }
    if (blank(read(message, NAME))) found.push(problem('101', pid(5), 'PID-5 (patient name) is empty.', 'W'));
  }
  return found;
}

function charsetProblems(message: Hl7Message): Hl7Problem[] {
  const { charset, bytes } = message;
  const warn = (conditionCode: ConditionCode, text: string): Hl7Problem[] => [
    problem(conditionCode, { segment: 'MSH', sequence: 1, field: 18 }, text, 'W'),
  ];
  if (!charset.known) {
    return warn('103', `MSH-18 names a character set that is not known; ${charset.name} is used.`);
  }
  if (charset.source === 'proven') {
    if (charset.declared === undefined || message.wide !== undefined || saysAscii(charset)) return [];
    return warn(
      '102',
      'MSH-18 names another character set than the byte order mark, which is believed: utf-8 is used.',
    );
  }
  if (charset.name === 'utf-8' && charset.source === 'declared') {
    if (isUtf8(bytes)) return [];
    return warn('102', 'MSH-18 says UTF-8, but the message is not: values that are not are read as windows-1252.');
  }
  if (isAscii(bytes)) return [];
  if (charset.source === 'detected') {
    if (!saysAscii(charset)) return [];
    return warn('102', `MSH-18 says ASCII, but the message has other characters; ${charset.name} is used.`);
  }
  const isLatin = /^(?:iso-8859|windows)-/.test(charset.name);
  if (!isLatin || !isUtf8(bytes)) return [];
  return warn(
    '102',
    `MSH-18 says ${charset.name}, but the message looks like UTF-8: if letters with accents are wrong, the sender should declare UNICODE UTF-8.`,
  );
}

/** Whether MSH-18 says ASCII itself, rather than being blank. */
function saysAscii(charset: Charset): boolean {
  return charset.declared !== undefined && charsetByLabel(charset.declared, '').name === 'detect';
}

function eventOf(message: Hl7Message): string | null | undefined {
  return read(message, EVENT) ?? read(message, EVENT_OLD);
}

function blank(value: string | null | undefined): boolean {
  return value == null || value.trim() === '';
}
