import { z } from 'zod';
import { byId, id, instant, page, reason } from './common.ts';
import { route } from './route.ts';

export const transactionState = z.enum([
  'queued',
  'processing',
  'retrying',
  'held',
  'delivered',
  'filtered',
  'failed',
  'discarded',
]);
export const failureCause = z.enum([
  'authentication',
  'connectivity',
  'rate_limit',
  'rejected',
  'message_format',
  'mapping',
  'validation',
  'matching',
  'conflict',
  'missing_reference',
  'internal',
]);

export const failure = z.object({
  cause: failureCause,
  code: z.string(),
  /** What happened, in a sentence, without patient data. */
  sentence: z.string(),
  /** Where: `PID-7`, `segment 3`, `byte 120`. */
  place: z.string().nullable(),
  hint: z.string(),
});
export type Failure = z.infer<typeof failure>;

export const messageItem = z.object({
  id,
  received_at: instant,
  environment_id: id,
  system_id: id,
  system_name: z.string(),
  listener_id: id.nullable(),
  type: z.string(),
  control_id: z.string(),
  size_bytes: z.number().int(),
  state: transactionState,
  failure: failure.nullable(),
  /** This and the name are null for those who may not see patients. */
  patient_id: id.nullable(),
  patient_name: z.string().nullable(),
  processing_ms: z.number().nullable(),
  flags: z.array(z.enum(['duplicate', 'same-control-id', 'replayed', 'repaired', 'out-of-order', 'warnings'])),
});
export type MessageItem = z.infer<typeof messageItem>;

export const step = z.object({
  name: z.string(),
  /** Milliseconds since the message was received, and how long the step took. */
  at_ms: z.number(),
  took_ms: z.number(),
  outcome: z.enum(['ok', 'warning', 'failed', 'skipped']),
  summary: z.string(),
  /** Structured input and output of the step; patient data, shown by permission. */
  input: z.unknown().optional(),
  output: z.unknown().optional(),
  problems: z
    .array(
      z.object({
        severity: z.enum(['error', 'warning']),
        code: z.string(),
        place: z.string(),
        reason: z.string(),
        hint: z.string(),
      }),
    )
    .default([]),
  /** Of a very long list the first 200 are shown; how many more there are. */
  more_problems: z.number().int().default(0),
});
export type Step = z.infer<typeof step>;

export const fieldChange = z.object({
  path: z.string(),
  label: z.string(),
  old: z.unknown(),
  new: z.unknown(),
  /** The same for people to read: codes with what they mean; of a list only what differs. */
  lines: z.array(z.object({ label: z.string(), old: z.string().nullable(), new: z.string().nullable() })),
  /** Of a very long list the first 200 lines and items are shown; how many more lines there are. */
  more_lines: z.number().int(),
});
export type FieldChange = z.infer<typeof fieldChange>;

export const transaction = z.object({
  id,
  kind: z.enum(['first', 'replay', 'repair']),
  state: transactionState,
  failure: failure.nullable(),
  attempts: z.number().int(),
  node: z.string(),
  started_at: instant,
  finished_at: instant.nullable(),
  mapping: z.object({ key: z.string(), version: z.number().int() }).nullable(),
  patient_id: id.nullable(),
  steps: z.array(step),
  changes: z.array(fieldChange),
  requested_by: z.string().nullable(),
  note: z.string(),
});
export type Transaction = z.infer<typeof transaction>;

/** A node of the parsed message; `start` and `end` are byte offsets in the raw message. */
export interface TreeNode {
  path: string;
  name: string;
  data_type: string;
  table?: string | undefined;
  value?: string | undefined;
  start: number;
  end: number;
  children?: TreeNode[] | undefined;
}
export const treeNode: z.ZodType<TreeNode> = z.object({
  path: z.string(),
  name: z.string(),
  data_type: z.string(),
  table: z.string().optional(),
  value: z.string().optional(),
  start: z.number().int(),
  end: z.number().int(),
  get children() {
    return z.array(treeNode).optional();
  },
}) as z.ZodType<TreeNode>;

export const messageDetail = messageItem.extend({
  listener_name: z.string().nullable(),
  peer: z.string().nullable(),
  hl7_version: z.string(),
  charset: z.string(),
  /** The bytes as they were on the wire, base64. */
  raw_base64: z.string(),
  /** What was repaired by a person, when it was; the original stays above. */
  repaired_base64: z.string().nullable(),
  tree: z.array(treeNode),
  /** Why there is no tree when the message cannot be parsed, or that it is only the beginning of a long one. */
  tree_problem: z.string().nullable(),
  acknowledgment: z.object({
    code: z.string(),
    when: z.enum(['commit', 'processed', 'none']),
    sent: z.enum(['sent', 'not-sent', 'pending']),
    text: z.string(),
  }),
  duplicate_of: id.nullable(),
  /** Later messages that were applied to the same patient, counted up to 1,000: a replay comes after them. */
  later_applied: z.number().int(),
  transactions: z.array(transaction),
});
export type MessageDetail = z.infer<typeof messageDetail>;

/** Searches go in the body and never in the URL: they may name a patient. */
export const messageSearch = z.object({
  environment: id.optional(),
  system: id.optional(),
  listener: id.optional(),
  /** This and `text` need the permission patients.read. */
  patient: id.optional(),
  state: z.array(transactionState).max(8).optional(),
  cause: failureCause.optional(),
  type: z.string().max(20).optional(),
  control_id: z.string().max(200).optional(),
  /** A patient's name, identifier, birth date or phone. */
  text: z.string().max(200).optional(),
  from: instant.optional(),
  to: instant.optional(),
  cursor: z.string().max(200).optional(),
  limit: z.number().int().min(1).max(1000).default(100),
});
export type MessageSearch = z.input<typeof messageSearch>;

const tag = 'Messages';
export const messageRoutes = {
  searchMessages: route({
    method: 'POST',
    path: '/api/messages/search',
    tag,
    summary: 'Messages, newest first, by system, state, type, control id, time or patient.',
    access: 'messages.read',
    audit: { action: 'messages-searched' },
    body: messageSearch,
    response: page(messageItem),
  }),
  getMessage: route({
    method: 'GET',
    path: '/api/messages/:id',
    tag,
    summary: 'One message: raw, tree, steps, changes, acknowledgment.',
    access: 'messages.raw',
    audit: { action: 'message-viewed' },
    params: byId,
    response: messageDetail,
  }),
  replayMessage: route({
    method: 'POST',
    path: '/api/messages/:id/replay',
    tag,
    summary: 'Processes a stored message again with the mapping in force, or with repaired content.',
    access: 'messages.replay',
    audit: { action: 'message-replayed' },
    params: byId,
    body: z.object({
      reason,
      /** Repaired content, base64; the original is kept and linked. */
      repaired_base64: z.string().max(400_000_000).optional(),
    }),
    response: z.object({ transaction_id: id }),
  }),
};
