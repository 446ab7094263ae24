/** Every refusal of this room's readers: its HTTP status, what happened, and what to do. */
export const RECORDS_ERRORS = {
  search_too_wide: {
    status: 503,
    message: 'The search took longer than it may, so it was ended.',
    hint: 'Narrow it: a shorter span of time, one system, a longer name or a whole identifier.',
  },
  search_text_unusable: {
    status: 422,
    message: 'There is nothing in the text that can be searched for.',
    hint: 'Give at least two letters of a name, an identifier, a birth date as YYYY-MM-DD, or a phone number.',
  },
  cursor_invalid: {
    status: 422,
    message: 'The cursor is not one that this list gave.',
    hint: 'Begin again without a cursor.',
  },
} as const satisfies Record<string, { readonly status: number; readonly message: string; readonly hint: string }>;
export type RecordsErrorCode = keyof typeof RECORDS_ERRORS;

/** An error with a stable code from {@link RECORDS_ERRORS}; never patient data. */
export class RecordsError extends Error {
  readonly code: RecordsErrorCode;
  readonly status: number;
  readonly hint: string;

  constructor(code: RecordsErrorCode, options: ErrorOptions = {}) {
    super(RECORDS_ERRORS[code].message, options);
    this.name = 'RecordsError';
    this.code = code;
    this.status = RECORDS_ERRORS[code].status;
    this.hint = RECORDS_ERRORS[code].hint;
  }
}
