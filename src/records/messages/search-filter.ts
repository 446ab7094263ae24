import type { FailureCause } from '../../domain/failure-causes.ts';
import { CAUSE_CODES } from '../../domain/failure-causes.ts';
import { idAtMs } from '../../domain/ids.ts';
import { FINAL_STATE_CODES, type TransactionState } from '../../domain/transaction-states.ts';
import type { IdSpan, WaitingStates } from '../../store/queries/message-candidates.ts';
import type { Places } from '../../store/queries/places.ts';
import type { MessageItemView } from './message-item.ts';

/** What a person looks for; all of it has to hold. */
export interface MessageFilter {
  readonly environment?: string | undefined;
  readonly system?: string | undefined;
  readonly listener?: string | undefined;
  readonly patient?: string | undefined;
  readonly state?: readonly TransactionState[] | undefined;
  readonly cause?: FailureCause | undefined;
  /** `ADT^A04`, or `ADT` for all its events. */
  readonly type?: string | undefined;
  readonly control_id?: string | undefined;
  /** A patient's name, identifier, birth date or phone. */
  readonly text?: string | undefined;
  /** ISO 8601; `from` is inside, `to` is not. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const MAX_ID = '9223372036854775807';

/** The ids that a filter's times allow, below a cursor. */
export function spanOf(filter: MessageFilter, cursor: string | undefined): IdSpan {
  const to = filter.to === undefined ? MAX_ID : String(idAtMs(Date.parse(filter.to)));
  const below = cursor !== undefined && BigInt(cursor) < BigInt(to) ? cursor : to;
  return { from: filter.from === undefined ? '0' : String(idAtMs(Date.parse(filter.from))), below };
}

/** The systems that a filter allows; null = all. */
export function systemsOf(filter: MessageFilter, places: Places): readonly string[] | null {
  if (filter.environment === undefined && filter.system === undefined) return null;
  const systems = [...places.systems.values()].filter(
    (system) =>
      (filter.environment === undefined || system.environmentId === filter.environment) &&
      (filter.system === undefined || system.id === filter.system),
  );
  return systems.map((system) => system.id);
}

const SMALL: readonly TransactionState[] = ['queued', 'retrying', 'held', 'failed', 'discarded'];

/** The small tables that hold everything that the wanted states or cause can mean; null when they don't. */
export function waitingStatesOf(filter: MessageFilter): WaitingStates | null {
  const asked = filter.state === undefined || filter.state.length === 0 ? null : filter.state;
  if (filter.cause === undefined && (asked === null || !asked.every((state) => SMALL.includes(state)))) return null;
  const wants = (state: TransactionState): boolean => asked === null || asked.includes(state);
  return {
    // What waits for its first attempt has not failed, so it has no cause.
    queued: filter.cause === undefined && wants('queued'),
    waitsFor: [...(wants('retrying') ? (['retry'] as const) : []), ...(wants('held') ? (['lane'] as const) : [])],
    errorStates: [
      ...(wants('failed') ? (['open'] as const) : []),
      ...(wants('discarded') ? (['discarded'] as const) : []),
    ],
    cause: filter.cause === undefined ? null : CAUSE_CODES[filter.cause],
    causeName: filter.cause ?? null,
  };
}

/** The final states as stored when a filter wants only such; null = the processing says nothing about what to leave out. */
export function finalStatesOf(filter: MessageFilter): readonly number[] | null {
  const asked = filter.state ?? [];
  if (asked.length === 0 || asked.some((state) => !Object.hasOwn(FINAL_STATE_CODES, state))) return null;
  const codes = new Set(asked.map((state) => FINAL_STATE_CODES[state as keyof typeof FINAL_STATE_CODES]));
  // A failure that was discarded since is stored as failed.
  if (asked.includes('discarded')) codes.add(FINAL_STATE_CODES.failed);
  return [...codes];
}

/** Whether a message is what the filter wants, as far as its line can tell (patients and texts are found by index). */
export function fits(item: MessageItemView, filter: MessageFilter, systems: readonly string[] | null): boolean {
  return (
    (systems === null || systems.includes(item.system_id)) &&
    (filter.listener === undefined || item.listener_id === filter.listener) &&
    (filter.type === undefined || item.type === filter.type || item.type.startsWith(`${filter.type}^`)) &&
    (filter.control_id === undefined || item.control_id === filter.control_id) &&
    (filter.state === undefined || filter.state.length === 0 || filter.state.includes(item.state)) &&
    (filter.cause === undefined || item.failure?.cause === filter.cause)
  );
}
