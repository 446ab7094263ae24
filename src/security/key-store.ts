import { randomBytes } from 'node:crypto';
import type { Queryable } from '../store/queryable.ts';
import type { KeyWrapper } from './key-wrapper.ts';
import { KEY_PURPOSES, ownedSecret, type DataKey, type KeyPurpose, type KeyState } from './keyring.ts';
import { SecurityError } from './security-error.ts';

/** A row of `data_keys`. */
export interface StoredKey {
  readonly id: number;
  readonly purpose: KeyPurpose;
  readonly state: KeyState;
  readonly masterKeyId: string;
  readonly wrapped: Buffer;
  readonly createdAt: Date;
}

/** All data keys but retired ones, still wrapped. */
export async function readStoredKeys(db: Queryable): Promise<StoredKey[]> {
  const { rows } = await db.query<{
    id: number;
    purpose: KeyPurpose;
    state: KeyState;
    master_key_id: string;
    wrapped: Buffer;
    created_at: Date;
  }>(
    `select id, purpose, state, master_key_id, wrapped, created_at from data_keys where state <> 'retired' order by id`,
  );
  return rows.map((row) => ({
    id: row.id,
    purpose: row.purpose,
    state: row.state,
    masterKeyId: row.master_key_id,
    wrapped: row.wrapped,
    createdAt: row.created_at,
  }));
}

/** Unwraps a stored key. Throws `master_key_wrong`. */
export async function unwrapKey(wrapper: KeyWrapper, stored: StoredKey): Promise<DataKey> {
  const { id, purpose, state } = stored;
  try {
    return { id, purpose, state, secret: ownedSecret(await wrapper.unwrap(stored, stored.wrapped)) };
  } catch (cause) {
    throw new SecurityError('master_key_wrong', {
      cause,
      detail: `Data key ${id} (${purpose}) was wrapped by ${stored.masterKeyId}; the key at hand is ${wrapper.masterKeyId}.`,
    });
  }
}

/**
 * Stores a new random data key. Answers its id, or null when another process was faster, or when another master key
 * wraps the keys of this database by now.
 */
export async function insertKey(
  db: Queryable,
  wrapper: KeyWrapper,
  purpose: KeyPurpose,
  state: 'active' | 'next',
): Promise<number | null> {
  // The id is bound into the wrapping, so it is chosen first; a race for it ends in a conflict, and the next is tried.
  for (let attempt = 0; attempt < 20; attempt++) {
    const last = await db.query<{ last: number; taken: boolean }>(
      `select coalesce(max(id), 0)::int as last, coalesce(bool_or(purpose = $1 and state = $2), false) as taken
       from data_keys`,
      [purpose, state],
    );
    if (last.rows[0]?.taken === true) return null;
    const id = (last.rows[0]?.last ?? 0) + 1;
    const wrapped = await wrapper.wrap({ id, purpose }, randomBytes(32));
    const { rowCount } = await db.query(
      `insert into data_keys (id, purpose, state, master_key_id, wrapped)
       select $1, $2, $3, $4, $5 where not exists (select 1 from data_keys where master_key_id <> $4)
       on conflict do nothing`,
      [id, purpose, state, wrapper.masterKeyId, wrapped],
    );
    if (rowCount === 1) return id;
    const others = await db.query('select 1 from data_keys where master_key_id <> $1 limit 1', [wrapper.masterKeyId]);
    if (others.rows.length > 0) return null;
  }
  throw new SecurityError('key_rotation_conflict');
}

/** Makes the keys of purposes that have none yet: all at the first start, new ones after an update. */
export async function insertMissingKeys(db: Queryable, wrapper: KeyWrapper): Promise<number> {
  const stored = await readStoredKeys(db);
  let made = 0;
  for (const purpose of Object.keys(KEY_PURPOSES) as KeyPurpose[]) {
    if (stored.some((key) => key.purpose === purpose && key.state === 'active')) continue;
    if ((await insertKey(db, wrapper, purpose, 'active')) !== null) made += 1;
  }
  return made;
}
