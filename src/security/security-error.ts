/** Every error of this room: its HTTP status where it reaches a caller, what happened, and what to do. */
export const SECURITY_ERRORS = {
  master_key_invalid: {
    status: 500,
    message: 'The master key is not 32 bytes written as base64 or hex.',
    hint: 'Check PRACTICE_STUDIO_MASTER_KEY or the key file; make a new key only for a new database.',
  },
  master_key_exposed: {
    status: 500,
    message: 'The master key file can be read by others.',
    hint: 'Set its mode to 0600 and its folder to 0700, owned by the user that runs the program; consider rotating the key.',
  },
  master_key_missing: {
    status: 500,
    message: 'This database was encrypted with a master key that is not here.',
    hint: 'Put the key file back, or set PRACTICE_STUDIO_MASTER_KEY.',
  },
  master_key_wrong: {
    status: 500,
    message: 'The master key is not the one that this database was encrypted with.',
    hint: 'Put the right key file back, or set PRACTICE_STUDIO_MASTER_KEY to the right key.',
  },
  master_key_from_environment: {
    status: 409,
    message: 'The master key comes from the environment, so the program cannot replace it by itself.',
    hint: 'Give the new key to the command and change the environment variable afterwards.',
  },
  key_unknown: {
    status: 500,
    message: 'The data key that sealed this content is not in the key ring.',
    hint: 'Keys made by another node arrive within seconds; if this stays, the data_keys table was damaged: restore it.',
  },
  key_missing: {
    status: 500,
    message: 'The key ring has no active key for this purpose.',
    hint: 'The data_keys table was damaged: restore it from a backup.',
  },
  key_not_rotatable: {
    status: 409,
    message: 'Keys of this purpose are not rotated, because what they computed could no longer be compared.',
    hint: 'Rotate the keys that seal content, records, credentials and log-ins instead.',
  },
  key_rotation_conflict: {
    status: 409,
    message: 'Another rotation of this key is under way.',
    hint: 'Wait a minute and look at the keys again.',
  },
  sealed_malformed: {
    status: 500,
    message: 'The sealed content is too short or of an unknown format version.',
    hint: 'The row was damaged or written by a newer program: compare versions, restore the row.',
  },
  sealed_tampered: {
    status: 500,
    message: 'The sealed content does not open: it was changed, or belongs to another record.',
    hint: 'Run practice-studio verify-audit, and restore the row from a backup.',
  },
  audit_detail_invalid: {
    status: 500,
    message: 'An audit detail must be plain JSON of at most 64 KB.',
    hint: 'This is a fault of the program: report it.',
  },
  audit_chain_busy: {
    status: 500,
    message: 'The audit chain has a batch under way.',
    hint: 'This is a fault of the program: report it.',
  },
  audit_chain_moved: {
    status: 503,
    message: 'The audit chain was continued by another process of the same node number.',
    hint: 'Two processes run with one node number; stop one. The program recovers by itself.',
  },
  audit_unavailable: {
    status: 503,
    message: 'The audit log cannot be written, so the action was refused.',
    hint: 'Look at the database: disk space, connection.',
  },
  login_failed: {
    status: 401,
    message: 'The log-in name or the password is wrong.',
    hint: 'Try again, or ask an administrator for a link to set a new password.',
  },
  login_locked: {
    status: 429,
    message: 'Too many failed attempts; this account is locked for a while.',
    hint: 'Wait, or ask an administrator to unlock it.',
  },
  address_limited: {
    status: 429,
    message: 'Too many attempts from this address.',
    hint: 'Wait a minute and try again.',
  },
  login_busy: {
    status: 503,
    message: 'Too many log-ins at once.',
    hint: 'Try again in a few seconds.',
  },
  session_invalid: {
    status: 401,
    message: 'The session has ended.',
    hint: 'Log in again.',
  },
  password_change_required: {
    status: 403,
    message: 'The password must be changed first.',
    hint: 'Set a new password, then go on.',
  },
  csrf_invalid: {
    status: 403,
    message: 'The request does not come from a page of this program.',
    hint: 'Reload the page and try again.',
  },
  token_invalid: {
    status: 401,
    message: 'The API token is unknown, expired or revoked.',
    hint: 'Make a new one with practice-studio token create.',
  },
  permission_denied: {
    status: 403,
    message: 'Your role does not allow this.',
    hint: 'Ask an administrator.',
  },
  scope_invalid: {
    status: 422,
    message: 'A token cannot be given more than its role or its maker may do.',
    hint: 'Leave that scope out or choose another role.',
  },
  expiry_invalid: {
    status: 422,
    message: 'The expiry must lie in the future and within two years.',
    hint: 'Choose a nearer date.',
  },
  link_invalid: {
    status: 410,
    message: 'This link is used, expired or unknown.',
    hint: 'Restart the program for a new first-start link, or ask an administrator for a new one.',
  },
  password_weak: {
    status: 422,
    message: 'The password is too easy to guess.',
    hint: 'Use at least 12 characters; several unrelated words make a good password.',
  },
  login_invalid: {
    status: 422,
    message: 'The log-in name must have 3 to 254 characters without spaces or control characters.',
    hint: 'An e-mail address is a good log-in name.',
  },
  name_invalid: {
    status: 422,
    message: 'The name must have 1 to 200 characters without control characters.',
    hint: 'Write the name as people know it.',
  },
  login_taken: {
    status: 409,
    message: 'Another user has this log-in name.',
    hint: 'Choose another one.',
  },
  user_unknown: {
    status: 404,
    message: 'There is no such user.',
    hint: 'Reload the list of users.',
  },
  token_unknown: {
    status: 404,
    message: 'There is no such API token.',
    hint: 'Reload the list of tokens.',
  },
  last_administrator: {
    status: 409,
    message: 'The last administrator cannot be removed, disabled or given another role.',
    hint: 'Make another user an administrator first.',
  },
} as const satisfies Record<string, { readonly status: number; readonly message: string; readonly hint: string }>;

export type SecurityErrorCode = keyof typeof SECURITY_ERRORS;

export interface SecurityErrorOptions {
  readonly cause?: unknown;
  /** One more sentence that tells the place or the reason; never patient data, never a secret. */
  readonly detail?: string;
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number;
  /** The user concerned, for the audit log; not to be told to the caller, who may be anybody. */
  readonly userId?: bigint;
}

/** An error with a stable code from {@link SECURITY_ERRORS}. */
export class SecurityError extends Error {
  readonly code: SecurityErrorCode;
  readonly status: number;
  readonly hint: string;
  readonly retryAfterSeconds: number | undefined;
  readonly userId: bigint | undefined;

  constructor(code: SecurityErrorCode, options: SecurityErrorOptions = {}) {
    const { status, message, hint } = SECURITY_ERRORS[code];
    super(
      options.detail === undefined ? message : `${message} ${options.detail}`,
      options.cause === undefined ? {} : { cause: options.cause },
    );
    this.name = 'SecurityError';
    this.code = code;
    this.status = status;
    this.hint = hint;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.userId = options.userId;
  }
}
