import { createHmac, createSecretKey, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { Actor } from '../domain/actor.ts';
import {
  AUDIT_ACTIONS,
  AUDIT_ACTORS,
  AUDIT_OUTCOMES,
  AUDIT_RESOURCES,
  type AuditAction,
  type AuditOutcome,
  type AuditResource,
} from './audit-actions.ts';
import type { Keyring } from './keyring.ts';
import { SecurityError } from './security-error.ts';

/** What is to be written to the audit log. */
export interface AuditEntry {
  readonly actor: Actor;
  readonly action: AuditAction;
  readonly resource?: { readonly kind: AuditResource; readonly id: bigint | null };
  /** Left out: ok. */
  readonly outcome?: AuditOutcome;
  /** Anything that JSON can say (bigint as text); never patient data, never a secret. At most 64 KB. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970 UTC; left out: now. */
  readonly at?: number;
}

/** A row of the audit log as it is hashed; ids that are absent are 0. */
export interface AuditRow {
  readonly id: bigint;
  readonly chain: number;
  readonly position: bigint;
  /** Microseconds since 1970 UTC. */
  readonly atMicros: bigint;
  readonly actorKind: number;
  readonly actorId: bigint;
  readonly action: number;
  readonly resourceKind: number;
  readonly resourceId: bigint;
  readonly outcome: number;
  readonly detail: string | null;
}

/** Where a chain stands: its last row. */
export interface AuditHead {
  readonly id: bigint;
  /** 1 for the first row of a chain; 0 before it. */
  readonly position: bigint;
  /** 32 bytes. */
  readonly hash: Buffer;
}

/** The keys of the audit log: entries and heads have separate ones, so that neither can stand for the other. */
export interface AuditKeys {
  readonly entry: KeyObject;
  readonly head: KeyObject;
}

/** Derives (HKDF-SHA-256, RFC 5869) the keys of the audit log from the key ring. */
export function auditKeys(keyring: Keyring): AuditKeys {
  const { secret } = keyring.active('audit');
  const derive = (use: string): KeyObject =>
    createSecretKey(
      Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `practice-studio audit log v1: ${use}`, 32)),
    );
  return { entry: derive('entry'), head: derive('head') };
}

const HASH_BYTES = 32;
const FIXED_BYTES = HASH_BYTES + 2 + 8 + 8 + 8 + 2 + 8 + 2 + 2 + 8 + 2 + 4;
const DETAIL_LIMIT = 65_536;
const NO_DETAIL = 0xffff_ffff;
// Hashing is synchronous, so one buffer serves all rows; a long detail gets a buffer of its own.
const scratch = Buffer.allocUnsafe(4096);

/**
 * HMAC-SHA-256 over the hash of the row before and all columns of this one, in a fixed layout: big-endian numbers, then
 * the length of the detail (all ones = none) and its UTF-8 bytes.
 */
export function entryHash(keys: AuditKeys, previous: Uint8Array, row: AuditRow): Buffer {
  const { detail } = row;
  const most = FIXED_BYTES + (detail === null ? 0 : detail.length * 3);
  const bytes = most <= scratch.length ? scratch : Buffer.allocUnsafe(most);
  bytes.set(previous, 0);
  bytes.writeInt16BE(row.chain, 32);
  bytes.writeBigInt64BE(row.position, 34);
  bytes.writeBigInt64BE(row.id, 42);
  bytes.writeBigInt64BE(row.atMicros, 50);
  bytes.writeInt16BE(row.actorKind, 58);
  bytes.writeBigInt64BE(row.actorId, 60);
  bytes.writeInt16BE(row.action, 68);
  bytes.writeInt16BE(row.resourceKind, 70);
  bytes.writeBigInt64BE(row.resourceId, 72);
  bytes.writeInt16BE(row.outcome, 80);
  const length = detail === null ? 0 : bytes.write(detail, FIXED_BYTES, 'utf8');
  bytes.writeUInt32BE(detail === null ? NO_DETAIL : length, 82);
  return createHmac('sha256', keys.entry)
    .update(bytes.subarray(0, FIXED_BYTES + length))
    .digest();
}

/** The hash that the first row of a chain follows. */
export function genesisHash(keys: AuditKeys, chain: number): Buffer {
  return createHmac('sha256', keys.entry).update(`genesis of chain ${chain}`).digest();
}

/** Proves that a head (or the base that retention left) was written by the program. */
export function headSeal(keys: AuditKeys, what: 'head' | 'base', chain: number, head: AuditHead): Buffer {
  return createHmac('sha256', keys.head)
    .update(`${what}|${chain}|${head.position}|${head.id}|`)
    .update(head.hash)
    .digest();
}

/** Compares two hashes without telling by the time where they differ. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The row of an entry. Throws `audit_detail_invalid`. */
export function entryRow(
  entry: AuditEntry,
  place: { chain: number; position: bigint; id: bigint; nowMs: number },
): AuditRow {
  const { actor, resource } = entry;
  return {
    id: place.id,
    chain: place.chain,
    position: place.position,
    atMicros: BigInt(Math.floor(entry.at ?? place.nowMs)) * 1000n,
    actorKind: AUDIT_ACTORS[actor.kind],
    actorId: actor.id ?? 0n,
    action: AUDIT_ACTIONS[entry.action].number,
    resourceKind: resource === undefined ? 0 : AUDIT_RESOURCES[resource.kind],
    resourceId: resource?.id ?? 0n,
    outcome: AUDIT_OUTCOMES[entry.outcome ?? 'ok'],
    detail: entry.detail === undefined ? null : detailText(entry.detail),
  };
}

/** Throws `audit_detail_invalid` when the entry could not be written. */
export function checkEntry(entry: AuditEntry): void {
  if (entry.detail !== undefined) detailText(entry.detail);
}

function detailText(detail: Readonly<Record<string, unknown>>): string | null {
  const text = jsonText(detail);
  if (text === '{}') return null;
  if (text.length > DETAIL_LIMIT) throw new SecurityError('audit_detail_invalid', { detail: 'It is too long.' });
  return text;
}

function jsonText(detail: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(detail);
  } catch {
    // A bigint somewhere: the replacer makes all of it much slower, so it is not used before it is needed.
    try {
      return JSON.stringify(detail, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
    } catch (cause) {
      throw new SecurityError('audit_detail_invalid', { cause });
    }
  }
}
