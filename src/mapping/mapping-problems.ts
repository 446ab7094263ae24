/** What can be wrong with a value on its way through a mapping: the code, whether it stops the message, what to say and do. */
export interface ProblemKind {
  readonly severity: 'error' | 'warning';
  /** What happened, without the value itself: this text may be logged. */
  readonly reason: string;
  /** What usually solves it. */
  readonly hint: string;
}

export const MAPPING_PROBLEMS = Object.freeze({
  'mapping.required-missing': {
    severity: 'error',
    reason: 'A value that the mapping requires is missing.',
    hint: 'Have the sender fill the field, or take the requirement or another source into the field mapping.',
  },
  'mapping.date-impossible': {
    severity: 'error',
    reason: 'The date does not exist in the calendar.',
    hint: 'Correct the date at the sender and let it send the message again, or repair the message and replay it.',
  },
  'mapping.date-unreadable': {
    severity: 'error',
    reason: 'The value is not a date in a form that the mapping reads.',
    hint: 'Check which form the sender uses and name it in the date step of the field mapping (hl7, iso, us).',
  },
  'mapping.date-blank': {
    severity: 'warning',
    reason: 'The date is a row of zeros, which stands for no date; it was left out.',
    hint: 'Ask the sender to leave the field empty when the date is not known.',
  },
  'mapping.code-unknown': {
    severity: 'warning',
    reason: 'The code is not in the code table.',
    hint: 'Add the code to the code table of the field mapping and replay the message.',
  },
  'mapping.code-refused': {
    severity: 'error',
    reason: 'The code is not in the code table, and the mapping demands that it is.',
    hint: 'Add the code to the code table of the field mapping and replay the message.',
  },
  'mapping.phone-unreadable': {
    severity: 'warning',
    reason: 'The telephone number cannot be brought to international form (too short, too long or no number).',
    hint: "Check the number at the sender (area code missing?) and the system's country.",
  },
  'mapping.email-unreadable': {
    severity: 'warning',
    reason: 'The value is not an e-mail address.',
    hint: 'Correct the address at the sender.',
  },
  'mapping.ssn-unreadable': {
    severity: 'warning',
    reason: 'The value is not a Social Security number of nine digits; it was left out.',
    hint: 'Check whether the sender masks the number or uses the field for something else.',
  },
  'mapping.flag-unreadable': {
    severity: 'warning',
    reason: 'The value is neither yes nor no; it was left out.',
    hint: 'Check the values that the sender uses, and translate them with a code table.',
  },
  'mapping.language-unreadable': {
    severity: 'warning',
    reason: 'The value is not a language that the code table or BCP 47 knows.',
    hint: 'Add the value to the language code table.',
  },
  'mapping.value-invalid': {
    severity: 'error',
    reason: 'The value breaks a validation rule of the mapping.',
    hint: 'Correct the value at the sender, or change the validation rule of the field mapping.',
  },
  'mapping.value-too-long': {
    severity: 'error',
    reason: 'The value is longer than 1,000 characters, more than any field of a patient holds.',
    hint: 'Look at the message: a delimiter may be missing.',
  },
  'mapping.control-character': {
    severity: 'error',
    reason: 'The value holds control characters, which no name, number or address has: it was damaged on its way.',
    hint: 'Have the sender send the message again; if it returns, check its character set and the connection.',
  },
  'mapping.too-many-items': {
    severity: 'error',
    reason: 'The list has more than 200 items, more than any patient has.',
    hint: 'Look at the message: the sender may put something else into the field or segment, or repeat itself.',
  },
} as const satisfies Readonly<Record<string, ProblemKind>>);
export type MappingProblemCode = keyof typeof MAPPING_PROBLEMS;

/** A problem that one message met: what, how bad, where in the message, for which field. */
export interface MappingProblem {
  readonly severity: 'error' | 'warning';
  readonly code: MappingProblemCode;
  /** `PID-7`, `IN1[2]-12`, `PID-3[2].5`. */
  readonly place: string;
  /** `date_of_birth`, `coverage.effective_date`. */
  readonly target: string;
  readonly reason: string;
  readonly hint: string;
}
