import type { Actor } from '../domain/actor.ts';
import { SYSTEM_ACTOR } from '../domain/actor.ts';
import { PERMISSIONS, type Permission, type Role } from '../domain/permissions.ts';
import { SecurityError } from './security-error.ts';

/** Who calls, and what the call may do. */
export interface Principal {
  readonly actor: Actor;
  /** Null for the program itself. */
  readonly role: Role | null;
  readonly permissions: ReadonlySet<Permission>;
}

/** The program itself: the command line on the machine, the start. */
export const SYSTEM_PRINCIPAL: Principal = Object.freeze({
  actor: SYSTEM_ACTOR,
  role: null,
  permissions: new Set(Object.keys(PERMISSIONS) as Permission[]),
});

/** Throws `permission_denied`. */
export function demand(principal: Principal, permission: Permission): void {
  if (!principal.permissions.has(permission)) {
    throw new SecurityError('permission_denied', { detail: `It needs ${permission}.` });
  }
}
