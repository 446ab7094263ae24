import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RouteSpec } from '../contract/route.ts';
import { routes, type RouteName } from '../contract/routes.ts';
import { PERMISSIONS, ROLES, type Role } from '../domain/permissions.ts';
import { isAuditAction } from '../security/audit-actions.ts';
import { can } from '../security/roles.ts';
import { createApiHarness, type ApiHarness } from './testing.ts';

const table = Object.entries(routes) as [RouteName, RouteSpec][];
const NOT_IN_THE_TABLE = [
  '/healthz',
  '/readyz',
  '/metrics',
  '/api/openapi.json',
  '/api/docs',
  '/api/docs/page.css',
  '/api/docs/page.js',
];

let api: ApiHarness;
const tokens = new Map<Role, string>();
beforeAll(async () => {
  api = await createApiHarness({ requestsPerMinute: 100_000 });
  for (const role of Object.keys(ROLES) as Role[]) tokens.set(role, await api.tokenOf(role));
}, 60_000);
afterAll(() => api.close());

const addressOf = (spec: RouteSpec): string =>
  spec.path.replace(':id', '987654321').replace(':fingerprint', '0123456789abcdef');
const call = (spec: RouteSpec, headers: Record<string, string> = {}, body: object | undefined = {}) =>
  api.app.inject({
    method: spec.method,
    url: addressOf(spec),
    headers,
    ...(spec.body === undefined || body === undefined ? {} : { payload: body }),
  });
const bearer = (role: Role) => ({ authorization: `Bearer ${tokens.get(role) ?? ''}` });

describe('the table of routes', () => {
  it('is long enough to be the real one', () => {
    expect(table.length).toBeGreaterThan(40);
  });

  it.each(table)('%s names who may call it and how it is audited', (_name, spec) => {
    if (spec.access !== 'public' && spec.access !== 'signed-in')
      expect(Object.keys(PERMISSIONS)).toContain(spec.access);
    if ('action' in spec.audit) expect(isAuditAction(spec.audit.action)).toBe(true);
    else expect(spec.audit.none.length).toBeGreaterThan(5);
    if (spec.method !== 'GET') {
      const reading = 'action' in spec.audit || /changes nothing/.test(spec.audit.none);
      expect(reading, 'a route that changes something is audited').toBe(true);
    }
  });

  it('is what the server serves, and nothing else is but health, metrics and documents', () => {
    const declared = [
      ...table.map(([, { method, path }]) => ({ method, url: path })),
      ...NOT_IN_THE_TABLE.map((url) => ({ method: 'GET' as const, url })),
    ];
    expect(declared.filter((route) => !api.app.hasRoute(route))).toEqual([]);
    const methods = [...api.app.printRoutes({ commonPrefix: false }).matchAll(/\(([A-Z, ]+)\)$/gm)];
    const served = methods.flatMap(([, each = '']) => each.split(', ').filter((method) => method !== 'HEAD'));
    expect(served).toHaveLength(declared.length);
  });
});

describe('every route without a session or token', () => {
  it.each(table.filter(([, { access }]) => access !== 'public'))('%s is refused', async (_name, spec) => {
    const before = (await api.audited()).length;
    const response = await call(spec);
    expect(response.statusCode).toBe(401);
    expect(response.json()).toMatchObject({ code: 'not_signed_in', status: 401 });
    expect(response.headers['content-type']).toContain('application/problem+json');
    // Nobody can fill the audit log without an account.
    expect((await api.audited()).length).toBe(before);
  });
});

describe('every route for every role', () => {
  const guarded = table.filter(([, { access }]) => access !== 'public' && access !== 'signed-in');
  const cases = guarded.flatMap(([name, spec]) => (Object.keys(ROLES) as Role[]).map((role) => ({ name, spec, role })));

  it.each(cases)('$name for $role', async ({ name, spec, role }) => {
    const allowed = can(role, spec.access as keyof typeof PERMISSIONS);
    api.stubs.set(name, () => Promise.reject(new Error('reached')));
    const before = await api.audited();
    const response = await call(spec, bearer(role));
    if (allowed) expect([401, 403]).not.toContain(response.statusCode);
    else expect(response.json()).toMatchObject({ code: 'permission_denied', status: 403 });
    const written = (await api.audited()).slice(before.length);
    if (!('action' in spec.audit)) expect(written).toEqual([]);
    else {
      const outcome = response.statusCode < 300 ? 'ok' : response.statusCode < 500 ? 'refused' : 'failed';
      expect(written).toHaveLength(1);
      expect(written[0]).toMatchObject({ action: spec.audit.action, outcome, actor: role });
    }
  });
});
