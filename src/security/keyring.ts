import { SecurityError } from './security-error.ts';

/** What a data key is for. */
export const KEY_PURPOSES = {
  content: 'Message contents and what each processing step read and wrote.',
  record: 'Patients and everything that is kept about them.',
  credential: 'The secrets of the vault.',
  account: 'Second factors of users.',
  'blind-index': 'Keyed hashes that make encrypted values searchable.',
  audit: 'The hash chains of the audit log.',
} as const;
export type KeyPurpose = keyof typeof KEY_PURPOSES;

/** Keys that seal can be replaced; keys whose results are compared (hashes, chains) cannot without computing all anew. */
export const ROTATABLE_PURPOSES: readonly KeyPurpose[] = ['content', 'record', 'credential', 'account'];

/** The life of a data key. */
export const KEY_STATES = {
  /** Made, and waiting until every node knows it; opens, does not seal yet. */
  next: 'next',
  /** Seals and opens. */
  active: 'active',
  /** Opens what it sealed before it was replaced. */
  'decrypt-only': 'decrypt-only',
  /** Nothing is left that it sealed; not loaded any more. */
  retired: 'retired',
} as const;
export type KeyState = keyof typeof KEY_STATES;

/** One unwrapped data key: 32 bytes and what they are for. */
export interface DataKey {
  /** 1–32767, unique over all purposes; written into every sealed blob. */
  readonly id: number;
  readonly purpose: KeyPurpose;
  readonly state: KeyState;
  /** Owns its memory (no slice of a shared pool), so that cloning it to a worker thread copies these 32 bytes alone. */
  readonly secret: Uint8Array;
}

/** Plain, structured-clonable: hand it to a worker thread as `workerData`, make a {@link Keyring} of it there. */
export interface KeyringData {
  readonly keys: readonly DataKey[];
}

/** The unwrapped keys of one thread. Has no way to the database: whoever loads new keys calls {@link Keyring.replace}. */
export class Keyring {
  #byId = new Map<number, DataKey>();
  #active = new Map<KeyPurpose, DataKey>();

  constructor(data: KeyringData) {
    this.replace(data);
  }

  /** Takes over newly loaded keys; what is sealing right now is not disturbed. */
  replace(data: KeyringData): void {
    const byId = new Map<number, DataKey>();
    const active = new Map<KeyPurpose, DataKey>();
    for (const key of data.keys) {
      byId.set(key.id, key);
      if (key.state === 'active') active.set(key.purpose, key);
    }
    this.#byId = byId;
    this.#active = active;
  }

  /** The key that seals now. Throws `key_missing`. */
  active(purpose: KeyPurpose): DataKey {
    const key = this.#active.get(purpose);
    if (key === undefined) throw new SecurityError('key_missing', { detail: `The purpose is ${purpose}.` });
    return key;
  }

  /** The key that sealed something, or undefined when it is not known here (yet). */
  find(id: number): DataKey | undefined {
    return this.#byId.get(id);
  }

  /** A copy to hand to another thread. */
  data(): KeyringData {
    return { keys: [...this.#byId.values()] };
  }
}

/** Key material in memory of its own. */
export function ownedSecret(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
