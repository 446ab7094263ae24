import { RecordsError } from '../records/records-error.ts';
import { AUDIT_ACTIONS } from '../security/audit-actions.ts';
import type { Handlers } from './handler.ts';
import type { SecurityServices } from './security-services.ts';

/** The audit log: who did what, and whether the log is what was written. */
export function createAuditHandlers(deps: {
  readonly security: Pick<SecurityServices, 'queryAudit' | 'verifyAudit'>;
}): Pick<Handlers, 'listAudit' | 'listAuditActions' | 'verifyAudit'> {
  const { security } = deps;
  // One at a time: it reads the whole log, and a second one would find the same.
  let verifying: ReturnType<SecurityServices['verifyAudit']> | undefined;
  return {
    async listAudit({ query, context }) {
      if (query.cursor !== undefined && !/^\d{1,19}-\d{1,5}$/.test(query.cursor))
        throw new RecordsError('cursor_invalid');
      if (query.resource_id !== undefined && !/^\d{1,18}$/.test(query.resource_id)) return { items: [] };
      const { items, next } = await security.queryAudit({
        who: query.who,
        limit: query.limit,
        ...(query.actor === undefined ? {} : { actor: query.actor }),
        ...(query.action === undefined ? {} : { action: query.action }),
        ...(query.resource_kind === undefined ? {} : { resourceKind: query.resource_kind }),
        ...(query.resource_id === undefined ? {} : { resourceId: BigInt(query.resource_id) }),
        ...(query.from === undefined ? {} : { from: new Date(query.from) }),
        ...(query.to === undefined ? {} : { to: new Date(query.to) }),
        ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
      });
      const { actor, action, resource_kind, resource_id, from, to } = query;
      const filter = Object.entries({ actor, action, resource_kind, resource_id, from, to }).filter(
        ([, value]) => value !== undefined,
      );
      context.audit({ detail: { ...Object.fromEntries(filter), shown: items.length } });
      return {
        items: items.map((item) => ({
          id: String(item.id),
          at: item.at.toISOString(),
          actor: { ...item.actor, id: item.actor.id === null ? null : String(item.actor.id) },
          action: item.action,
          sentence: item.sentence,
          resource:
            item.resource === null
              ? null
              : { kind: item.resource.kind, id: item.resource.id === null ? null : String(item.resource.id) },
          outcome: item.outcome,
          detail: { ...item.detail },
        })),
        ...(next === null ? {} : { next }),
      };
    },

    listAuditActions: () =>
      Promise.resolve({
        items: Object.entries(AUDIT_ACTIONS).map(([action, { sentence }]) => ({ action, sentence })),
      }),

    async verifyAudit({ context }) {
      verifying ??= security.verifyAudit().finally(() => {
        verifying = undefined;
      });
      const { intact, checked, chains, problems, problemCount } = await verifying;
      context.audit({ detail: { intact, checked, problems: problemCount } });
      return { intact, checked, chains, problem: problems[0]?.sentence ?? null };
    },
  };
}
