import { PERMISSIONS, ROLES, type Permission, type Role } from '../domain/permissions.ts';

const all = Object.keys(PERMISSIONS) as Permission[];

/**
 * What each role may do. Least privilege: front desk and billing never see settings, credentials or message contents;
 * nobody but the administrator manages users and tokens; whoever changes settings does not read the audit log of it,
 * and the other way round.
 */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = Object.freeze({
  administrator: all,
  integration_engineer: [
    'overview.read',
    'environments.read',
    'environments.write',
    'systems.read',
    'systems.write',
    'listeners.read',
    'listeners.write',
    'credentials.read',
    'credentials.write',
    'mappings.read',
    'messages.read',
    'messages.raw',
    'messages.replay',
    'errors.read',
    'errors.resolve',
    'patients.read',
    'clinical.read',
    'config.read',
    'config.apply',
    'monitoring.read',
  ],
  front_desk: ['overview.read', 'patients.read'],
  billing: ['overview.read', 'patients.read'],
  clinician: ['overview.read', 'patients.read', 'clinical.read'],
  // Accounting of disclosures begins with finding the patient.
  compliance: ['overview.read', 'patients.read', 'audit.read'],
  operator: [
    'overview.read',
    'environments.read',
    'systems.read',
    'listeners.read',
    'credentials.read',
    'messages.read',
    'errors.read',
    'monitoring.read',
  ],
});

const sets: Readonly<Record<Role, ReadonlySet<Permission>>> = Object.fromEntries(
  Object.entries(ROLE_PERMISSIONS).map(([role, permissions]) => [role, new Set(permissions)]),
) as unknown as Record<Role, ReadonlySet<Permission>>;

const nothing: ReadonlySet<Permission> = new Set();

/** The permissions of a role; none for a role that this program does not know. */
export function permissionsOf(role: string): ReadonlySet<Permission> {
  return isRole(role) ? sets[role] : nothing;
}

/** Whether a role may do something. */
export function can(role: string, permission: Permission): boolean {
  return permissionsOf(role).has(permission);
}

export function isRole(text: string): text is Role {
  return Object.hasOwn(ROLES, text);
}

export function isPermission(text: string): text is Permission {
  return Object.hasOwn(PERMISSIONS, text);
}
