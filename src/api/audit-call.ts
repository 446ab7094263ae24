import type { FastifyRequest } from 'fastify';
import type { RouteSpec } from '../contract/route.ts';
import type { Actor } from '../domain/actor.ts';
import { isAuditAction, type AuditAction, type AuditOutcome } from '../security/audit-actions.ts';
import type { AuditEntry } from '../security/audit-entry.ts';
import { callOf } from './call-state.ts';
import type { AuditAddition } from './handler.ts';

/** Somebody who has not shown who they are. */
const NOBODY: Actor = Object.freeze({ kind: 'user', id: null, name: 'unknown' });

/** The action of a route's audit rule; undefined where the rule is to write nothing. */
export function auditActionOf(spec: RouteSpec): AuditAction | undefined {
  if (!('action' in spec.audit)) return undefined;
  if (!isAuditAction(spec.audit.action)) throw new Error(`${spec.path}: unknown audit action ${spec.audit.action}`);
  return spec.audit.action;
}

/** The entry of one call: what the handler added, else the action of the route's rule and the resource of the path where it added none. */
export function auditEntryOf(
  request: FastifyRequest,
  action: AuditAction,
  outcome: AuditOutcome,
  more: AuditAddition = {},
): AuditEntry {
  const { caller, addition } = callOf(request);
  const resource = more.resource ?? addition.resource ?? resourceOf(request);
  const origin = caller?.session === undefined ? { address: request.ip } : {};
  const detail = { ...origin, ...addition.detail, ...more.detail };
  return {
    actor: caller?.actor ?? NOBODY,
    action: more.action ?? addition.action ?? action,
    outcome,
    ...(resource === undefined ? {} : { resource }),
    ...(Object.keys(detail).length === 0 ? {} : { detail }),
  };
}

const RESOURCES = {
  environments: 'environment',
  systems: 'system',
  listeners: 'listener',
  credentials: 'credential',
  messages: 'message',
  patients: 'patient',
  clinical: 'clinical_resource',
  users: 'user',
  tokens: 'token',
  'feed-analyses': 'feed_analysis',
} as const;

/** `/api/patients/:id/history` with id 5 is patient 5. */
function resourceOf(request: FastifyRequest): AuditAddition['resource'] {
  const [, , collection = '', parameter] = (request.routeOptions.url ?? '').split('/');
  const id = (request.params as { id?: unknown } | undefined)?.id;
  if (parameter !== ':id' || typeof id !== 'string' || !/^\d{1,18}$/.test(id)) return undefined;
  if (!Object.hasOwn(RESOURCES, collection)) return undefined;
  return { kind: RESOURCES[collection as keyof typeof RESOURCES], id: BigInt(id) };
}
