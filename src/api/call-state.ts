import type { FastifyRequest } from 'fastify';
import type { RouteSpec } from '../contract/route.ts';
import type { RouteName } from '../contract/routes.ts';
import type { AuditAddition } from './handler.ts';
import type { SessionOrigin } from '../security/sessions.ts';
import type { Caller } from './security-services.ts';

/** What is known of a call while it is served. */
export interface CallState {
  caller: Caller | undefined;
  addition: AuditAddition;
  /** The audit entry was written in the transaction of the change. */
  auditedWithin: boolean;
  /** Names that the body of a PATCH really has. */
  bodyNames: ReadonlySet<string> | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    call: CallState | null;
  }
  interface FastifyContextConfig {
    /** The route of the contract; absent for health, metrics, documents and the console. */
    routeName?: RouteName;
    spec?: RouteSpec;
  }
}

/** The state of a request's call, made at first use. */
export function callOf(request: FastifyRequest): CallState {
  request.call ??= { caller: undefined, addition: {}, auditedWithin: false, bodyNames: undefined };
  return request.call;
}

/** Whose network end the call comes from. */
export function originOf(request: FastifyRequest): SessionOrigin {
  return { address: request.ip, userAgent: (request.headers['user-agent'] ?? '').slice(0, 200) };
}
