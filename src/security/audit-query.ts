import type { Queryable } from '../store/queryable.ts';
import { idAtMs } from '../domain/ids.ts';
import {
  AUDIT_ACTIONS,
  AUDIT_OUTCOMES,
  AUDIT_RESOURCES,
  auditNames,
  isAuditAction,
  isAuditResource,
  type AuditActorKind,
  type AuditOutcome,
} from './audit-actions.ts';

/** One entry as the console shows it. */
export interface AuditItem {
  readonly id: bigint;
  readonly chain: number;
  readonly at: Date;
  readonly actor: { readonly kind: AuditActorKind; readonly id: bigint | null; readonly name: string };
  readonly action: string;
  readonly sentence: string;
  readonly resource: { readonly kind: string; readonly id: bigint | null } | null;
  readonly outcome: AuditOutcome;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface AuditFilter {
  /** Part of the name or log-in of a user or of the name of a token, or its id. */
  readonly actor?: string;
  /** `people` (default) leaves out what the program did by itself. */
  readonly who?: 'people' | 'all';
  readonly action?: string;
  readonly resourceKind?: string;
  readonly resourceId?: bigint;
  readonly outcome?: AuditOutcome;
  /** Inclusive. */
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
  /** `next` of the page before. */
  readonly cursor?: string;
  /** 1–1000. */
  readonly limit: number;
}

export interface AuditPage {
  readonly items: readonly AuditItem[];
  /** To be given as `cursor` for the page after; null at the end. */
  readonly next: string | null;
}

interface Row {
  readonly id: string;
  readonly chain: number;
  readonly at: Date;
  readonly actor_kind: number;
  readonly actor_id: string | null;
  readonly actor_name: string | null;
  readonly action: number;
  readonly resource_kind: number;
  readonly resource_id: string | null;
  readonly outcome: number;
  readonly detail: string | null;
}

// A little wider than what the clock of a writer may have been set back by: ids rise within a chain even then.
const SLACK_MS = 3_600_000;

/**
 * A page of the audit log, newest first. Time bounds go to the ids as well, so that only the partitions in question are
 * read. A filter that names nothing that exists answers an empty page.
 */
export async function queryAudit(db: Queryable, filter: AuditFilter): Promise<AuditPage> {
  const values: unknown[] = [];
  const add = (value: unknown): string => `$${values.push(value)}`;
  const where: string[] = [];
  if (filter.who !== 'all') where.push('a.actor_kind <> 1');
  if (filter.action !== undefined) {
    if (!isAuditAction(filter.action)) return { items: [], next: null };
    where.push(`a.action = ${add(AUDIT_ACTIONS[filter.action].number)}`);
  }
  if (filter.resourceKind !== undefined) {
    if (!isAuditResource(filter.resourceKind)) return { items: [], next: null };
    where.push(`a.resource_kind = ${add(AUDIT_RESOURCES[filter.resourceKind])}`);
  }
  if (filter.resourceId !== undefined) where.push(`a.resource_id = ${add(filter.resourceId)}`);
  if (filter.outcome !== undefined) where.push(`a.outcome = ${add(AUDIT_OUTCOMES[filter.outcome])}`);
  if (filter.from !== undefined) {
    where.push(`a.at >= ${add(filter.from)}`, `a.id >= ${add(idAtMs(filter.from.getTime() - SLACK_MS))}`);
  }
  if (filter.to !== undefined) {
    where.push(`a.at < ${add(filter.to)}`, `a.id < ${add(idAtMs(filter.to.getTime() + SLACK_MS))}`);
  }
  if (filter.actor !== undefined && filter.actor.trim() !== '') where.push(actorCondition(filter.actor.trim(), add));
  if (filter.cursor !== undefined) {
    const match = /^(\d{1,19})-(\d{1,5})$/.exec(filter.cursor);
    if (match === null) return { items: [], next: null };
    where.push(`(a.id, a.chain) < (${add(match[1])}::bigint, ${add(match[2])}::smallint)`);
  }
  const limit = Math.min(Math.max(1, filter.limit), 1000);
  const { rows } = await db.query<Row>(
    `select a.id, a.chain, a.at, a.actor_kind, a.actor_id, coalesce(u.name, t.name) as actor_name, a.action,
       a.resource_kind, a.resource_id, a.outcome, a.detail
     from audit a
     left join users u on a.actor_kind = 2 and u.id = a.actor_id
     left join api_tokens t on a.actor_kind = 3 and t.id = a.actor_id
     ${where.length === 0 ? '' : `where ${where.join(' and ')}`}
     order by a.id desc, a.chain desc limit ${limit + 1}`,
    values,
  );
  const items = rows.slice(0, limit).map(toItem);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? `${last.id}-${last.chain}` : null };
}

function actorCondition(actor: string, add: (value: unknown) => string): string {
  if (/^\d{1,18}$/.test(actor)) return `a.actor_id = ${add(actor)}::bigint`;
  const like = add(`%${actor.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);
  return `(a.actor_kind = 2 and a.actor_id = any(array(select id from users where name ilike ${like} or login ilike ${like}))
    or a.actor_kind = 3 and a.actor_id = any(array(select id from api_tokens where name ilike ${like})))`;
}

function toItem(row: Row): AuditItem {
  const kind = auditNames.actor(row.actor_kind);
  const action = auditNames.action(row.action);
  return {
    id: BigInt(row.id),
    chain: row.chain,
    at: row.at,
    actor: {
      kind,
      id: row.actor_id === null ? null : BigInt(row.actor_id),
      name: row.actor_name ?? (kind === 'system' ? 'Practice Studio' : 'unknown'),
    },
    action,
    sentence: isAuditAction(action) ? AUDIT_ACTIONS[action].sentence : 'Written by a newer version of the program.',
    resource:
      row.resource_kind === 0
        ? null
        : {
            kind: auditNames.resource(row.resource_kind),
            id: row.resource_id === null ? null : BigInt(row.resource_id),
          },
    outcome: auditNames.outcome(row.outcome),
    detail: parseDetail(row.detail),
  };
}

/** A detail that was tampered with must not keep the rest of the log from being read. */
function parseDetail(text: string | null): Readonly<Record<string, unknown>> {
  if (text === null) return {};
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return { unreadable: true };
  }
}
