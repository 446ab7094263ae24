import { RECORDS_ERRORS } from '../records/records-error.ts';
import { SETTINGS_ERRORS } from '../records/settings/settings-error.ts';
import { SECURITY_ERRORS } from '../security/security-error.ts';

/**
 * Every error that the HTTP API itself answers with: its HTTP status, what happened, and what to do about it. Other
 * rooms keep tables of the same shape (security, settings); docs/api.md lists all of them, held by a test.
 */
export const API_ERRORS = {
  request_malformed: {
    status: 400,
    message: 'The request could not be read.',
    hint: 'Send well-formed JSON in UTF-8, or leave the body out where the route has none.',
  },
  not_signed_in: {
    status: 401,
    message: 'This needs a signed-in user or an API token.',
    hint: 'Sign in, or send the header Authorization: Bearer with an API token.',
  },
  session_required: {
    status: 403,
    message: 'This is for people who are signed in; an API token has no session and no password.',
    hint: 'Sign in, or use another route.',
  },
  origin_refused: {
    status: 403,
    message: 'The request comes from a page of another address.',
    hint: 'Open the console under the address that it is served at; behind a proxy, pass the Host header on.',
  },
  host_refused: {
    status: 421,
    message: 'The program is not served under this host name.',
    hint: 'Use the address that the program printed at its start, or add the host name to its settings.',
  },
  route_unknown: {
    status: 404,
    message: 'There is no such route.',
    hint: 'See /api/docs for the routes that exist.',
  },
  message_unknown: {
    status: 404,
    message: 'There is no such message.',
    hint: 'It may have been pruned by its retention; search again.',
  },
  patient_unknown: {
    status: 404,
    message: 'There is no such patient.',
    hint: 'The record may have been merged; search again.',
  },
  clinical_resource_unknown: {
    status: 404,
    message: 'There is no such clinical record.',
    hint: 'Open the patient again and choose from the list.',
  },
  feed_analysis_unknown: {
    status: 404,
    message: 'There is no such saved analysis.',
    hint: 'Somebody may have removed it; reload the list.',
  },
  draft_unreadable: {
    status: 422,
    message: 'The first line of the body is not a mapping draft.',
    hint: 'Send the draft as JSON in one line, then the file of messages.',
  },
  no_messages: {
    status: 422,
    message: 'There is no HL7 message in it.',
    hint: 'Choose a file of HL7 v2 messages (they begin with MSH), or another span of time.',
  },
  error_group_unknown: {
    status: 404,
    message: 'There is no open error of this kind any more.',
    hint: 'Somebody may have resolved it; reload the list.',
  },
  person_unknown: {
    status: 422,
    message: 'There is no such person to assign to.',
    hint: 'Choose one from the list of colleagues.',
  },
  nothing_to_process: {
    status: 409,
    message: 'There is nothing to process again.',
    hint: 'The messages may be in work already; reload the page.',
  },
  content_invalid: {
    status: 422,
    message: 'The repaired content is not valid.',
    hint: 'Send the bytes of one whole message, base64.',
  },
  body_too_large: {
    status: 413,
    message: 'The body of the request is larger than this route takes.',
    hint: 'Send less at once.',
  },
  media_type_unsupported: {
    status: 415,
    message: 'The body of the request is not JSON.',
    hint: 'Send the header Content-Type: application/json.',
  },
  request_invalid: {
    status: 422,
    message: 'Some values of the request are not valid.',
    hint: 'Correct the fields named in places.',
  },
  rate_limited: {
    status: 429,
    message: 'Too many requests in a short time.',
    hint: 'Wait as long as the Retry-After header says.',
  },
  too_many_streams: {
    status: 503,
    message: 'Too many live pages are open.',
    hint: 'Close some of them; pages work without live updates too.',
  },
  database_unavailable: {
    status: 503,
    message: 'The database does not answer, so nothing was changed.',
    hint: 'The program reconnects by itself; look at /readyz and at the database.',
  },
  overloaded: {
    status: 503,
    message: 'The program is too busy to answer in time.',
    hint: 'Try again in a few seconds.',
  },
  stopping: {
    status: 503,
    message: 'The program is stopping.',
    hint: 'Try again when it is up.',
  },
  internal_error: {
    status: 500,
    message: 'Something went wrong inside the program.',
    hint: 'Look for the request id in the program’s log and report it.',
  },
} as const satisfies Record<string, ErrorEntry>;

export interface ErrorEntry {
  readonly status: number;
  readonly message: string;
  readonly hint: string;
}
export type ApiErrorCode = keyof typeof API_ERRORS;

/** The tables of all rooms whose errors reach a caller: a code stands in one of them only. */
export const ERROR_TABLES = {
  'HTTP API': API_ERRORS,
  Security: SECURITY_ERRORS,
  Settings: SETTINGS_ERRORS,
  Records: RECORDS_ERRORS,
} as const satisfies Record<string, Record<string, ErrorEntry>>;
