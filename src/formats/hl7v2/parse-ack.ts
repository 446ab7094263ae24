import type { AckCode } from './ack.ts';
import { HL7_ERROR_CODES, Hl7Error, type Hl7Place } from './hl7-error.ts';
import { type Hl7Message, parseMessage } from './message.ts';
import { compilePath } from './path.ts';
import { read, repetitionCount } from './read.ts';

/** An error that a peer told in its acknowledgment, as far as it told it. */
export interface ReceivedAckError {
  readonly location: Hl7Place | undefined;
  /** ERR-3.1 (ERR-1.4.1 before 2.5): of table 0357, or whatever the peer sends. */
  readonly conditionCode: string | undefined;
  readonly severity: string | undefined;
  readonly text: string | undefined;
}

export interface ReceivedAck {
  readonly code: AckCode;
  /** MSA-2: the control id of the message that is acknowledged. */
  readonly controlId: string | undefined;
  readonly text: string | undefined;
  readonly errors: readonly ReceivedAckError[];
}

const CODES: readonly string[] = ['AA', 'AE', 'AR', 'CA', 'CE', 'CR'] satisfies AckCode[];

const MSA = {
  code: compilePath('MSA-1'),
  controlId: compilePath('MSA-2'),
  text: compilePath('MSA-3'),
  condition: compilePath('MSA-6.1'),
  conditionText: compilePath('MSA-6.2'),
};
const ERR = {
  old: [1, 2, 3].map((component) => compilePath(`ERR-1.${component}`)),
  oldCode: compilePath('ERR-1.4.1'),
  oldText: compilePath('ERR-1.4.2'),
  location: [1, 2, 3, 4, 5, 6].map((component) => compilePath(`ERR-2.${component}`)),
  code: compilePath('ERR-3.1'),
  codeText: compilePath('ERR-3.2'),
  severity: compilePath('ERR-4'),
  diagnostic: compilePath('ERR-7'),
  user: compilePath('ERR-8'),
};

/**
 * Reads an acknowledgment of any version, with ERR in either form.
 *
 * @throws Hl7Error as parseMessage does, and `hl7.bad-ack` without an MSA-1 of table 0008.
 */
export function parseAck(bytes: Buffer): ReceivedAck {
  const message = parseMessage(bytes);
  const code = read(message, MSA.code)?.trim().toUpperCase();
  if (code === undefined || !isAckCode(code)) {
    throw new Hl7Error(
      HL7_ERROR_CODES.BAD_ACK,
      'It is not an acknowledgment: MSA-1 must be AA, AE, AR, CA, CE or CR.',
      { segment: 'MSA', sequence: 1, field: 1 },
    );
  }
  const errors = message.segmentIndexes('ERR').flatMap((segment) => errorsOf(message, segment));
  const condition = read(message, MSA.condition);
  if (errors.length === 0 && condition != null) {
    const text = read(message, MSA.conditionText) ?? undefined;
    errors.push({ location: undefined, conditionCode: condition, severity: undefined, text });
  }
  return {
    code,
    controlId: read(message, MSA.controlId) ?? undefined,
    text: read(message, MSA.text) ?? errors[0]?.text,
    errors,
  };
}

function isAckCode(code: string): code is AckCode {
  return CODES.includes(code);
}

function errorsOf(message: Hl7Message, segment: number): ReceivedAckError[] {
  const errors: ReceivedAckError[] = [];
  for (let repetition = 0; repetition < repetitionCount(message, segment, 1); repetition++) {
    const at = { segment, repetition };
    errors.push({
      location: place(ERR.old.map((path) => read(message, path, at))),
      conditionCode: read(message, ERR.oldCode, at) ?? undefined,
      severity: undefined,
      text: read(message, ERR.oldText, at) ?? undefined,
    });
  }
  const at = { segment };
  const conditionCode = read(message, ERR.code, at) ?? undefined;
  const text =
    read(message, ERR.user, at) ?? read(message, ERR.diagnostic, at) ?? read(message, ERR.codeText, at) ?? undefined;
  if (conditionCode === undefined && text === undefined) return errors;
  const severity = read(message, ERR.severity, at) ?? undefined;
  const locations = Math.max(1, repetitionCount(message, segment, 2));
  for (let repetition = 0; repetition < locations; repetition++) {
    const parts = ERR.location.map((path) => read(message, path, { segment, repetition }));
    errors.push({ location: place(parts), conditionCode, severity, text });
  }
  return errors;
}

function place(parts: readonly (string | null | undefined)[]): Hl7Place | undefined {
  const [segment, ...numbers] = parts;
  if (segment == null) return undefined;
  const found: { -readonly [Key in keyof Hl7Place]: Hl7Place[Key] } = { segment };
  const names = ['sequence', 'field', 'repetition', 'component', 'subcomponent'] as const;
  for (const [i, name] of names.entries()) {
    const text = numbers[i];
    if (text != null && /^\d{1,6}$/.test(text)) found[name] = Number(text);
  }
  return found;
}
