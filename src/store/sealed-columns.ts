/**
 * Where sealed values live. Table and column number are part of the associated data of the encryption, so that a value
 * moved to another row or column does not open. Never renumber.
 */
export const SEALED_COLUMNS = {
  /** `messages.content`, bound to the message's id. */
  messageContent: { table: 1, column: 1 },
  /** `transactions.trace`, bound to the transaction's id. */
  transactionTrace: { table: 2, column: 1 },
  /** `patients.record`, bound to the patient's id. */
  patientRecord: { table: 3, column: 1 },
  /** `patient_history.changes`, bound to the transaction's id. */
  patientChanges: { table: 4, column: 1 },
  /** `replays.content`, bound to the transaction's id. */
  replayContent: { table: 5, column: 1 },
  /** `feed_analyses.content`, bound to the analysis's id. */
  feedAnalysis: { table: 27, column: 1 },
  /** `credential_versions.secret`, bound to the version's id. */
  credentialSecret: { table: 24, column: 1 },
  /** `clinical_resources.resource`, bound to the resource's id. */
  clinicalResource: { table: 30, column: 1 },
  /** `clinical_history.resource`, bound to the history row's id. */
  clinicalHistory: { table: 31, column: 1 },
} as const;
