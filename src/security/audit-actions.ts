/** What the audit log can say: the number that is stored (never renumbered, never reused) and a line of prose. */
export const AUDIT_ACTIONS = {
  setup: { number: 1, sentence: 'Made the first administrator or set a password with a one-time link.' },
  login: { number: 2, sentence: 'Signed in, or tried to.' },
  logout: { number: 3, sentence: 'Signed out.' },
  'password-changed': { number: 4, sentence: 'Changed the own password.' },
  'session-revoked': { number: 5, sentence: 'Ended sessions of a user.' },
  'user-created': { number: 10, sentence: 'Invited a user.' },
  'user-changed': { number: 11, sentence: 'Changed name, role or state of a user.' },
  'user-reset': { number: 12, sentence: 'Made a link to set a new password, and unlocked the user.' },
  'user-unlocked': { number: 13, sentence: 'Lifted the lock-out of a user.' },
  'token-created': { number: 20, sentence: 'Made an API token.' },
  'token-revoked': { number: 21, sentence: 'Revoked an API token.' },
  'environment-created': { number: 30, sentence: 'Added an environment.' },
  'environment-changed': { number: 31, sentence: 'Changed an environment.' },
  'environment-deleted': { number: 32, sentence: 'Removed an environment.' },
  'system-created': { number: 33, sentence: 'Added a system.' },
  'system-changed': { number: 34, sentence: 'Changed a system.' },
  'system-deleted': { number: 35, sentence: 'Removed a system.' },
  'listener-created': { number: 36, sentence: 'Added an HL7 listener.' },
  'listener-changed': { number: 37, sentence: 'Changed, started or stopped an HL7 listener.' },
  'listener-deleted': { number: 38, sentence: 'Removed an HL7 listener.' },
  'mapping-changed': { number: 39, sentence: 'Stored a new version of a field mapping.' },
  'feed-analyzed': { number: 120, sentence: 'Analyzed a sample feed.' },
  'feed-dry-run': { number: 121, sentence: 'Mapped sample messages with a draft, writing nothing.' },
  'feed-specification-exported': { number: 122, sentence: 'Exported an interface specification.' },
  'feed-analysis-viewed': { number: 123, sentence: 'Saw a saved analysis of a feed.' },
  'feed-analysis-deleted': { number: 124, sentence: 'Removed a saved analysis of a feed.' },
  'message-processed': { number: 50, sentence: 'Processed a message.' },
  'message-viewed': { number: 51, sentence: 'Saw the content of a message.' },
  'messages-searched': { number: 52, sentence: 'Searched messages.' },
  'message-replayed': { number: 53, sentence: 'Had a message processed again.' },
  'message-discarded': { number: 54, sentence: 'Discarded a failed message, with a reason.' },
  'message-repaired': { number: 55, sentence: 'Had a message processed again with content that was repaired by hand.' },
  'patient-created': { number: 60, sentence: 'Added a patient.' },
  'patient-changed': { number: 61, sentence: 'Changed a patient.' },
  'patient-viewed': { number: 62, sentence: 'Saw a patient.' },
  'patients-searched': { number: 63, sentence: 'Searched patients.' },
  'patient-merged': { number: 64, sentence: 'Merged a patient into another, as the sending system said.' },
  'records-changed': { number: 65, sentence: 'Added, changed or withdrew records of a patient.' },
  'records-viewed': { number: 66, sentence: 'Saw records of a patient.' },
  'error-group-changed': { number: 70, sentence: 'Assigned or noted a group of failed messages.' },
  'error-group-replayed': { number: 71, sentence: 'Had a group of failed messages processed again.' },
  'error-group-discarded': { number: 72, sentence: 'Discarded a group of failed messages, with a reason.' },
  'error-opened': { number: 73, sentence: 'Put a message into an error queue.' },
  'error-resolved': { number: 74, sentence: 'Closed an error after its message went through.' },
  'config-applied': { number: 80, sentence: 'Applied a configuration file.' },
  'config-exported': { number: 81, sentence: 'Exported the configuration.' },
  'keys-created': { number: 90, sentence: 'Made the first data keys.' },
  'key-rotated': { number: 91, sentence: 'Replaced a data key.' },
  'master-key-rotated': { number: 92, sentence: 'Replaced the master key.' },
  'audit-verified': { number: 100, sentence: 'Verified the audit log.' },
  'audit-viewed': { number: 101, sentence: 'Read the audit log.' },
  'audit-chain-opened': { number: 102, sentence: 'Began a chain of the audit log, witnessing the others.' },
  'audit-witnessed': { number: 103, sentence: 'Wrote down where the other chains of the audit log stand.' },
  'audit-pruned': { number: 104, sentence: 'Removed audit entries past their retention.' },
  'program-started': { number: 110, sentence: 'Started the program.' },
  'program-stopped': { number: 111, sentence: 'Stopped the program.' },
  'credential-created': { number: 140, sentence: 'Added a credential.' },
  'credential-changed': { number: 141, sentence: 'Changed name or note of a credential.' },
  'credential-rotated': { number: 142, sentence: 'Put another certificate or key of a credential in force.' },
  'credential-deleted': { number: 143, sentence: 'Removed a credential with its key.' },
  'credential-tested': { number: 144, sentence: 'Tested a credential.' },
  'credential-used': { number: 145, sentence: 'Took a private key out of the vault to use it.' },
} as const satisfies Record<string, { readonly number: number; readonly sentence: string }>;
export type AuditAction = keyof typeof AUDIT_ACTIONS;

/** What an action was done to. */
export const AUDIT_RESOURCES = {
  none: 0,
  user: 1,
  session: 2,
  token: 3,
  environment: 4,
  system: 5,
  listener: 6,
  mapping: 7,
  message: 8,
  transaction: 9,
  patient: 10,
  error_group: 11,
  clinical_resource: 40,
  configuration: 12,
  key: 13,
  audit_chain: 14,
  node: 15,
  credential: 24,
  feed_analysis: 27,
} as const;
export type AuditResource = keyof typeof AUDIT_RESOURCES;

/** How it ended: done, refused to the actor, or failed for a reason of the program. */
export const AUDIT_OUTCOMES = { ok: 1, refused: 2, failed: 3 } as const;
export type AuditOutcome = keyof typeof AUDIT_OUTCOMES;

/** Who did it. The program itself is 1: indexes leave it out. */
export const AUDIT_ACTORS = { system: 1, user: 2, token: 3 } as const;
export type AuditActorKind = keyof typeof AUDIT_ACTORS;

const actionNames = new Map<number, string>(Object.entries(AUDIT_ACTIONS).map(([name, { number }]) => [number, name]));
const resourceNames = new Map<number, string>(Object.entries(AUDIT_RESOURCES).map(([name, number]) => [number, name]));
const outcomeNames = new Map<number, string>(Object.entries(AUDIT_OUTCOMES).map(([name, number]) => [number, name]));
const actorNames = new Map<number, string>(Object.entries(AUDIT_ACTORS).map(([name, number]) => [number, name]));

/** Whether a text is one of {@link AUDIT_ACTIONS}. */
export function isAuditAction(text: string): text is AuditAction {
  return Object.hasOwn(AUDIT_ACTIONS, text);
}

/** Whether a text is one of {@link AUDIT_RESOURCES}. */
export function isAuditResource(text: string): text is AuditResource {
  return Object.hasOwn(AUDIT_RESOURCES, text);
}

/** The names of stored numbers; a number written by a newer program shows as itself. */
export const auditNames = {
  action: (number: number): string => actionNames.get(number) ?? `action ${number}`,
  resource: (number: number): string => resourceNames.get(number) ?? `resource ${number}`,
  outcome: (number: number): AuditOutcome => (outcomeNames.get(number) ?? 'failed') as AuditOutcome,
  actor: (number: number): AuditActorKind => (actorNames.get(number) ?? 'system') as AuditActorKind,
};
