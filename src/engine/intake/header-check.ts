import type { AckError } from '../../formats/hl7v2/ack.ts';
import { isMessageCode, peekEnvelope, type Envelope } from '../../formats/hl7v2/envelope.ts';
import { Hl7Error } from '../../formats/hl7v2/hl7-error.ts';
import { problemOf } from '../../formats/hl7v2/validate.ts';

/** What the header of a frame says about taking it in. */
export interface HeaderCheck {
  readonly envelope: Envelope | undefined;
  /** Nothing to object: the message is taken over; else the errors that the negative acknowledgment tells. */
  readonly errors: readonly AckError[];
  /** AE: the sender's operator can mend it; AR: it is no HL7 message at all. */
  readonly refusal: 'AE' | 'AR' | undefined;
}

/**
 * The check that every frame passes before it is stored: a readable MSH with type and control id (the fields that
 * HL7 demands and that an acknowledgment needs). What fails is stored all the same, answered negatively and put
 * into the error queue.
 */
export function checkHeader(frame: Buffer): HeaderCheck {
  let envelope: Envelope;
  try {
    envelope = peekEnvelope(frame);
  } catch (error) {
    if (!(error instanceof Hl7Error)) throw error;
    return {
      envelope: undefined,
      errors: [problemOf(error)],
      refusal: 'AR',
    };
  }
  const errors: AckError[] = [];
  if (envelope.messageCode === undefined) errors.push(missing(9, 'The message type (MSH-9) is missing.'));
  if (envelope.controlId === undefined) errors.push(missing(10, 'The message control id (MSH-10) is missing.'));
  if (envelope.messageCode !== undefined && !isMessageCode(envelope.messageCode)) {
    const text = 'MSH-9 holds no message type: the fields of the header are not where they belong.';
    const location = { segment: 'MSH', sequence: 1, field: 9 };
    return { envelope, errors: [{ conditionCode: '200', severity: 'E', text, location }, ...errors], refusal: 'AR' };
  }
  return { envelope, errors, refusal: errors.length > 0 ? 'AE' : undefined };
}

function missing(field: number, text: string): AckError {
  return { conditionCode: '101', severity: 'E', text, location: { segment: 'MSH', sequence: 1, field } };
}
