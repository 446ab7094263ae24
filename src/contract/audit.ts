import { z } from 'zod';
import { id, instant, page } from './common.ts';
import { route } from './route.ts';

export const auditItem = z.object({
  id,
  at: instant,
  actor: z.object({ kind: z.enum(['user', 'token', 'system']), id: z.string().nullable(), name: z.string() }),
  action: z.string(),
  sentence: z.string(),
  resource: z.object({ kind: z.string(), id: z.string().nullable() }).nullable(),
  outcome: z.enum(['ok', 'refused', 'failed']),
  detail: z.record(z.string(), z.unknown()),
});
export type AuditItem = z.infer<typeof auditItem>;

export const auditQuery = z.object({
  actor: z.string().max(200).optional(),
  /** `people` leaves out what the program did by itself. */
  who: z.enum(['people', 'all']).default('people'),
  action: z.string().max(60).optional(),
  resource_kind: z.string().max(60).optional(),
  resource_id: z.string().max(40).optional(),
  from: instant.optional(),
  to: instant.optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

const tag = 'Audit';
export const auditRoutes = {
  listAudit: route({
    method: 'GET',
    path: '/api/audit',
    tag,
    summary: 'Who did what, newest first.',
    access: 'audit.read',
    audit: { action: 'audit-viewed' },
    query: auditQuery,
    response: page(auditItem),
  }),
  listAuditActions: route({
    method: 'GET',
    path: '/api/audit/actions',
    tag,
    summary: 'The actions that the log knows, with a line on each.',
    access: 'audit.read',
    audit: { none: 'a fixed list' },
    response: z.object({ items: z.array(z.object({ action: z.string(), sentence: z.string() })) }),
  }),
  verifyAudit: route({
    method: 'POST',
    path: '/api/audit/verify',
    tag,
    summary: 'Checks the hash chain from its beginning.',
    access: 'audit.read',
    audit: { action: 'audit-verified' },
    response: z.object({
      intact: z.boolean(),
      checked: z.number().int(),
      chains: z.number().int(),
      problem: z.string().nullable(),
    }),
  }),
};
