import type { FinalState } from '../../domain/transaction-states.ts';
import type { AuditEntry } from '../../security/audit-entry.ts';
import type { Deferral, FailedMessage } from './defer.ts';
import type { Failure } from './failure.ts';
import type { MergePlan } from './merge-patients.ts';
import type { RecordsInHand } from './records/records-in-hand.ts';
import type { BatchRows } from './write-batch.ts';

/** What became of one message of a batch. */
export interface MessageOutcome {
  readonly messageId: bigint;
  /** Its first processing, not a replay or a repair. */
  readonly isFirst: boolean;
  readonly replyNode: number | null;
  readonly state: FinalState | 'retrying' | 'held';
  readonly failure: Failure | null;
}

/** Everything that one batch writes and tells. */
export interface BatchOutcome {
  readonly rows: BatchRows;
  readonly audit: readonly AuditEntry[];
  readonly failed: readonly FailedMessage[];
  readonly deferrals: readonly Deferral[];
  /** Messages that went through after an earlier failure or attempt: their errors close, their lanes go on. */
  readonly resolved: readonly bigint[];
  /** Records to write, by family; empty for most batches. */
  readonly records: ReturnType<RecordsInHand['rows']>;
  readonly merges: readonly MergePlan[];
  readonly outcomes: readonly MessageOutcome[];
}
