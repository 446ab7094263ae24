import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { DataKey, KeyPurpose, Keyring } from './keyring.ts';
import { SecurityError } from './security-error.ts';

/** Version of the layout: 1 byte version, 2 bytes key id, 12 bytes nonce, ciphertext, 16 bytes tag. */
const FORMAT = 1;
const NONCE_AT = 3;
const BODY_AT = 15;
const TAG_BYTES = 16;
/** How many bytes a sealed value is longer than its plaintext. */
export const SEAL_OVERHEAD = BODY_AT + TAG_BYTES;

const COUNTER_LIMIT = 0xffff_ffff;

/** Where a sealed value lives: the numbers of its table and column ({@link SEALED_COLUMNS}). */
export interface SealedColumn {
  readonly table: number;
  readonly column: number;
}

export interface Sealer {
  /**
   * Seals with the active key of a purpose (AES-256-GCM, NIST SP 800-38D). Table, column and record id are bound in
   * as associated data: a blob moved to another row or column does not open. A string is taken as UTF-8.
   * Throws `key_missing`.
   */
  seal(purpose: KeyPurpose, column: SealedColumn, id: bigint, plaintext: Uint8Array | string): Buffer;
  /** As `seal`, with a key chosen by the caller. */
  sealWith(key: DataKey, column: SealedColumn, id: bigint, plaintext: Uint8Array | string): Buffer;
  /** Opens what `seal` made. Throws `sealed_malformed`, `key_unknown` (reload the key ring), `sealed_tampered`. */
  open(column: SealedColumn, id: bigint, blob: Uint8Array): Buffer;
}

/**
 * Makes a sealer for one thread.
 *
 * The nonce: at 20,000 seals a second random 96-bit nonces would meet their limit of 2^32 per key (SP 800-38D, 8.3)
 * within three days. So it is built deterministically (8.2.1): 64 bits drawn at random by each sealer as its fixed
 * field, then a 32-bit counter; when the counter is used up, a new fixed field is drawn. Within a sealer no nonce
 * repeats; between sealers (threads, restarts, nodes) a repeat needs two equal fixed fields: with 90,000 of them under
 * one key the chance is 2^-32. A node number or a counter kept in the database instead of random bits would be
 * certain, but only until a backup is restored, which takes the counter back. Not covered: a virtual machine that is
 * resumed twice from one memory snapshot (restart the program after that).
 */
export function createSealer(deps: {
  readonly keyring: Keyring;
  readonly randomBytes?: (size: number) => Uint8Array;
}): Sealer {
  const { keyring } = deps;
  const random = deps.randomBytes ?? randomBytes;
  // Handed to the cipher synchronously and copied there, so that one buffer each serves all calls.
  const aad = Buffer.alloc(12);
  const nonce = Buffer.alloc(12);
  nonce.set(random(8), 0);
  let counter = 0;

  function bind(column: SealedColumn, id: bigint): void {
    aad.writeUInt16BE(column.table, 0);
    aad.writeUInt16BE(column.column, 2);
    aad.writeBigInt64BE(id, 4);
  }

  function sealWith(key: DataKey, column: SealedColumn, id: bigint, plaintext: Uint8Array | string): Buffer {
    if (counter === COUNTER_LIMIT) {
      nonce.set(random(8), 0);
      counter = 0;
    }
    counter += 1;
    nonce.writeUInt32BE(counter, 8);
    bind(column, id);
    const cipher = createCipheriv('aes-256-gcm', key.secret, nonce);
    cipher.setAAD(aad);
    const body = typeof plaintext === 'string' ? cipher.update(plaintext, 'utf8') : cipher.update(plaintext);
    cipher.final();
    const blob = Buffer.allocUnsafe(body.length + SEAL_OVERHEAD);
    blob[0] = FORMAT;
    blob.writeUInt16BE(key.id, 1);
    blob.set(nonce, NONCE_AT);
    blob.set(body, BODY_AT);
    blob.set(cipher.getAuthTag(), BODY_AT + body.length);
    return blob;
  }

  return {
    seal: (purpose, column, id, plaintext) => sealWith(keyring.active(purpose), column, id, plaintext),
    sealWith,
    open(column, id, blob) {
      const keyId = sealedKeyId(blob);
      const key = keyring.find(keyId);
      if (key === undefined) throw new SecurityError('key_unknown', { detail: `Its number is ${keyId}.` });
      bind(column, id);
      try {
        const bodyEnd = blob.length - TAG_BYTES;
        const decipher = createDecipheriv('aes-256-gcm', key.secret, blob.subarray(NONCE_AT, BODY_AT));
        decipher.setAAD(aad);
        decipher.setAuthTag(blob.subarray(bodyEnd));
        const plaintext = decipher.update(blob.subarray(BODY_AT, bodyEnd));
        decipher.final();
        return plaintext;
      } catch (cause) {
        throw new SecurityError('sealed_tampered', {
          cause,
          detail: `Table ${column.table}, column ${column.column}, record ${id}.`,
        });
      }
    },
  };
}

/** The number of the key that a blob was sealed with. Throws `sealed_malformed`. */
export function sealedKeyId(blob: Uint8Array): number {
  if (blob.length < SEAL_OVERHEAD) {
    throw new SecurityError('sealed_malformed', { detail: `It has ${blob.length} bytes.` });
  }
  if (blob[0] !== FORMAT) throw new SecurityError('sealed_malformed', { detail: `Its format version is ${blob[0]}.` });
  return ((blob[1] ?? 0) << 8) | (blob[2] ?? 0);
}
