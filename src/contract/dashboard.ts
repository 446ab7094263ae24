import { z } from 'zod';
import { expiryState, id, instant } from './common.ts';
import { healthState } from './systems.ts';
import { route } from './route.ts';

export const figures = z.object({
  received: z.number().int(),
  delivered: z.number().int(),
  filtered: z.number().int(),
  failed: z.number().int(),
  /** Open failures now, of any age. */
  open_errors: z.number().int(),
  waiting: z.number().int(),
  oldest_waiting_seconds: z.number(),
  rate_per_second: z.number(),
  /** From the frame's last byte to the acknowledgment, and from receipt to the record, in ms. */
  ack_p50_ms: z.number().nullable(),
  ack_p99_ms: z.number().nullable(),
  process_p50_ms: z.number().nullable(),
  process_p99_ms: z.number().nullable(),
});

export const dashboard = z.object({
  at: instant,
  from: instant,
  figures,
  series: z.array(
    z.object({ at: instant, received: z.number(), delivered: z.number(), filtered: z.number(), failed: z.number() }),
  ),
  systems: z.array(
    z.object({
      id,
      name: z.string(),
      environment_id: id,
      environment_key: z.string(),
      product_label: z.string(),
      health: z.object({ state: healthState, reason: z.string() }),
      last_message_at: instant.nullable(),
      /** Messages per bucket of the last hour, oldest first. */
      sparkline: z.array(z.number()),
      waiting: z.number().int(),
      oldest_waiting_seconds: z.number(),
      received: z.number().int(),
      failed: z.number().int(),
      open_errors: z.number().int(),
    }),
  ),
  /** Certificates of the vault that end within 60 days, the first to end first. */
  ending: z.array(
    z.object({
      id,
      name: z.string(),
      environment_id: id,
      not_after: instant,
      days_left: z.number().int(),
      state: expiryState,
      used_by: z.array(z.string()),
    }),
  ),
  nodes: z.array(z.object({ name: z.string(), started_at: instant, heartbeat_at: instant, lanes: z.number().int() })),
});
export type Dashboard = z.infer<typeof dashboard>;

const tag = 'Monitoring';
export const dashboardRoutes = {
  dashboard: route({
    method: 'GET',
    path: '/api/dashboard',
    tag,
    summary: 'Figures, series and a line per system for a span of time.',
    access: 'overview.read',
    audit: { none: 'counts only' },
    query: z.object({ environment: id.optional(), range: z.enum(['15m', '1h', '6h', '24h', '7d']).default('1h') }),
    response: dashboard,
  }),
  /** Server-sent events: `tick` about once a second with what moved, so that pages know when to read again. */
  events: route({
    method: 'GET',
    path: '/api/events',
    tag,
    summary:
      'Server-sent events: `tick` {at, received, delivered, filtered, failed, waiting, rate_per_second}; `config` when settings changed.',
    access: 'signed-in',
    audit: { none: 'counts only' },
    response: z.unknown(),
  }),
};
export const tick = z.object({
  at: instant,
  received: z.number().int(),
  delivered: z.number().int(),
  filtered: z.number().int(),
  failed: z.number().int(),
  waiting: z.number().int(),
  rate_per_second: z.number(),
  /** False while the database is away and listeners hold back. */
  accepting: z.boolean(),
});
export type Tick = z.infer<typeof tick>;
