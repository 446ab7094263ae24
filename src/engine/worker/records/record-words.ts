import { SYSTEM_ACTOR } from '../../../domain/actor.ts';
import type { RecordChange } from '../../../records/record-input.ts';
import type { AuditEntry } from '../../../security/audit-entry.ts';
import type { RecordOutcome } from './records-in-hand.ts';

const WORDS: Readonly<Record<RecordChange, string>> = {
  created: 'new',
  changed: 'changed',
  ended: 'withdrawn',
  unchanged: 'as known',
  older: 'older than stored',
  mentioned: 'mentioned',
};

function counts(outcomes: readonly RecordOutcome[]): [RecordChange, number][] {
  return (Object.keys(WORDS) as RecordChange[]).flatMap((change): [RecordChange, number][] => {
    const count = outcomes.filter((outcome) => outcome.change === change).length;
    return count === 0 ? [] : [[change, count]];
  });
}

/** `Records: 3 new, 1 older than stored.` */
export function recordsText(outcomes: readonly RecordOutcome[]): string {
  return `Records: ${counts(outcomes)
    .map(([change, count]) => `${count} ${WORDS[change]}`)
    .join(', ')}.`;
}

/** The audit entry of a message that made or changed records; undefined for one that did neither. */
export function recordsAudit(
  outcomes: readonly RecordOutcome[],
  messageId: bigint,
  patientId: bigint,
  at: number,
): AuditEntry | undefined {
  const written = counts(outcomes).filter(([change]) => ['created', 'changed', 'ended'].includes(change));
  if (written.length === 0) return undefined;
  return {
    actor: SYSTEM_ACTOR,
    action: 'records-changed',
    resource: { kind: 'patient', id: patientId },
    detail: { message: messageId, ...Object.fromEntries(written) },
    at,
  };
}
