import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { Problem } from '../contract/common.ts';
import { RecordsError } from '../records/records-error.ts';
import { faultKind } from '../operations/fault-kind.ts';
import { SettingsError } from '../records/settings/settings-error.ts';
import { SecurityError } from '../security/security-error.ts';
import { ApiError, type ErrorPlace } from './api-error.ts';
import { API_ERRORS, type ApiErrorCode } from './error-codes.ts';

/** An error as the caller is told: RFC 9457 `application/problem+json`, and how long to wait where that is known. */
export interface ProblemResponse {
  readonly problem: Problem;
  readonly retryAfterSeconds: number | undefined;
  /** Whether it is a fault of the program that somebody should look at. */
  readonly unexpected: boolean;
}

/** Fastify's own errors, by their stable codes. */
const FASTIFY_CODES: Readonly<Record<string, ApiErrorCode>> = {
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request_malformed',
  FST_ERR_CTP_INVALID_JSON_BODY: 'request_malformed',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request_malformed',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media_type_unsupported',
  FST_ERR_BAD_URL: 'request_malformed',
  FST_ERR_ASYNC_CONSTRAINT: 'request_malformed',
  FST_ERR_REOPENED_CLOSE_SERVER: 'stopping',
};

/**
 * What a caller is told about an error. Errors of the tables are told as they are; anything else is `internal_error` and
 * tells nothing of its text, which could hold anything.
 */
export function problemOf(error: unknown, requestId: string): ProblemResponse {
  if (error instanceof ApiError) {
    return told(error, error.message, requestId, error.detail, error.places, error.retryAfterSeconds);
  }
  if (error instanceof SettingsError) {
    const title = tableTitle(error.message, error.places);
    return told(error, title, requestId, undefined, error.places, undefined);
  }
  if (error instanceof RecordsError) return told(error, error.message, requestId, undefined, [], undefined);
  if (error instanceof SecurityError) {
    // What is wrong with keys or the audit chain is for the log, not for a caller.
    if (error.status >= 500 && error.status !== 503) return known('internal_error', requestId, true);
    return told(error, error.message, requestId, undefined, [], error.retryAfterSeconds);
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const places = error.validation.slice(0, 50).map(({ instancePath, message }): ErrorPlace => {
      const place = instancePath
        .replaceAll(/\/(\d+)(?=\/|$)/g, '[$1]')
        .replaceAll('/', '.')
        .replace(/^\./, '');
      return {
        place: place === '' ? (error.validationContext ?? 'body') : place,
        reason: `${message ?? 'Not valid'}.`,
      };
    });
    return { ...known('request_invalid', requestId), ...withPlaces('request_invalid', requestId, places) };
  }
  const code = codeOf(error);
  const own = FASTIFY_CODES[code];
  if (own !== undefined) return known(own, requestId);
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) return known('request_malformed', requestId);
  const kind = faultKind(error);
  if (kind === 'database-away') return known('database_unavailable', requestId, false, 5);
  if (kind === 'too-slow') return known('overloaded', requestId, false, 5);
  return known('internal_error', requestId, true);
}

function told(
  error: { readonly code: string; readonly status: number; readonly hint: string },
  title: string,
  requestId: string,
  detail: string | undefined,
  places: readonly ErrorPlace[],
  retryAfterSeconds: number | undefined,
): ProblemResponse {
  const problem: Problem = {
    type: `/api/docs#${error.code}`,
    title,
    status: error.status,
    code: error.code,
    ...(detail === undefined ? {} : { detail }),
    hint: error.hint,
    ...(places.length === 0 ? {} : { places: places.map(({ place, reason }) => ({ place, reason })) }),
    request_id: requestId,
  };
  return { problem, retryAfterSeconds, unexpected: false };
}

function known(code: ApiErrorCode, requestId: string, unexpected = false, retryAfterSeconds?: number): ProblemResponse {
  const entry = API_ERRORS[code];
  return { ...told({ code, ...entry }, entry.message, requestId, undefined, [], retryAfterSeconds), unexpected };
}

function withPlaces(
  code: ApiErrorCode,
  requestId: string,
  places: readonly ErrorPlace[],
): Pick<ProblemResponse, 'problem'> {
  return { problem: { ...known(code, requestId).problem, places: [...places] } };
}

/** The sentence of the table, without the places that the error's message repeats for logs and the command line. */
function tableTitle(message: string, places: readonly ErrorPlace[]): string {
  const first = places[0];
  return first === undefined ? message : message.slice(0, message.indexOf(` ${first.place}: `));
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}
