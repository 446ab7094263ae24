import { RecordsError } from './records-error.ts';

const MAX_ID = 0x7fff_ffff_ffff_ffffn;

/** Whether text is an id that can exist: the contract allows 19 digits, which is a little more than 63 bits hold. */
export function isPossibleId(text: string): boolean {
  return /^\d{1,19}$/.test(text) && BigInt(text) <= MAX_ID;
}

/** A cursor that is the id after which a page goes on. Throws `cursor_invalid`. */
export function readIdCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  if (!isPossibleId(cursor)) throw new RecordsError('cursor_invalid');
  return cursor;
}
