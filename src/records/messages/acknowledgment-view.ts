import type { TransactionState } from '../../domain/transaction-states.ts';
import { FINAL_STATE_CODES } from '../../domain/transaction-states.ts';

export interface AcknowledgmentFacts {
  /** As stored at intake; empty when only the outcome decides, or when none was wanted. */
  readonly code: string;
  readonly ackWhen: 'commit' | 'processed' | undefined;
  /** The sender still waits for the outcome. */
  readonly held: boolean;
  readonly unsentReason: string | undefined;
  /** The final state of the first processing as stored; undefined while it has none. */
  readonly firstOutcome: number | undefined;
  readonly state: TransactionState;
}

export interface AcknowledgmentView {
  readonly code: string;
  readonly when: 'commit' | 'processed' | 'none';
  readonly sent: 'sent' | 'not-sent' | 'pending';
  readonly text: string;
}

const MEANINGS: Readonly<Record<string, string>> = {
  AA: 'Accepted.',
  AE: 'Refused: the message has an error.',
  AR: 'Rejected: the message cannot be taken at all.',
  CA: 'Accepted and stored (enhanced mode).',
  CE: 'Refused: the message has an error (enhanced mode).',
  CR: 'Rejected: the message cannot be taken at all (enhanced mode).',
};

/** What was answered to the sender, when, and whether it reached him (HL7 table 0008). */
export function acknowledgmentView(facts: AcknowledgmentFacts): AcknowledgmentView {
  const afterProcessing = facts.code === '' && (facts.ackWhen === 'processed' || facts.held);
  if (facts.code === '' && !afterProcessing) {
    return { code: '', when: 'none', sent: 'not-sent', text: 'The sender asked for no acknowledgment.' };
  }
  const code = afterProcessing ? outcomeCode(facts.firstOutcome) : facts.code;
  const when = afterProcessing ? 'processed' : 'commit';
  if (facts.unsentReason !== undefined) {
    const text = `Not handed over (${facts.unsentReason}); the sender will most likely send the message again.`;
    return { code, when, sent: 'not-sent', text };
  }
  if (facts.held) return { code, when, sent: 'pending', text: 'Sent when the message is processed.' };
  return { code, when, sent: 'sent', text: MEANINGS[code] ?? 'Answered.' };
}

function outcomeCode(state: number | undefined): string {
  if (state === undefined) return '';
  return state === FINAL_STATE_CODES.failed ? 'AE' : 'AA';
}
