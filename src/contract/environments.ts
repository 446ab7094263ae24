import { z } from 'zod';
import { byId, done, id, instant, key, note, version } from './common.ts';
import { route } from './route.ts';

export const environmentKind = z.enum(['development', 'test', 'production']);

/** A connection parameter written down for the hand-over sheet; never a secret. */
export const parameter = z.object({
  name: z.string().min(1).max(200),
  value: z.string().max(2000),
  note: note.default(''),
});

export const environmentInput = z.object({
  key,
  name: z.string().min(1).max(100),
  kind: environmentKind,
  note: note.default(''),
  parameters: z.array(parameter).max(200).default([]),
});
export const environment = environmentInput.extend({
  id,
  system_count: z.number().int(),
  version,
  created_at: instant,
  updated_at: instant,
});
export type Environment = z.infer<typeof environment>;
export type EnvironmentInput = z.infer<typeof environmentInput>;

const tag = 'Environments';
export const environmentRoutes = {
  listEnvironments: route({
    method: 'GET',
    path: '/api/environments',
    tag,
    summary: 'All environments.',
    access: 'environments.read',
    audit: { none: 'no patient data' },
    response: z.object({ items: z.array(environment) }),
  }),
  getEnvironment: route({
    method: 'GET',
    path: '/api/environments/:id',
    tag,
    summary: 'One environment.',
    access: 'environments.read',
    audit: { none: 'no patient data' },
    params: byId,
    response: environment,
  }),
  createEnvironment: route({
    method: 'POST',
    path: '/api/environments',
    tag,
    summary: 'Adds an environment.',
    access: 'environments.write',
    audit: { action: 'environment-created' },
    body: environmentInput,
    response: environment,
  }),
  updateEnvironment: route({
    method: 'PATCH',
    path: '/api/environments/:id',
    tag,
    summary: 'Changes an environment.',
    access: 'environments.write',
    audit: { action: 'environment-changed' },
    params: byId,
    body: environmentInput.partial().extend({ version }),
    response: environment,
  }),
  deleteEnvironment: route({
    method: 'DELETE',
    path: '/api/environments/:id',
    tag,
    summary: 'Removes an environment that has no systems.',
    access: 'environments.write',
    audit: { action: 'environment-deleted' },
    params: byId,
    response: done,
  }),
};
