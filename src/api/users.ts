import type { z } from 'zod';
import type { token as tokenSchema, user as userSchema } from '../contract/users.ts';
import type { ApiToken } from '../security/api-tokens.ts';
import { can } from '../security/roles.ts';
import type { User } from '../security/users.ts';
import type { Handlers } from './handler.ts';
import type { Caller, SecurityServices } from './security-services.ts';

type Names =
  | 'listUsers'
  | 'listColleagues'
  | 'createUser'
  | 'updateUser'
  | 'resetUser'
  | 'listTokens'
  | 'createToken'
  | 'revokeToken';

/** Users and API tokens. One-time links and the secrets of tokens are in one answer and nowhere else. */
export function createUserHandlers(deps: {
  readonly security: SecurityServices;
  /** The address of a one-time link for a person to open. */
  readonly linkOf: (linkToken: string) => string;
}): Pick<Handlers, Names> {
  const { security, linkOf } = deps;
  return {
    listUsers: async () => ({ items: (await security.listUsers()).map(userView) }),

    async listColleagues() {
      const users = await security.listUsers();
      const able = users.filter(({ role, state }) => state !== 'disabled' && can(role, 'errors.resolve'));
      return { items: able.map(({ id, name }) => ({ id: String(id), name })) };
    },

    async createUser({ body, context }) {
      const { user, linkToken } = await security.inviteUser(context.actor, body, (tx, { id, name }) =>
        context.auditWithin(tx, { resource: { kind: 'user', id }, detail: { name, role: body.role } }),
      );
      return { user: userView(user), link: linkOf(linkToken) };
    },

    async updateUser({ params, body, context }) {
      const change = {
        ...(body.name === undefined ? {} : { name: body.name }),
        ...(body.role === undefined ? {} : { role: body.role }),
        ...(body.state === undefined ? {} : { state: body.state }),
      };
      const user = await security.changeUser(BigInt(params.id), change, (tx, { id }) =>
        context.auditWithin(tx, { resource: { kind: 'user', id }, detail: change }),
      );
      return userView(user);
    },

    async resetUser({ params, context }) {
      const { linkToken } = await security.resetUser(BigInt(params.id), (tx, { id, name }) =>
        context.auditWithin(tx, { resource: { kind: 'user', id }, detail: { name } }),
      );
      return { link: linkOf(linkToken) };
    },

    listTokens: async () => ({ items: (await security.listTokens()).map(tokenView) }),

    async createToken({ body, context }) {
      const by: Caller = { actor: context.actor, role: null, permissions: context.permissions };
      const expiresAt = body.expires_at === null ? null : new Date(body.expires_at);
      const input = { name: body.name, role: body.role, scopes: body.scopes, expiresAt };
      const made = await security.createToken(by, input, (tx, { id, name }) =>
        context.auditWithin(tx, {
          resource: { kind: 'token', id },
          detail: { name, role: body.role, scopes: body.scopes },
        }),
      );
      return { token: tokenView(made.token), secret: made.secret };
    },

    async revokeToken({ params, context }) {
      const id = BigInt(params.id);
      await security.revokeToken(id, (tx) => context.auditWithin(tx, { resource: { kind: 'token', id } }));
      return { ok: true };
    },
  };
}

function userView(user: User): z.input<typeof userSchema> {
  return {
    id: String(user.id),
    login: user.login,
    name: user.name,
    role: user.role,
    state: user.state,
    last_login_at: user.lastLoginAt?.toISOString() ?? null,
    created_at: user.createdAt.toISOString(),
  };
}

function tokenView(token: ApiToken): z.input<typeof tokenSchema> {
  return {
    id: String(token.id),
    name: token.name,
    role: token.role,
    scopes: [...token.scopes],
    prefix: token.prefix,
    created_by: token.createdBy,
    created_at: token.createdAt.toISOString(),
    expires_at: token.expiresAt.toISOString(),
    last_used_at: token.lastUsedAt?.toISOString() ?? null,
  };
}
