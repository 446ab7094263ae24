import type { FailureCause } from './failure-causes.ts';

/** The steps that a message takes on its way to the record, in order. */
export const STEP_NAMES = {
  unseal: 'Reads the stored bytes.',
  parse: 'Finds the segments and checks the structure.',
  route: 'Decides what the message is for: its type, its system, duplicates.',
  map: 'Turns fields into the canonical record by the field mapping.',
  convert: 'Turns results, documents, orders and the like into records.',
  match: 'Finds the patient by the identifiers.',
  record: 'Writes the record, its history, provenance and audit entry in one commit.',
} as const;
export type StepName = keyof typeof STEP_NAMES;

/** A problem that a step found; never a value, always a place. */
export interface StepProblem {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly place: string;
  readonly reason: string;
  readonly hint: string;
}

export interface StoredStep {
  readonly s: StepName;
  /** Duration in µs; of the whole batch for `match` and `record`. */
  readonly us: number;
  /** Absent = ok. */
  readonly o?: 'warning' | 'failed' | 'skipped';
  /** One line for a person. */
  readonly m?: string;
  /** Output of the step (`map`: the values by rule as the mapping evaluator gives them). Encrypted with the trace. */
  readonly d?: unknown;
  readonly p?: readonly StepProblem[];
}

/** An attempt that failed, as it travels with a message that waits for its next one. */
export interface EarlierFailure {
  readonly at: string;
  readonly cause: FailureCause;
  readonly code: string;
  readonly place?: string | null;
}

/** How one transaction went, as it is stored (encrypted) in `transactions.trace`. */
export interface StoredTrace {
  /** When a worker took the message, ms since 1970 UTC. */
  readonly at: number;
  /** Messages in the same batch. */
  readonly batch: number;
  readonly steps: readonly StoredStep[];
  /** Earlier attempts that failed for a reason that passes. */
  readonly earlier?: readonly EarlierFailure[];
}

/** Kinds of processing as stored in `transactions.kind` and `queue.kind`. */
export const TRANSACTION_KINDS = { first: 0, replay: 1, repair: 2 } as const;
export type TransactionKind = keyof typeof TRANSACTION_KINDS;

/** Bits of `transactions.flags`. */
export const TRANSACTION_FLAGS = {
  /** Same control id and content as an earlier message. */
  duplicate: 1,
  /** Same control id as an earlier message, other content. */
  sameControlId: 2,
  /** Older than what its system had said of the same record before: only what nobody newer spoke of was applied. */
  outOfOrder: 4,
  /** Some step had warnings. */
  warnings: 8,
} as const;
