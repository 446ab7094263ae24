import '@fastify/cookie';
import type { FastifyRequest } from 'fastify';
import type { Access } from '../contract/route.ts';
import type { RouteName } from '../contract/routes.ts';
import { sameText } from '../security/secret-token.ts';
import { SecurityError } from '../security/security-error.ts';
import { ApiError } from './api-error.ts';
import { callOf } from './call-state.ts';
import type { Caller, SecurityServices } from './security-services.ts';

export const SESSION_COOKIE = 'practice_studio_session';
export const CSRF_HEADER = 'x-csrf-token';
/** Says that a page asks by itself while nobody sits before it. */
const BACKGROUND_HEADER = 'x-background';

/** What somebody may do who must change the password first. */
const OPEN_BEFORE_CHANGE: ReadonlySet<RouteName> = new Set(['session', 'signOut', 'changePassword']);

/**
 * Finds out who calls and whether they may: a permission, a session, and for changes through a cookie the CSRF token of
 * that session. A token in the Authorization header goes before a cookie, as no browser sends it by itself. What a page asks
 * by itself does not count as use: a session ends in time, also on a screen that somebody left open.
 *
 * @throws ApiError `not_signed_in`, SecurityError `session_invalid`, `token_invalid`, `permission_denied`, `csrf_invalid`
 */
export async function authenticate(request: FastifyRequest, access: Access, security: SecurityServices): Promise<void> {
  if (access === 'public') return;
  const caller = await findCaller(request, security);
  // Known from here on, so that a refusal can be audited with the name of who was refused.
  callOf(request).caller = caller;
  if (caller.session !== undefined && request.method !== 'GET' && request.method !== 'HEAD') {
    const sent = request.headers[CSRF_HEADER];
    if (typeof sent !== 'string' || !sameText(sent, caller.session.csrfToken)) throw new SecurityError('csrf_invalid');
  }
  const { routeName } = request.routeOptions.config;
  if (caller.session?.mustChange === true && (routeName === undefined || !OPEN_BEFORE_CHANGE.has(routeName))) {
    throw new SecurityError('password_change_required');
  }
  if (access !== 'signed-in' && !caller.permissions.has(access)) throw new SecurityError('permission_denied');
}

async function findCaller(request: FastifyRequest, security: SecurityServices): Promise<Caller> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const token = /^Bearer +([^\s]{1,512})$/i.exec(authorization)?.[1];
    if (token === undefined) throw new SecurityError('token_invalid');
    return await security.callerByToken(token);
  }
  const cookie = request.cookies[SESSION_COOKIE];
  if (cookie === undefined || cookie === '' || cookie.length > 512) throw new ApiError('not_signed_in');
  // A stream opens again by itself whenever its line breaks, so that it never counts as use either.
  const own = request.headers[BACKGROUND_HEADER] !== undefined || request.routeOptions.config.routeName === 'events';
  return await security.callerBySession(cookie, { touch: !own });
}
