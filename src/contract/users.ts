import { z } from 'zod';
import { byId, done, id, instant } from './common.ts';
import { roleName } from './session.ts';
import { route } from './route.ts';

export const user = z.object({
  id,
  login: z.string(),
  name: z.string(),
  role: roleName,
  state: z.enum(['active', 'invited', 'disabled', 'locked']),
  last_login_at: instant.nullable(),
  created_at: instant,
});
export type User = z.infer<typeof user>;

export const token = z.object({
  id,
  name: z.string(),
  role: roleName,
  scopes: z.array(z.string()),
  /** The first characters, to tell tokens apart. */
  prefix: z.string(),
  created_by: z.string(),
  created_at: instant,
  expires_at: instant.nullable(),
  last_used_at: instant.nullable(),
});
export type Token = z.infer<typeof token>;

const tag = 'Users and tokens';
export const userRoutes = {
  listUsers: route({
    method: 'GET',
    path: '/api/users',
    tag,
    summary: 'All users.',
    access: 'users.manage',
    audit: { none: 'no patient data' },
    response: z.object({ items: z.array(user) }),
  }),
  /** People a group of errors can be assigned to: names only. */
  listColleagues: route({
    method: 'GET',
    path: '/api/colleagues',
    tag,
    summary: 'Names of the people who can resolve errors.',
    access: 'errors.read',
    audit: { none: 'names of colleagues only' },
    response: z.object({ items: z.array(z.object({ id, name: z.string() })) }),
  }),
  createUser: route({
    method: 'POST',
    path: '/api/users',
    tag,
    summary: 'Invites a user; answers with the one-time link to set a password, shown once.',
    access: 'users.manage',
    audit: { action: 'user-created' },
    body: z.object({ login: z.string().min(1).max(200), name: z.string().min(1).max(200), role: roleName }),
    response: z.object({ user, link: z.string() }),
  }),
  updateUser: route({
    method: 'PATCH',
    path: '/api/users/:id',
    tag,
    summary: 'Changes name, role or state of a user; disabling ends every session.',
    access: 'users.manage',
    audit: { action: 'user-changed' },
    params: byId,
    body: z.object({
      name: z.string().min(1).max(200).optional(),
      role: roleName.optional(),
      state: z.enum(['active', 'disabled']).optional(),
    }),
    response: user,
  }),
  resetUser: route({
    method: 'POST',
    path: '/api/users/:id/reset',
    tag,
    summary: 'Answers with a one-time link to set a new password, shown once; unlocks the user.',
    access: 'users.manage',
    audit: { action: 'user-reset' },
    params: byId,
    response: z.object({ link: z.string() }),
  }),
  listTokens: route({
    method: 'GET',
    path: '/api/tokens',
    tag,
    summary: 'All API tokens, without their secrets.',
    access: 'tokens.manage',
    audit: { none: 'no patient data' },
    response: z.object({ items: z.array(token) }),
  }),
  createToken: route({
    method: 'POST',
    path: '/api/tokens',
    tag,
    summary: 'Makes an API token; the secret is in this answer and never shown again.',
    access: 'tokens.manage',
    audit: { action: 'token-created' },
    body: z.object({
      name: z.string().min(1).max(200),
      role: roleName,
      /** Permissions; empty = all that the role has. */
      scopes: z.array(z.string()).max(50).default([]),
      expires_at: instant.nullable().default(null),
    }),
    response: z.object({ token, secret: z.string() }),
  }),
  revokeToken: route({
    method: 'DELETE',
    path: '/api/tokens/:id',
    tag,
    summary: 'Revokes an API token at once.',
    access: 'tokens.manage',
    audit: { action: 'token-revoked' },
    params: byId,
    response: done,
  }),
};
