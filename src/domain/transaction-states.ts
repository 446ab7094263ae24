/** The states of a transaction (the processing of one message for one purpose), as the store, API and console name them. */
export const TRANSACTION_STATES = {
  /** Stored durably and waiting for a worker. */
  queued: 'queued',
  /** In a worker's hands right now. */
  processing: 'processing',
  /** A transient failure; waits for its next attempt. */
  retrying: 'retrying',
  /** Waits behind a failed or retrying message about the same record. */
  held: 'held',
  /** Everything that it should change is changed. */
  delivered: 'delivered',
  /** A rule decided that there is nothing to do: not routed, duplicate, filtered. */
  filtered: 'filtered',
  /** Needs a person: it is in an error queue. */
  failed: 'failed',
  /** A person decided, with a reason, that it is not to be processed. */
  discarded: 'discarded',
} as const;
export type TransactionState = keyof typeof TRANSACTION_STATES;

/** The final states as stored in a transaction row (small integers keep the hot rows short). */
export const FINAL_STATE_CODES = { delivered: 1, filtered: 2, failed: 3, discarded: 4 } as const;
export type FinalState = keyof typeof FINAL_STATE_CODES;
