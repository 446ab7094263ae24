import { z } from 'zod';

/** A 63-bit id as decimal digits (larger than what a JSON number holds exactly). */
export const id = z.string().regex(/^\d{1,19}$/, 'An id is up to 19 digits.');
export const byId = z.object({ id });

/** A short name used in configuration files and URLs: letters, digits, dashes. */
export const key = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Lower-case letters, digits and single dashes only.');

export const instant = z.iso.datetime({ offset: true });
/** Why somebody does something: goes to the audit log, so blanks are none. */
export const reason = z.string().trim().min(1, 'Say why.').max(1000);
export const note = z.string().max(4000);

/** Every list answers in pages; `next` is the cursor to ask for the following one, absent on the last page. */
export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().optional(), total: z.number().int().optional() });
}
export const pageQuery = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

/** Every error of the API has this shape (RFC 9457, `application/problem+json`). */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string().optional(),
  hint: z.string().optional(),
  /** Where: a field of the body, a segment and field, a line and column. */
  places: z.array(z.object({ place: z.string(), reason: z.string() })).optional(),
  request_id: z.string().optional(),
});
export type Problem = z.infer<typeof problem>;

/** How near its end something is: more than 60 days, at most 60, at most 30, at most 7, over. */
export const expiryState = z.enum(['fine', 'soon', 'near', 'urgent', 'expired']);

export const done = z.object({ ok: z.literal(true) });
/** Optimistic locking: a change names the version it was made from; another version answers 409. */
export const version = z.number().int().min(1);
