import { buildAck, type AckCode, type AckError } from '../../formats/hl7v2/ack.ts';
import { ackPlan, wantsAck } from '../../formats/hl7v2/ack-plan.ts';
import type { Envelope } from '../../formats/hl7v2/envelope.ts';

/** How a listener acknowledges. */
export interface AckSettings {
  readonly when: 'commit' | 'processed';
  readonly mode: 'auto' | 'original' | 'enhanced';
}

/** What is answered to one message, and when. */
export interface ReplyPlan {
  /** Sent right after the commit; undefined: nothing then. */
  readonly atCommit: AckCode | undefined;
  /** Wanted once the outcome of the processing is known: for which outcomes. */
  readonly atOutcome: { readonly success: boolean; readonly failure: boolean };
}

const NEVER = { success: false, failure: false };

/**
 * Decides between original mode (one acknowledgment, when the listener says) and enhanced mode (an accept
 * acknowledgment at commit, an application acknowledgment after processing, each as MSH-15 and MSH-16 ask;
 * HL7 v2 section 2.9). A refusal at the header is answered at once in either mode.
 */
export function planReply(
  envelope: Envelope | undefined,
  refusal: 'AE' | 'AR' | undefined,
  settings: AckSettings,
): ReplyPlan {
  const asked = envelope === undefined ? 'original' : ackPlan(envelope);
  const plan =
    settings.mode === 'original'
      ? 'original'
      : settings.mode === 'enhanced' && asked === 'original'
        ? ({ accept: 'AL', application: settings.when === 'processed' ? 'AL' : 'NE' } as const)
        : asked;
  if (plan === 'original') {
    if (refusal !== undefined) return { atCommit: refusal, atOutcome: NEVER };
    if (settings.when === 'commit') return { atCommit: 'AA', atOutcome: NEVER };
    return { atCommit: undefined, atOutcome: { success: true, failure: true } };
  }
  if (refusal !== undefined) {
    const code = refusal === 'AR' ? 'CR' : 'CE';
    return { atCommit: wantsAck(plan.accept, false) ? code : undefined, atOutcome: NEVER };
  }
  return {
    atCommit: wantsAck(plan.accept, true) ? 'CA' : undefined,
    atOutcome: { success: wantsAck(plan.application, true), failure: wantsAck(plan.application, false) },
  };
}

/** What ends the control id of an acknowledgment that follows an accept acknowledgment of the same message. */
const SECOND = 'A';
/** Tells apart the acknowledgments of what was not stored and so has no id, within one millisecond. */
let unstored = 0;

/**
 * Renders an acknowledgment. Its control id begins with the id of the message here, so that both sides can find each other;
 * each acknowledgment has one of its own, of at most 20 characters (all that 2.3 allows).
 *
 * @param id 0 for what was not stored.
 * @param isSecond An accept acknowledgment of the same message went before it.
 */
export function renderAck(
  envelope: Envelope | undefined,
  code: AckCode,
  id: bigint,
  now: Date,
  errors: readonly AckError[] = [],
  text?: string,
  isSecond = false,
): Buffer {
  return buildAck({
    ...(envelope === undefined ? {} : { request: envelope }),
    code,
    now,
    controlId: id === 0n ? unstoredId(now) : `${id}${isSecond ? SECOND : ''}`,
    errors,
    ...(text === undefined ? {} : { text }),
  });
}

function unstoredId(now: Date): string {
  unstored = (unstored + 1) % 100_000;
  return `N${now.getTime()}${String(unstored).padStart(5, '0')}`;
}
