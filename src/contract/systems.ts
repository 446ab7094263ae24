import { z } from 'zod';
import { byId, done, id, instant, key, note, version } from './common.ts';
import { route } from './route.ts';

export const integrationMethod = z.enum(['api', 'hl7', 'file']);

const offer = z.object({
  method: integrationMethod,
  offered: z.boolean(),
  /** Known limits when offered; the reason when not. */
  note: z.string(),
});
export const product = z.object({
  key: z.string(),
  vendor: z.string(),
  label: z.string(),
  description: z.string(),
  versions: z.array(z.object({ key: z.string(), label: z.string(), limits: z.string(), methods: z.array(offer) })),
  /** What this release of Practice Studio can already do with the product; the rest is said with its reason. */
  hl7_messages: z.array(
    z.object({ type: z.string(), meaning: z.string(), direction: z.string(), supported: z.boolean() }),
  ),
});
export type Product = z.infer<typeof product>;

export const retryPolicy = z.object({
  max_attempts: z.number().int().min(1).max(1000).default(12),
  first_delay_seconds: z.number().min(0.1).max(3600).default(2),
  max_delay_seconds: z.number().min(1).max(86400).default(900),
  deadline_seconds: z.number().min(10).max(604800).default(86400),
});

export const systemSettings = z.object({
  retry: retryPolicy.prefault({}),
  /** After a failed message, later ones about the same patient wait this long; 0 = they do not wait. */
  hold_after_failure_seconds: z.number().int().min(0).max(604800).default(900),
  /** Messages with the same control id are looked for this far back. */
  duplicate_window_hours: z.number().int().min(1).max(2160).default(168),
  /** Places in the practice's messages (`ZFS-3`) of what the mapping leaves to each system, by the name of the position. */
  positions: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/), z.string().min(1).max(60)).default({}),
});

export const systemInput = z.object({
  key,
  name: z.string().min(1).max(100),
  environment_id: id,
  product: z.string().min(1).max(60),
  product_version: z.string().min(1).max(60),
  methods: z.array(integrationMethod).min(1),
  /** Time zone of the practice (IANA), for local times without an offset. */
  time_zone: z.string().min(1).max(60).default('America/New_York'),
  /** Country for phone numbers and addresses without one (ISO 3166-1 alpha-2). */
  country: z.string().length(2).default('US'),
  note: note.default(''),
  enabled: z.boolean().default(true),
  settings: systemSettings.prefault({}),
});

export const healthState = z.enum(['ok', 'attention', 'failing', 'idle', 'paused']);
export const system = systemInput.extend({
  id,
  environment_key: z.string(),
  product_label: z.string(),
  mapping: z.object({ id, key: z.string(), version: z.number().int(), origin: z.enum(['default', 'own']) }),
  health: z.object({ state: healthState, reason: z.string() }),
  listener_count: z.number().int(),
  last_message_at: instant.nullable(),
  open_errors: z.number().int(),
  version,
  created_at: instant,
  updated_at: instant,
});
export type System = z.infer<typeof system>;

const tag = 'PMS systems';
export const systemRoutes = {
  listProducts: route({
    method: 'GET',
    path: '/api/products',
    tag,
    summary: 'The vendor products and versions that a system can be, with what each offers.',
    access: 'systems.read',
    audit: { none: 'no patient data' },
    response: z.object({ items: z.array(product) }),
  }),
  listSystems: route({
    method: 'GET',
    path: '/api/systems',
    tag,
    summary: 'All systems, of one environment if asked.',
    access: 'systems.read',
    audit: { none: 'no patient data' },
    query: z.object({ environment: id.optional() }),
    response: z.object({ items: z.array(system) }),
  }),
  getSystem: route({
    method: 'GET',
    path: '/api/systems/:id',
    tag,
    summary: 'One system.',
    access: 'systems.read',
    audit: { none: 'no patient data' },
    params: byId,
    response: system,
  }),
  createSystem: route({
    method: 'POST',
    path: '/api/systems',
    tag,
    summary: 'Adds a system.',
    access: 'systems.write',
    audit: { action: 'system-created' },
    body: systemInput,
    response: system,
  }),
  updateSystem: route({
    method: 'PATCH',
    path: '/api/systems/:id',
    tag,
    summary: 'Changes a system.',
    access: 'systems.write',
    audit: { action: 'system-changed' },
    params: byId,
    body: systemInput.partial().extend({ version }),
    response: system,
  }),
  deleteSystem: route({
    method: 'DELETE',
    path: '/api/systems/:id',
    tag,
    summary: 'Removes a system that has received nothing; one with messages is paused instead.',
    access: 'systems.write',
    audit: { action: 'system-deleted' },
    params: byId,
    response: done,
  }),
  getMapping: route({
    method: 'GET',
    path: '/api/systems/:id/mappings/patient',
    tag,
    summary: 'The field mapping in force for patients, rule by rule.',
    access: 'mappings.read',
    audit: { none: 'no patient data' },
    params: byId,
    response: z.object({
      id,
      key: z.string(),
      version: z.number().int(),
      origin: z.enum(['default', 'own']),
      body: z.unknown(),
    }),
  }),
};
