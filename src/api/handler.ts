import type { z } from 'zod';
import type { routes, RouteName } from '../contract/routes.ts';
import type { Actor } from '../domain/actor.ts';
import type { Permission } from '../domain/permissions.ts';
import type { AuditAction, AuditResource } from '../security/audit-actions.ts';
import type { Queryable } from '../store/queryable.ts';

type Part<N extends RouteName, K extends 'params' | 'query' | 'body'> =
  NonNullable<(typeof routes)[N][K]> extends z.ZodType ? z.output<NonNullable<(typeof routes)[N][K]>> : undefined;

/** What a call adds to its audit entry; never patient data. */
export interface AuditAddition {
  /** In place of the action of the route's rule, where a call can be one of two things. */
  readonly action?: AuditAction;
  readonly resource?: { readonly kind: AuditResource; readonly id: bigint | null };
  readonly detail?: Record<string, unknown>;
}

/** What a handler is told about its caller. */
export interface CallContext {
  readonly actor: Actor;
  readonly permissions: ReadonlySet<Permission>;
  readonly address: string;
  /** Adds to the audit entry that the route's rule writes after the call: never patient data in `detail`. */
  audit(entry: AuditAddition): void;
  /**
   * Writes the route's audit entry inside the transaction of the change itself, so that neither exists without the
   * other. The entry after the call is then left out, unless the call fails.
   */
  auditWithin(tx: Queryable, entry: AuditAddition): Promise<void>;
}

/** Handles one route: gets what zod has parsed, answers what the contract says. Throws `ApiError` for refusals. */
export type Handler<N extends RouteName> = (call: {
  readonly params: Part<N, 'params'>;
  readonly query: Part<N, 'query'>;
  readonly body: Part<N, 'body'>;
  readonly context: CallContext;
}) => Promise<z.input<(typeof routes)[N]['response']>>;

export type Handlers = { readonly [N in RouteName]: Handler<N> };
