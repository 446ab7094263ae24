import { z } from 'zod';
import { byId, done, expiryState, id, instant, key, note, version } from './common.ts';
import { route } from './route.ts';

export const listenerLimits = z.object({
  max_frame_bytes: z.number().int().min(1024).max(268435456).default(20971520),
  idle_timeout_seconds: z.number().int().min(1).max(86400).default(600),
  max_connections: z.number().int().min(1).max(20000).default(2000),
  max_connections_per_peer: z.number().int().min(1).max(20000).default(500),
  max_in_flight_per_connection: z.number().int().min(1).max(10000).default(256),
});

export const listenerTls = z.object({
  enabled: z.boolean().default(false),
  /** Keys of credentials; the first is shown unless the sender asks for a name (SNI) that another one has. */
  certificates: z.array(key).max(20).default([]),
  /** Whether senders must show a certificate; with `optional` one that is shown must still be trusted. */
  client_certificate: z.enum(['none', 'optional', 'required']).default('none'),
  /** Key of the bundle of authorities that client certificates come from; null: they are known by fingerprint. */
  client_ca: key.nullable().default(null),
  /** `sha256:…`, `cn:…`, `subject:…`, `dns:…`, `ip:…`, `email:…` or `uri:…`; empty = every trusted certificate. */
  allowed_certificates: z.array(z.string().min(1).max(300)).max(200).default([]),
  handshake_timeout_seconds: z.number().int().min(1).max(120).default(10),
});

export const listenerInput = z.object({
  key,
  name: z.string().min(1).max(100),
  system_id: id,
  host: z.string().min(1).max(200).default('127.0.0.1'),
  port: z.number().int().min(1).max(65535),
  enabled: z.boolean().default(true),
  /** Only this node listens; empty = every node does. */
  node: z.string().max(60).default(''),
  /** `commit`: acknowledged when stored durably. `processed`: acknowledged when processed, with the outcome. */
  ack_when: z.enum(['commit', 'processed']).default('commit'),
  /** `auto` follows MSH-15 and MSH-16; the others force a mode. */
  ack_mode: z.enum(['auto', 'original', 'enhanced']).default('auto'),
  /** With `processed`: how long to wait before telling the sender that it is stored but not processed yet. */
  ack_timeout_seconds: z.number().int().min(1).max(600).default(30),
  allowed_peers: z.array(z.string().min(1).max(60)).max(200).default([]),
  limits: listenerLimits.prefault({}),
  tls: listenerTls.prefault({}),
  /** Why a listener of a Production system may run without TLS; without it such a listener refuses to start. */
  plaintext_reason: note.default(''),
  note: note.default(''),
});

export const listenerStatus = z.object({
  node: z.string(),
  status: z.enum(['listening', 'paused', 'stopped', 'failed']),
  reason: z.string(),
  since: instant,
  connections: z.number().int(),
  /** Connections turned away since the listener was opened, by reason. */
  refusals: z.array(
    z.object({
      reason: z.string(),
      sentence: z.string(),
      count: z.number().int(),
      last_at: instant,
      last_peer: z.string(),
    }),
  ),
});
export const listener = listenerInput.extend({
  id,
  system_name: z.string(),
  environment_id: id,
  statuses: z.array(listenerStatus),
  /** The certificate of it that expires first, authorities included; null without TLS. */
  expires_first: z
    .object({
      credential: z.string(),
      name: z.string(),
      not_after: instant,
      days_left: z.number().int(),
      state: expiryState,
    })
    .nullable(),
  last_message_at: instant.nullable(),
  received_today: z.number().int(),
  version,
  created_at: instant,
  updated_at: instant,
});
export type Listener = z.infer<typeof listener>;

const tag = 'HL7';
export const listenerRoutes = {
  listListeners: route({
    method: 'GET',
    path: '/api/listeners',
    tag,
    summary: 'All HL7 listeners with their state on each node.',
    access: 'listeners.read',
    audit: { none: 'no patient data' },
    query: z.object({ environment: id.optional(), system: id.optional() }),
    response: z.object({ items: z.array(listener) }),
  }),
  getListener: route({
    method: 'GET',
    path: '/api/listeners/:id',
    tag,
    summary: 'One HL7 listener.',
    access: 'listeners.read',
    audit: { none: 'no patient data' },
    params: byId,
    response: listener,
  }),
  createListener: route({
    method: 'POST',
    path: '/api/listeners',
    tag,
    summary: 'Adds an HL7 listener; it starts at once when enabled.',
    access: 'listeners.write',
    audit: { action: 'listener-created' },
    body: listenerInput,
    response: listener,
  }),
  updateListener: route({
    method: 'PATCH',
    path: '/api/listeners/:id',
    tag,
    summary: 'Changes an HL7 listener; it restarts with the new settings.',
    access: 'listeners.write',
    audit: { action: 'listener-changed' },
    params: byId,
    body: listenerInput.partial().extend({ version }),
    response: listener,
  }),
  deleteListener: route({
    method: 'DELETE',
    path: '/api/listeners/:id',
    tag,
    summary: 'Stops and removes an HL7 listener; its messages stay.',
    access: 'listeners.write',
    audit: { action: 'listener-deleted' },
    params: byId,
    response: done,
  }),
};
