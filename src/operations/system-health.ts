export type HealthState = 'ok' | 'attention' | 'failing' | 'idle' | 'paused';

export interface SystemHealth {
  readonly state: HealthState;
  readonly reason: string;
}

export interface HealthFacts {
  readonly enabled: boolean;
  readonly failedListener: { readonly name: string; readonly reason: string } | undefined;
  /** Of a listener in use, the first to end within 30 days or over. */
  readonly endingCertificate:
    | { readonly listener: string; readonly certificate: string; readonly expired: boolean; readonly text: string }
    | undefined;
  readonly openErrors: number;
  /** Open failures of the last 15 minutes, and what was received in them. */
  readonly recentErrors: number;
  readonly recentlyReceived: number;
  readonly oldestWaitingSeconds: number;
  readonly receivedLastHour: number;
  /** Received in the same hour a day ago, and a week ago (null: nothing was counted then). */
  readonly dayAgo: number;
  readonly weekAgo: number | null;
  readonly everReceived: boolean;
  /** Nothing came within a day. */
  readonly quietForADay: boolean;
}

/** This share of failures among what came in the last 15 minutes makes a system failing. */
const FAILING_SHARE = 0.2;
const WAITING_SECONDS = 60;
/** So many messages in the hour a week (or a day) ago make silence now remarkable. */
const USUAL_PER_HOUR = 10;

/** How a system is, the worst first, with the reason in a sentence. */
export function systemHealth(facts: HealthFacts): SystemHealth {
  if (!facts.enabled) return { state: 'paused', reason: 'The system is switched off.' };
  if (facts.failedListener !== undefined) {
    const { name, reason } = facts.failedListener;
    return { state: 'failing', reason: `The listener ${name} does not run: ${reason}` };
  }
  const ending = facts.endingCertificate;
  const endingText =
    ending && `The certificate ${ending.certificate} of the listener ${ending.listener} ${ending.text}.`;
  if (ending?.expired === true) return { state: 'failing', reason: endingText ?? '' };
  if (facts.recentErrors > 0 && facts.recentErrors > FAILING_SHARE * facts.recentlyReceived) {
    const { recentErrors, recentlyReceived } = facts;
    return {
      state: 'failing',
      reason: `${messages(recentErrors)} failed in the last 15 minutes, of ${recentlyReceived} received.`,
    };
  }
  if (facts.oldestWaitingSeconds > WAITING_SECONDS) {
    return { state: 'attention', reason: `Messages wait for up to ${span(facts.oldestWaitingSeconds)}.` };
  }
  if (facts.openErrors > 0) {
    return {
      state: 'attention',
      reason: `${messages(facts.openErrors)} failed and ${needs(facts.openErrors)} a person.`,
    };
  }
  if (endingText !== undefined) return { state: 'attention', reason: endingText };
  const usual = facts.weekAgo ?? facts.dayAgo;
  if (facts.receivedLastHour === 0 && usual >= USUAL_PER_HOUR) {
    const when = facts.weekAgo === null ? 'yesterday' : 'a week ago';
    return { state: 'attention', reason: `Silent for an hour; ${usual} messages came in this hour ${when}.` };
  }
  if (!facts.everReceived) return { state: 'idle', reason: 'Waits for its first message.' };
  if (facts.quietForADay) return { state: 'idle', reason: 'No message in the last 24 hours.' };
  return { state: 'ok', reason: `${messages(facts.receivedLastHour)} in the last hour.` };
}

function messages(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}

function needs(count: number): string {
  return count === 1 ? 'needs' : 'need';
}

function span(seconds: number): string {
  if (seconds < 100) return `${Math.round(seconds)} seconds`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`;
  return `${Math.round(seconds / 3600)} hours`;
}
