import type { EngineControl } from '../engine/control.ts';
import {
  listErrorGroups,
  listGroupMessages,
  readErrorGroup,
  updateErrorGroup,
} from '../records/errors/error-groups.ts';
import { fingerprintNumber } from '../records/errors/fingerprint.ts';
import { resolveGroup } from '../records/errors/resolve-group.ts';
import type { Database } from '../store/queryable.ts';
import { ApiError } from './api-error.ts';
import type { AuditAddition, CallContext, Handlers } from './handler.ts';

export interface ErrorHandlerDeps {
  readonly db: Database;
  readonly engine: Pick<EngineControl, 'replay' | 'discard'>;
}

type Names = 'listErrorGroups' | 'listGroupMessages' | 'updateErrorGroup' | 'replayErrorGroup' | 'discardErrorGroup';

/** Error management: groups of alike failures, who sees to them, and what becomes of them. */
export function createErrorHandlers({ db, engine }: ErrorHandlerDeps): Pick<Handlers, Names> {
  async function resolve(
    fingerprint: string,
    body: { readonly reason: string; readonly message_ids?: readonly string[] | undefined },
    context: CallContext,
    act: (messageIds: readonly bigint[]) => Promise<number>,
  ): Promise<{ count: number }> {
    if ((await readErrorGroup(db, fingerprint)) === undefined) throw new ApiError('error_group_unknown');
    let count = 0;
    // Told as it goes: when a later part fails, the entry says how many were taken before.
    const tell = (): void => context.audit(groupEntry(fingerprint, { reason: body.reason, messages: count }));
    tell();
    await resolveGroup(db, fingerprint, body.message_ids, async (messageIds) => {
      const taken = await act(messageIds);
      count += taken;
      tell();
      return taken;
    });
    if (count === 0) throw new ApiError('nothing_to_process');
    return { count };
  }
  return {
    listErrorGroups: ({ query }) => listErrorGroups(db, query),
    listGroupMessages: ({ params, query, context }) =>
      listGroupMessages(db, params.fingerprint, query, { seesPatients: context.permissions.has('patients.read') }),

    updateErrorGroup: ({ params, body, context }) =>
      db.transaction(async (tx) => {
        const group = await updateErrorGroup(tx, params.fingerprint, body);
        if (group === 'unknown') throw new ApiError('error_group_unknown');
        if (group === 'person') throw new ApiError('person_unknown');
        // A note is written by people about messages: only that there is one is told.
        const assigned = body.assigned_to === undefined ? {} : { assigned_to: body.assigned_to ?? 'nobody' };
        await context.auditWithin(tx, groupEntry(params.fingerprint, { ...assigned, noted: body.note !== undefined }));
        return group;
      }),

    replayErrorGroup: ({ params, body, context }) =>
      resolve(params.fingerprint, body, context, async (messageIds) => {
        const requestedBy = context.actor.name;
        const queued = await engine.replay({ messageIds, kind: 'replay', requestedBy, reason: body.reason });
        return queued.length;
      }),

    discardErrorGroup: ({ params, body, context }) =>
      resolve(params.fingerprint, body, context, (messageIds) =>
        engine.discard({ messageIds, by: context.actor.name, reason: body.reason }),
      ),
  };
}

function groupEntry(fingerprint: string, detail: Record<string, unknown>): AuditAddition {
  return {
    resource: { kind: 'error_group', id: BigInt(fingerprintNumber(fingerprint)) },
    detail: { fingerprint, ...detail },
  };
}
