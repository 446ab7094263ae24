import { idTimeMs } from '../../domain/ids.ts';
import { TRANSACTION_FLAGS, TRANSACTION_KINDS } from '../../domain/stored-trace.ts';
import type { TransactionState } from '../../domain/transaction-states.ts';
import type { MessageRow, ReplayRow, TransactionRow } from '../../store/queries/message-rows.ts';
import type { Places } from '../../store/queries/places.ts';
import { int8Text, maybeInt8Text } from '../../store/queries/values.ts';
import type { FailureView } from '../errors/failure-view.ts';
import { messageState } from './message-state.ts';

export type MessageFlag = 'duplicate' | 'same-control-id' | 'replayed' | 'repaired' | 'out-of-order' | 'warnings';

/** One line of the tracer's list: never contents. */
export interface MessageItemView {
  readonly id: string;
  readonly received_at: string;
  readonly environment_id: string;
  readonly system_id: string;
  readonly system_name: string;
  readonly listener_id: string | null;
  readonly type: string;
  readonly control_id: string;
  readonly size_bytes: number;
  readonly state: TransactionState;
  readonly failure: FailureView | null;
  readonly patient_id: string | null;
  readonly patient_name: string | null;
  readonly processing_ms: number | null;
  readonly flags: MessageFlag[];
}

/** All that is known of one message without its content. */
export interface MessageFacts {
  readonly message: MessageRow;
  /** Asked for by people, oldest first. */
  readonly replays: readonly ReplayRow[];
  /** Ended, oldest first. */
  readonly transactions: readonly TransactionRow[];
}

/** The instant of a time-ordered id, ISO 8601 in UTC. */
export const idInstant = (id: string | bigint): string => new Date(idTimeMs(BigInt(id))).toISOString();

/** The line of one message; its patient's name is filled in by whoever may show it. */
export function messageItem(facts: MessageFacts, places: Places): MessageItemView {
  const { message, transactions } = facts;
  const latest = transactions.at(-1);
  const id = int8Text(message.id);
  const system = places.systems.get(int8Text(message.system_id));
  const listenerId = int8Text(message.listener_id);
  return {
    id,
    received_at: idInstant(id),
    environment_id: system?.environmentId ?? '0',
    system_id: int8Text(message.system_id),
    system_name: system?.name ?? '',
    listener_id: listenerId === '0' ? null : listenerId,
    type: message.type,
    control_id: message.control_id,
    size_bytes: message.size,
    ...messageState(message, latest),
    patient_id: patientOf(transactions),
    patient_name: null,
    processing_ms: latest === undefined ? null : latest.took_us / 1000,
    flags: flagsOf(facts),
  };
}

/** A replay that failed has no patient of its own: the message is still about the one it reached before. */
function patientOf(transactions: readonly TransactionRow[]): string | null {
  return maybeInt8Text(transactions.findLast((row) => row.patient_id !== null)?.patient_id ?? null);
}

function flagsOf({ transactions, replays }: MessageFacts): MessageFlag[] {
  const first = transactions[0]?.flags ?? 0;
  const latest = transactions.at(-1)?.flags ?? 0;
  const flags: MessageFlag[] = [];
  if (first & TRANSACTION_FLAGS.duplicate) flags.push('duplicate');
  if (first & TRANSACTION_FLAGS.sameControlId) flags.push('same-control-id');
  if (replays.some((row) => row.kind === TRANSACTION_KINDS.replay)) flags.push('replayed');
  if (replays.some((row) => row.kind === TRANSACTION_KINDS.repair)) flags.push('repaired');
  if (latest & TRANSACTION_FLAGS.outOfOrder) flags.push('out-of-order');
  if (latest & TRANSACTION_FLAGS.warnings) flags.push('warnings');
  return flags;
}
