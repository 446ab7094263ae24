import { FINAL_STATE_CODES, type FinalState, type TransactionState } from '../../domain/transaction-states.ts';
import type { MessageRow, TransactionRow } from '../../store/queries/message-rows.ts';
import { causeNamed, causeOf, failureView, type FailureView } from '../errors/failure-view.ts';

const FINAL_STATES = new Map<number, FinalState>(
  Object.entries(FINAL_STATE_CODES).map(([name, code]) => [code, name as FinalState]),
);

export interface StateView {
  readonly state: TransactionState;
  readonly failure: FailureView | null;
}

/** The state of one ended processing: a failure that a person discarded since shows as discarded. */
export function endedState(row: TransactionRow): StateView {
  const stored = FINAL_STATES.get(row.state) ?? 'failed';
  const state = stored === 'failed' && row.error_state === 'discarded' ? 'discarded' : stored;
  const failed = state === 'failed' || (state === 'discarded' && row.code !== null);
  return { state, failure: failed ? failureView(causeOf(row.cause), row.code ?? 'internal', row.place) : null };
}

/** The state of what waits for a worker, for its next attempt, or behind another message; null when nothing waits. */
export function waitingState(row: MessageRow): StateView | null {
  if (row.waits_for === null) return null;
  if (row.waits_for === 'worker') return { state: 'queued', failure: null };
  const last = row.failures?.at(-1);
  return {
    state: row.waits_for === 'lane' ? 'held' : 'retrying',
    failure: last === undefined ? null : failureView(causeNamed(last.cause), last.code, last.place ?? null),
  };
}

/**
 * The state of a message: what waits counts before what ended, the latest that ended before earlier ones. A message
 * with neither is in a worker's hands.
 */
export function messageState(row: MessageRow, latest: TransactionRow | undefined): StateView {
  return waitingState(row) ?? (latest === undefined ? { state: 'processing', failure: null } : endedState(latest));
}
