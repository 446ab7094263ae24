import type { z } from 'zod';
import type { Permission } from '../domain/permissions.ts';

/**
 * How a call of a route is written to the audit log: an action code, or `none` with the reason why nothing is written
 * (reads without patient data, live streams, health).
 */
export type AuditRule = { readonly action: string } | { readonly none: string };

/** Who may call a route: a permission, `signed-in` for anybody with a session or token, `public` for everybody. */
export type Access = Permission | 'signed-in' | 'public';

export interface RouteSpec<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Fastify style, for example `/api/systems/:id`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  readonly audit: AuditRule;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** The body is a file, handed to the handler as it arrives; any content type. Default: JSON. */
  readonly upload?: true;
  readonly response: R;
}

/** Declares one route of the HTTP contract; the types of params, query, body and response flow from here. */
export function route<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  R extends z.ZodType = z.ZodUndefined,
>(spec: RouteSpec<P, Q, B, R>): RouteSpec<P, Q, B, R> {
  return Object.freeze(spec);
}
