import { isBefore } from '../domain/said-time.ts';
import type { RecordBody, RecordChange, RecordInput, RecordState } from './record-input.ts';

export interface AppliedRecord {
  readonly change: RecordChange;
  /** The record afterwards; the same object as before where nothing changed. */
  readonly state: RecordState;
}

/** Statuses that come before the proper one. */
const PROVISIONAL: ReadonlySet<string> = new Set([
  'registered',
  'partial',
  'preliminary',
  'draft',
  'unknown',
  'proposed',
]);

/**
 * Decides what becomes of a stored record when a message says this of it. A later message replaces the whole; an older
 * one does nothing; a cancellation keeps what the record said and marks it. Pure.
 *
 * @param body What the message says, with its names resolved.
 */
export function applyRecord(existing: RecordState | undefined, input: RecordInput, body: RecordBody): AppliedRecord {
  const { status, ended, said, issued } = input;
  if (existing === undefined) return { change: 'created', state: { status, ended, said, issued, body } };
  if (input.mention) return { change: 'mentioned', state: existing };
  if (isOlder(existing, input)) return { change: 'older', state: existing };
  // Who withdraws a result often sends no more than its number.
  const next = ended ? { ...existing.body, ...body } : body;
  if (existing.status === status && sameJson(existing.body, next)) return { change: 'unchanged', state: existing };
  return {
    change: ended && !existing.ended ? 'ended' : 'changed',
    state: { status, ended, said: said ?? existing.said, issued: issued ?? existing.issued, body: next },
  };
}

/** By when the record was issued, else by when the message was made, else by how final it is. */
function isOlder(existing: RecordState, input: RecordInput): boolean {
  for (const [before, now] of [
    [existing.issued, input.issued],
    [existing.said, input.said],
  ]) {
    if (before === undefined || now === undefined) continue;
    if (isBefore(now, before)) return true;
    if (isBefore(before, now)) return false;
  }
  return PROVISIONAL.has(input.status) && !PROVISIONAL.has(existing.status) && !existing.ended;
}

/** Whether two JSON values say the same, whatever the order of their members. */
function sameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) || Array.isArray(other)) {
    return (
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, index) => sameJson(item, other[index]))
    );
  }
  const [a, b] = [one as RecordBody, other as RecordBody];
  const keys = Object.keys(a).filter((key) => a[key] !== undefined);
  if (keys.length !== Object.keys(b).filter((key) => b[key] !== undefined).length) return false;
  return keys.every((key) => sameJson(a[key], b[key]));
}

/** A body with `Type/id` in the place of names; a reference to what is not stored keeps its words only. */
export function resolveNames(value: RecordBody, nameOf: (name: string) => string | null | undefined): RecordBody {
  return resolved(value, nameOf) as RecordBody;
}

function resolved(value: unknown, nameOf: (name: string) => string | null | undefined): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => resolved(item, nameOf));
  if (typeof value !== 'object' || value === null) return value;
  const out: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'reference' && typeof inner === 'string') {
      const target = nameOf(inner);
      if (target !== null) out[key] = target ?? inner;
    } else out[key] = resolved(inner, nameOf);
  }
  return out;
}
