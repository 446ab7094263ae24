import { rm } from 'node:fs/promises';
import type { Queryable } from '../store/queryable.ts';
import { insertMissingKeys, readStoredKeys, unwrapKey, type StoredKey } from './key-store.ts';
import { Keyring } from './keyring.ts';
import {
  createKeyFile,
  keyFilePath,
  readMasterKeys,
  swapKeyFiles,
  type MasterKey,
  type MasterKeyPlace,
} from './master-key.ts';
import { SecurityError } from './security-error.ts';

export interface OpenedKeys {
  readonly masterKey: MasterKey;
  readonly keyring: Keyring;
  /** The key file was made by this start: tell the person to keep a copy apart from the backups. */
  readonly masterKeyCreated: boolean;
  /** Data keys that this start made. */
  readonly dataKeysCreated: number;
}

/**
 * Opens the data keys of a database, and makes what a first start lacks: the master key file, the data keys. Safe to run
 * from several nodes at once. A new master key is only ever made for a database without keys.
 *
 * Throws `master_key_invalid`, `master_key_exposed`, `master_key_missing`, `master_key_wrong`.
 */
export async function openKeys(deps: MasterKeyPlace & { readonly db: Queryable }): Promise<OpenedKeys> {
  const stored = await readStoredKeys(deps.db);
  let masterKeyCreated = false;
  if (stored.length === 0 && (await readMasterKeys(deps)).length === 0) {
    masterKeyCreated = await createKeyFile(keyFilePath(deps.dataDir));
  }
  const candidates = await readMasterKeys(deps);
  try {
    const chosen = choose(candidates, stored, deps);
    const dataKeysCreated = await insertMissingKeys(deps.db, chosen.wrapper);
    const all = await readStoredKeys(deps.db);
    // Chosen again: another node may have been first with a key of its own.
    const masterKey = await settle(choose(candidates, all, deps), deps);
    const keys = await Promise.all(all.map((key) => unwrapKey(masterKey.wrapper, key)));
    return { masterKey, keyring: new Keyring({ keys }), masterKeyCreated, dataKeysCreated };
  } catch (error) {
    if (masterKeyCreated) await removeUnused(candidates, deps);
    throw error;
  }
}

/** The master key that wraps the stored keys; the first at hand when nothing is stored yet. */
function choose(candidates: readonly MasterKey[], stored: readonly StoredKey[], place: MasterKeyPlace): MasterKey {
  const first = candidates[0];
  const wanted = stored[0]?.masterKeyId;
  if (first === undefined) {
    throw new SecurityError('master_key_missing', { detail: `No key file is at ${keyFilePath(place.dataDir)}.` });
  }
  if (wanted === undefined) return first;
  const match = candidates.find((candidate) => candidate.wrapper.masterKeyId === wanted);
  if (match === undefined) {
    const from = first.path ?? 'the environment';
    throw new SecurityError('master_key_wrong', {
      detail: `The key from ${from} is ${first.wrapper.masterKeyId}, the database wants ${wanted}.`,
    });
  }
  return match;
}

/** A key file made by this start that lost the race to another node protects nothing: it must not be taken for the right one. */
async function removeUnused(
  made: readonly MasterKey[],
  deps: MasterKeyPlace & { readonly db: Queryable },
): Promise<void> {
  const stored = await readStoredKeys(deps.db).catch(() => []);
  const used = stored.some((key) => made.some((each) => each.wrapper.masterKeyId === key.masterKeyId));
  if (stored.length > 0 && !used) await rm(keyFilePath(deps.dataDir), { force: true });
}

/** Finishes a rotation that was interrupted after its commit: the key that fits lies beside its place. */
async function settle(masterKey: MasterKey, place: MasterKeyPlace): Promise<MasterKey> {
  if (masterKey.path !== keyFilePath(place.dataDir, 'next')) return masterKey;
  await swapKeyFiles(place.dataDir);
  return { ...masterKey, path: keyFilePath(place.dataDir) };
}
