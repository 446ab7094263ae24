import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../store/queryable.ts';
import { insertKey, readStoredKeys, unwrapKey } from './key-store.ts';
import { createLocalWrapper, type KeyWrapper } from './key-wrapper.ts';
import { ROTATABLE_PURPOSES, type KeyPurpose } from './keyring.ts';
import {
  createKeyFile,
  keyFilePath,
  readKeyFile,
  readMasterKeys,
  swapKeyFiles,
  type MasterKeyPlace,
} from './master-key.ts';
import { SecurityError } from './security-error.ts';
import { KEY_RELOAD_MS } from './watch-keys.ts';

/**
 * Replaces the data key of a purpose without downtime: the new key is stored as `next`, which every node learns within
 * {@link KEY_RELOAD_MS}; after `settleMs` it seals, and the old one only opens. So no node ever meets a blob whose key
 * it has not got. Interrupted in between, the next call goes on with the same key.
 *
 * Answers the number of the key that seals now. Throws `key_not_rotatable`, `key_rotation_conflict`, `master_key_wrong`.
 */
export async function rotateDataKey(
  deps: {
    readonly db: Database;
    readonly wrapper: KeyWrapper;
    /** Default: three times the interval at which nodes look for keys. */
    readonly settleMs?: number;
    readonly sleep?: (ms: number) => Promise<unknown>;
  },
  purpose: KeyPurpose,
): Promise<number> {
  if (!ROTATABLE_PURPOSES.includes(purpose)) {
    throw new SecurityError('key_not_rotatable', { detail: `The purpose is ${purpose}.` });
  }
  await insertKey(deps.db, deps.wrapper, purpose, 'next');
  const next = (await readStoredKeys(deps.db)).find((key) => key.purpose === purpose && key.state === 'next');
  if (next === undefined) throw new SecurityError('key_rotation_conflict');
  await unwrapKey(deps.wrapper, next); // before anything depends on it
  await (deps.sleep ?? sleep)(deps.settleMs ?? 3 * KEY_RELOAD_MS);
  await deps.db.transaction(async (tx) => {
    // In this order, as only one key of a purpose may be active; others see both steps at once.
    const place = [purpose, next.id];
    await tx.query(
      `update data_keys set state = 'decrypt-only', changed_at = now() where purpose = $1 and state = 'active' and id <> $2`,
      place,
    );
    const { rowCount } = await tx.query(
      `update data_keys set state = 'active', changed_at = now() where purpose = $1 and id = $2 and state = 'next'`,
      place,
    );
    if (rowCount !== 1) throw new SecurityError('key_rotation_conflict');
  });
  return next.id;
}

export interface MasterKeyRotation {
  readonly previousId: string;
  readonly currentId: string;
  /** Data keys that were wrapped anew. */
  readonly keys: number;
}

/** Wraps all data keys under another master key, in one transaction. Throws `master_key_wrong`. */
export async function rewrapKeys(db: Database, current: KeyWrapper, next: KeyWrapper): Promise<MasterKeyRotation> {
  return db.transaction(async (tx) => {
    // Keeps a data key from being added under the old master key meanwhile; reading goes on.
    await tx.query('lock table data_keys in share row exclusive mode');
    const { rows } = await tx.query<{ id: number; purpose: KeyPurpose; wrapped: Buffer; master_key_id: string }>(
      'select id, purpose, wrapped, master_key_id from data_keys order by id',
    );
    for (const row of rows) {
      const stored = { ...row, masterKeyId: row.master_key_id, state: 'active' as const, createdAt: new Date(0) };
      const { secret } = await unwrapKey(current, stored);
      await tx.query('update data_keys set wrapped = $2, master_key_id = $3, changed_at = now() where id = $1', [
        row.id,
        await next.wrap(row, secret),
        next.masterKeyId,
      ]);
    }
    return { previousId: current.masterKeyId, currentId: next.masterKeyId, keys: rows.length };
  });
}

/**
 * Replaces the master key file. The new key is on disk before the commit, and the old one is kept until after it (and
 * then as `master.key.previous`, for backups made under it; remove it when there are none). Killed at any instant, the
 * next start finds among the files the one that the database wants.
 *
 * Running nodes go on; other nodes with a key file of their own need the new one before their next start.
 * Throws `master_key_from_environment`, `master_key_missing`, `master_key_wrong`.
 */
export async function rotateMasterKeyFile(
  deps: MasterKeyPlace & { readonly db: Database; readonly randomBytes?: (size: number) => Buffer },
): Promise<MasterKeyRotation> {
  const candidates = await readMasterKeys(deps);
  if (candidates[0]?.origin === 'environment') throw new SecurityError('master_key_from_environment');
  const wanted = (await readStoredKeys(deps.db))[0]?.masterKeyId;
  const current = candidates.find((candidate) => candidate.wrapper.masterKeyId === wanted);
  if (current === undefined) {
    throw new SecurityError(candidates.length === 0 ? 'master_key_missing' : 'master_key_wrong');
  }
  const nextPath = keyFilePath(deps.dataDir, 'next');
  // Left by a rotation that was interrupted: after its commit (then it is in use, and only the swap is missing) …
  if (current.path === nextPath) await swapKeyFiles(deps.dataDir);
  // … or before (then nothing was ever wrapped with it).
  await rm(nextPath, { force: true });
  await createKeyFile(nextPath, (deps.randomBytes ?? randomBytes)(32));
  const key = await readKeyFile(nextPath);
  if (key === undefined) throw new SecurityError('master_key_missing', { detail: `${nextPath} is gone again.` });
  const rotation = await rewrapKeys(deps.db, current.wrapper, createLocalWrapper(key));
  await swapKeyFiles(deps.dataDir);
  return rotation;
}
