import { z } from 'zod';
import { done, id, instant } from './common.ts';
import { route } from './route.ts';

export const roleName = z.enum([
  'administrator',
  'integration_engineer',
  'front_desk',
  'billing',
  'clinician',
  'compliance',
  'operator',
]);

export const session = z.object({
  user: z.object({ id, login: z.string(), name: z.string(), role: roleName }),
  permissions: z.array(z.string()),
  /** To be sent as `x-csrf-token` with every request that changes something. */
  csrf_token: z.string(),
  expires_at: instant,
  product: z.object({ version: z.string(), node: z.string(), demo: z.boolean() }),
});
export type Session = z.infer<typeof session>;

export const sessionRoutes = {
  setupState: route({
    method: 'GET',
    path: '/api/setup',
    tag: 'Session',
    summary: 'Whether the first administrator is still to be made.',
    access: 'public',
    audit: { none: 'says only whether the program is set up' },
    response: z.object({ needed: z.boolean() }),
  }),
  setup: route({
    method: 'POST',
    path: '/api/setup',
    tag: 'Session',
    summary:
      'Makes the first administrator with the one-time link, or sets a new password with a reset link, and signs in.',
    access: 'public',
    audit: { action: 'setup' },
    body: z.object({
      token: z.string().min(10).max(200),
      login: z.string().min(1).max(200).optional(),
      name: z.string().min(1).max(200).optional(),
      password: z.string().min(1).max(1000),
    }),
    response: session,
  }),
  signIn: route({
    method: 'POST',
    path: '/api/session',
    tag: 'Session',
    summary: 'Signs in.',
    access: 'public',
    audit: { action: 'login' },
    body: z.object({ login: z.string().min(1).max(200), password: z.string().min(1).max(1000) }),
    response: session,
  }),
  session: route({
    method: 'GET',
    path: '/api/session',
    tag: 'Session',
    summary: 'Who is signed in and may do what.',
    access: 'signed-in',
    audit: { none: 'reads the own session' },
    response: session,
  }),
  signOut: route({
    method: 'DELETE',
    path: '/api/session',
    tag: 'Session',
    summary: 'Signs out.',
    access: 'signed-in',
    audit: { action: 'logout' },
    response: done,
  }),
  changePassword: route({
    method: 'POST',
    path: '/api/session/password',
    tag: 'Session',
    summary: 'Changes the own password; every other session of the user ends.',
    access: 'signed-in',
    audit: { action: 'password-changed' },
    body: z.object({ current: z.string().min(1).max(1000), password: z.string().min(1).max(1000) }),
    response: done,
  }),
};
