import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { session as sessionSchema, sessionRoutes } from '../contract/session.ts';
import { ApiError } from './api-error.ts';
import { SESSION_COOKIE } from './authenticate.ts';
import { callOf, originOf } from './call-state.ts';
import type { CallContext, Handler } from './handler.ts';
import type { AnyHandler } from './register-routes.ts';
import type { Caller, CallerSession, OpenedSession, SecurityServices, Within } from './security-services.ts';

export type SessionRouteName = keyof typeof sessionRoutes;

export interface ProductInfo {
  readonly version: string;
  readonly node: string;
  readonly demo: boolean;
}

/** A session handler also sees the exchange itself, as it sets the cookie. */
type SessionHandlers = {
  readonly [N in SessionRouteName]: (
    call: Parameters<Handler<N>>[0],
    exchange: Parameters<AnyHandler>[1],
  ) => ReturnType<Handler<N>>;
};

/** Setting up, signing in and out, the own password. */
export function createSessionHandlers(deps: {
  readonly security: SecurityServices;
  readonly product: ProductInfo;
  readonly https: boolean;
  /** Ends what is open under a session. */
  readonly signedOut: (csrfToken: string) => void;
}): SessionHandlers {
  const { security } = deps;

  function view(caller: Caller, session: CallerSession): z.input<typeof sessionSchema> {
    return {
      user: {
        id: String(caller.actor.id),
        login: session.login,
        name: caller.actor.name,
        role: caller.role ?? 'operator',
      },
      permissions: [...caller.permissions],
      csrf_token: session.csrfToken,
      expires_at: session.expiresAt.toISOString(),
      product: { version: deps.product.version, node: deps.product.node, demo: deps.product.demo },
    };
  }
  const cookieOptions = { path: '/', httpOnly: true, sameSite: 'strict' as const, secure: deps.https };
  function open({ caller, cookie }: OpenedSession, reply: FastifyReply): z.input<typeof sessionSchema> {
    reply.setCookie(SESSION_COOKIE, cookie, cookieOptions);
    return view(caller, caller.session);
  }
  function own(caller: Caller | undefined): Caller & { readonly session: CallerSession } {
    if (caller?.session === undefined) throw new ApiError('session_required');
    return { ...caller, session: caller.session };
  }
  /** From here on it is known who calls: the audit entry names them. */
  function withinOf(request: FastifyRequest, context: CallContext): Within {
    return (tx, { id, name }) => {
      callOf(request).caller = { actor: { kind: 'user', id, name }, role: null, permissions: new Set() };
      const detail = { address: request.ip };
      return context.auditWithin(tx, { resource: { kind: 'user', id }, detail });
    };
  }

  return {
    setupState: async () => ({ needed: await security.setupNeeded() }),

    async setup({ body, context }, { request, reply }) {
      const input = { token: body.token, login: body.login, name: body.name, password: body.password };
      return open(await security.setup(input, originOf(request), withinOf(request, context)), reply);
    },

    async signIn({ body, context }, { request, reply }) {
      return open(await security.signIn(body, originOf(request), withinOf(request, context)), reply);
    },

    session(_call, { request }) {
      const caller = own(callOf(request).caller);
      return Promise.resolve(view(caller, caller.session));
    },

    async signOut(_call, { request, reply }) {
      const { session } = own(callOf(request).caller);
      await security.signOut(session);
      deps.signedOut(session.csrfToken);
      reply.clearCookie(SESSION_COOKIE, cookieOptions);
      return { ok: true };
    },

    async changePassword({ body, context }, { request }) {
      const caller = own(callOf(request).caller);
      await security.changePassword(caller, body, (tx) =>
        context.auditWithin(tx, { resource: { kind: 'user', id: caller.actor.id } }),
      );
      return { ok: true };
    },
  };
}
