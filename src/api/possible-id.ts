import { isPossibleId } from '../records/page-cursor.ts';
import { ApiError } from './api-error.ts';
import type { ApiErrorCode } from './error-codes.ts';

/** An id of a path as a number; one that cannot exist is unknown like any other that does not. */
export function possibleId(text: string, unknown: ApiErrorCode): bigint {
  if (!isPossibleId(text)) throw new ApiError(unknown);
  return BigInt(text);
}
