/** Why a transaction failed: the queues of Error Management. */
export const FAILURE_CAUSES = {
  authentication: 'Credentials were refused.',
  connectivity: 'The other side could not be reached or did not answer in time.',
  rate_limit: 'The other side asked us to slow down.',
  rejected: 'The PMS refused the content.',
  message_format: 'The message is not what its format demands.',
  mapping: 'The field mapping could not turn the message into a record.',
  validation: 'A value is outside what the record allows.',
  matching: 'It is not certain which patient is meant.',
  conflict: 'Both sides changed the same field.',
  missing_reference: 'Something that the message refers to is not known here.',
  internal: 'A fault of this program or of its database.',
} as const;
export type FailureCause = keyof typeof FAILURE_CAUSES;

/** Small integers for the store; never renumber. */
export const CAUSE_CODES: Readonly<Record<FailureCause, number>> = {
  authentication: 1,
  connectivity: 2,
  rate_limit: 3,
  rejected: 4,
  message_format: 5,
  mapping: 6,
  validation: 7,
  matching: 8,
  conflict: 9,
  missing_reference: 10,
  internal: 11,
};
