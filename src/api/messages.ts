import type { EngineControl } from '../engine/control.ts';
import { readMessageDetail, type MessageDetailDeps } from '../records/messages/message-detail.ts';
import { createStoredMappings } from '../records/messages/stored-mappings.ts';
import { searchMessages, type MessageSearchDeps } from '../records/messages/search-messages.ts';
import { isPossibleId } from '../records/page-cursor.ts';
import { SecurityError } from '../security/security-error.ts';
import { ApiError } from './api-error.ts';
import type { Handlers } from './handler.ts';
import { possibleId } from './possible-id.ts';

export interface MessageHandlerDeps extends Omit<MessageSearchDeps, 'controlKey'> {
  readonly engine: Pick<EngineControl, 'replay' | 'controlKey'>;
  /** Largest repaired message that is taken, in bytes. */
  readonly maxRepairBytes?: number;
}

type Names = 'searchMessages' | 'getMessage' | 'replayMessage';

const MAX_REPAIR_BYTES = 64 * 1024 * 1024;

/** The message tracer: search, one message, replay with or without a repair. */
export function createMessageHandlers(deps: MessageHandlerDeps): Pick<Handlers, Names> {
  const { engine } = deps;
  const search: MessageSearchDeps = {
    ...deps,
    controlKey: (listener, control) => engine.controlKey(listener, control),
  };
  const detailDeps: MessageDetailDeps = { db: deps.db, sealer: deps.sealer, mappings: createStoredMappings() };
  return {
    async searchMessages({ body, context }) {
      const seesPatients = context.permissions.has('patients.read');
      // Which messages are found tells of a patient as much as his name does.
      const asksForPatient = body.text !== undefined || body.patient !== undefined;
      if (asksForPatient && !seesPatients) throw new SecurityError('permission_denied');
      const page = await searchMessages(search, body, { seesPatients });
      const used = Object.entries(body).filter(([name, value]) => value !== undefined && name !== 'limit');
      // What was searched by, never what for: a text or a control id may name a patient.
      const detail = { filters: used.map(([name]) => name).sort(), found: page.items.length };
      context.audit(
        body.patient === undefined || !isPossibleId(body.patient)
          ? { detail }
          : { resource: { kind: 'patient', id: BigInt(body.patient) }, detail },
      );
      return page;
    },

    async getMessage({ params, context }) {
      context.audit({ resource: { kind: 'message', id: possibleId(params.id, 'message_unknown') } });
      const viewer = { seesPatients: context.permissions.has('patients.read') };
      const detail = await readMessageDetail(detailDeps, params.id, viewer);
      if (detail === undefined) throw new ApiError('message_unknown');
      return detail;
    },

    async replayMessage({ params, body, context }) {
      const messageId = possibleId(params.id, 'message_unknown');
      context.audit({
        ...(body.repaired_base64 === undefined ? {} : { action: 'message-repaired' }),
        resource: { kind: 'message', id: messageId },
        detail: { reason: body.reason },
      });
      const content = repairedContent(body.repaired_base64, deps.maxRepairBytes ?? MAX_REPAIR_BYTES);
      const exists = await deps.db.query('select from messages where id = $1', [params.id]);
      if (exists.rows.length === 0) throw new ApiError('message_unknown');
      const [queued] = await engine.replay({
        messageIds: [messageId],
        kind: content === undefined ? 'replay' : 'repair',
        requestedBy: context.actor.name,
        reason: body.reason,
        ...(content === undefined ? {} : { content }),
      });
      if (queued === undefined) throw new ApiError('nothing_to_process');
      return { transaction_id: String(queued.transactionId) };
    },
  };
}

function repairedContent(base64: string | undefined, maxBytes: number): Buffer | undefined {
  if (base64 === undefined) return undefined;
  // Buffer.from skips what is not base64; a repair must be exactly what was sent.
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new ApiError('content_invalid');
  const content = Buffer.from(base64, 'base64');
  if (content.length === 0 || content.length > maxBytes) throw new ApiError('content_invalid');
  return content;
}
