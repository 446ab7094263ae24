import type { Envelope } from './envelope.ts';

/** When an acknowledgment is wanted (table 0155): always, never, on error or rejection only, on success only. */
export type AckCondition = 'AL' | 'NE' | 'ER' | 'SU';

/**
 * `original`: one acknowledgment (AA, AE, AR) as the listener is set. Otherwise enhanced mode: an accept
 * acknowledgment (CA, CE, CR) once the message is safe and an application acknowledgment (AA, AE, AR) once it is
 * processed, each on its condition.
 */
export type AckPlan = 'original' | { readonly accept: AckCondition; readonly application: AckCondition };

/**
 * What MSH-15 and MSH-16 ask for (HL7 v2 section 2.9.2). Enhanced mode as soon as one of them is valued; the other
 * then means never. A value that is not in the table counts as always, as silence would leave the sender waiting.
 */
export function ackPlan(envelope: Envelope): AckPlan {
  const { acceptAck, applicationAck } = envelope;
  if (acceptAck === undefined && applicationAck === undefined) return 'original';
  return { accept: condition(acceptAck), application: condition(applicationAck) };
}

function condition(value: string | undefined): AckCondition {
  if (value === undefined) return 'NE';
  const upper = value.toUpperCase();
  return upper === 'NE' || upper === 'ER' || upper === 'SU' ? upper : 'AL';
}

/** Whether that condition wants an acknowledgment of this outcome. */
export function wantsAck(when: AckCondition, succeeded: boolean): boolean {
  if (when === 'AL') return true;
  if (when === 'NE') return false;
  return when === 'SU' ? succeeded : !succeeded;
}
