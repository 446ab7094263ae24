import type { Queryable } from '../store/queryable.ts';
import { readStoredKeys, unwrapKey } from './key-store.ts';
import type { DataKey, Keyring, KeyringData } from './keyring.ts';
import { readMasterKeys, type MasterKey, type MasterKeyPlace } from './master-key.ts';
import { SecurityError } from './security-error.ts';

/** How often a running node looks for new data keys, in ms. A rotation waits longer than this before it seals with one. */
export const KEY_RELOAD_MS = 5_000;

export interface KeyWatch {
  /** Loads now. */
  reload(): Promise<void>;
  /** Makes a key known that a blob names (`key_unknown`); answers whether it is known now. At most one query a second. */
  ensure(keyId: number): Promise<boolean>;
  stop(): void;
}

/**
 * Keeps a running node's key ring up to date, so that rotations need no restart. A failed look is told to `onError` and
 * tried again at the next turn; the keys at hand go on working.
 */
export function watchKeys(
  deps: MasterKeyPlace & {
    readonly db: Queryable;
    readonly keyring: Keyring;
    readonly masterKey: MasterKey;
    /** The ring changed: hand the data on to worker threads. */
    readonly onChange?: (data: KeyringData) => void;
    readonly onError?: (error: unknown) => void;
    readonly intervalMs?: number;
    readonly now?: () => number;
  },
): KeyWatch {
  const now = deps.now ?? Date.now;
  let masterKey = deps.masterKey;
  let loading: Promise<void> | undefined;
  let lastMiss = Number.NEGATIVE_INFINITY;

  async function load(): Promise<void> {
    const stored = await readStoredKeys(deps.db);
    let changed = stored.length !== deps.keyring.data().keys.length;
    const keys: DataKey[] = [];
    for (const each of stored) {
      const known = deps.keyring.find(each.id);
      if (known?.state === each.state) {
        keys.push(known);
        continue;
      }
      changed = true;
      if (known !== undefined) {
        keys.push({ ...known, state: each.state });
        continue;
      }
      // The master key may have been replaced while this node ran: look for the one that fits.
      if (each.masterKeyId !== masterKey.wrapper.masterKeyId) {
        const candidates = await readMasterKeys(deps);
        const match = candidates.find((candidate) => candidate.wrapper.masterKeyId === each.masterKeyId);
        if (match === undefined)
          throw new SecurityError('master_key_wrong', { detail: `Wanted is ${each.masterKeyId}.` });
        masterKey = match;
      }
      keys.push(await unwrapKey(masterKey.wrapper, each));
    }
    // An empty answer is a table that is being restored or was damaged, not a reason to forget.
    if (!changed || keys.length === 0) return;
    deps.keyring.replace({ keys });
    deps.onChange?.(deps.keyring.data());
  }

  const reload = (): Promise<void> => {
    loading ??= load().finally(() => {
      loading = undefined;
    });
    return loading;
  };

  const timer = setInterval(() => {
    reload().catch((error: unknown) => deps.onError?.(error));
  }, deps.intervalMs ?? KEY_RELOAD_MS);
  timer.unref();

  return {
    reload,
    async ensure(keyId) {
      if (deps.keyring.find(keyId) !== undefined) return true;
      if (now() - lastMiss < 1000) return false;
      await reload();
      const known = deps.keyring.find(keyId) !== undefined;
      if (!known) lastMiss = now();
      return known;
    },
    stop: () => clearInterval(timer),
  };
}
