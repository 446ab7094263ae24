import { API_ERRORS, type ApiErrorCode } from './error-codes.ts';

/** Where something is wrong and why: a field of the body, a segment and field, a line and column. */
export interface ErrorPlace {
  readonly place: string;
  readonly reason: string;
}

export interface ApiErrorOptions {
  readonly cause?: unknown;
  /** One more sentence for a person; never patient data, never a secret. */
  readonly detail?: string;
  readonly places?: readonly ErrorPlace[];
  readonly retryAfterSeconds?: number;
}

/**
 * A refusal that the caller is told about, with a stable code from {@link API_ERRORS}.
 *
 * @example
 * throw new ApiError('message_unknown');
 */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  readonly status: number;
  readonly hint: string;
  readonly detail: string | undefined;
  readonly places: readonly ErrorPlace[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ApiErrorCode, options: ApiErrorOptions = {}) {
    const { status, message, hint } = API_ERRORS[code];
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.hint = hint;
    this.detail = options.detail;
    this.places = options.places ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
