import { z } from 'zod';
import { id, instant, page, reason } from './common.ts';
import { failure, failureCause, messageItem } from './messages.ts';
import { route } from './route.ts';

export const errorGroup = z.object({
  /** Alike failures of one system: same cause, code, place and message type. */
  fingerprint: z.string(),
  environment_id: id,
  system_id: id,
  system_name: z.string(),
  type: z.string(),
  failure,
  count: z.number().int(),
  first_at: instant,
  last_at: instant,
  sample_message_id: id,
  assigned_to: z.object({ id, name: z.string() }).nullable(),
  note: z.string(),
  /** Who has to act: we, the vendor or the customer. */
  who: z.string(),
});
export type ErrorGroup = z.infer<typeof errorGroup>;

const fingerprint = z.object({ fingerprint: z.string().regex(/^[0-9a-f]{16}$/) });
const many = z.object({ count: z.number().int() });

const tag = 'Error management';
export const errorRoutes = {
  listErrorGroups: route({
    method: 'GET',
    path: '/api/errors',
    tag,
    summary: 'Open failures in groups of alike ones, and how many there are by cause.',
    access: 'errors.read',
    audit: { none: 'no patient data' },
    query: z.object({ environment: id.optional(), system: id.optional(), cause: failureCause.optional() }),
    response: z.object({
      items: z.array(errorGroup),
      by_cause: z.array(z.object({ cause: failureCause, count: z.number().int() })),
    }),
  }),
  listGroupMessages: route({
    method: 'GET',
    path: '/api/errors/:fingerprint/messages',
    tag,
    summary: 'The messages of one group, newest first.',
    access: 'errors.read',
    audit: { none: 'no message contents' },
    params: fingerprint,
    query: z.object({
      cursor: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
    response: page(messageItem),
  }),
  updateErrorGroup: route({
    method: 'PATCH',
    path: '/api/errors/:fingerprint',
    tag,
    summary: 'Assigns a group to a person or notes something on it.',
    access: 'errors.resolve',
    audit: { action: 'error-group-changed' },
    params: fingerprint,
    body: z.object({ assigned_to: id.nullable().optional(), note: z.string().max(4000).optional() }),
    response: errorGroup,
  }),
  replayErrorGroup: route({
    method: 'POST',
    path: '/api/errors/:fingerprint/replay',
    tag,
    summary: 'Processes every open failure of a group again, or the ones named.',
    access: 'errors.resolve',
    audit: { action: 'error-group-replayed' },
    params: fingerprint,
    body: z.object({ reason, message_ids: z.array(id).max(10000).optional() }),
    response: many,
  }),
  discardErrorGroup: route({
    method: 'POST',
    path: '/api/errors/:fingerprint/discard',
    tag,
    summary: 'Discards every open failure of a group, or the ones named, with a reason; the messages stay stored.',
    access: 'errors.resolve',
    audit: { action: 'error-group-discarded' },
    params: fingerprint,
    body: z.object({ reason, message_ids: z.array(id).max(10000).optional() }),
    response: many,
  }),
};
