import { describe, expect, it } from 'vitest';
import { PERMISSIONS, ROLES, type Permission, type Role } from '../domain/permissions.ts';
import { can, isPermission, isRole, permissionsOf, ROLE_PERMISSIONS } from './roles.ts';

const roles = Object.keys(ROLES) as Role[];
const permissions = Object.keys(PERMISSIONS) as Permission[];

describe('roles', () => {
  it('are the seven of the console, each with the overview', () => {
    expect(Object.keys(ROLE_PERMISSIONS).toSorted()).toEqual(roles.toSorted());
    expect(roles).toHaveLength(7);
    for (const role of roles) expect(can(role, 'overview.read')).toBe(true);
  });

  it('let the administrator do everything, and everybody else less', () => {
    for (const permission of permissions) expect(can('administrator', permission)).toBe(true);
    for (const role of roles.filter((each) => each !== 'administrator')) {
      expect(permissionsOf(role).size).toBeLessThan(permissions.length);
      expect(can(role, 'users.manage')).toBe(false);
      expect(can(role, 'tokens.manage')).toBe(false);
    }
  });

  it.each(['front_desk', 'billing', 'clinician', 'compliance', 'operator'] as const)(
    'never show %s settings to change or message contents',
    (role) => {
      const given = [...permissionsOf(role)].filter((each) => /\.(write|raw|replay|resolve|apply|manage)$/.test(each));
      expect(given).toEqual([]);
    },
  );

  it('keep patients from those who watch the machine, and the audit log from those who change settings', () => {
    expect(can('operator', 'patients.read')).toBe(false);
    expect(can('integration_engineer', 'audit.read')).toBe(false);
    expect(can('compliance', 'audit.read')).toBe(true);
  });

  it('give nothing to a role that is not known, nor to the names of object members', () => {
    for (const text of ['', 'root', 'toString', '__proto__', 'constructor']) {
      expect(isRole(text)).toBe(false);
      expect(isPermission(text)).toBe(false);
      expect(permissionsOf(text).size).toBe(0);
    }
  });
});
