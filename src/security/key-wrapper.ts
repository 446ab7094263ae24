import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { KeyPurpose } from './keyring.ts';

/** Which data key is wrapped: bound in, so that a wrapped key cannot pose as another. */
export interface WrappedKeyPlace {
  readonly id: number;
  readonly purpose: KeyPurpose;
}

/** Wraps data keys under a master key. Ours holds the key itself; one over an external key service fits as well. */
export interface KeyWrapper {
  /** Tells master keys apart without telling anything about them; stored beside each wrapped key. */
  readonly masterKeyId: string;
  wrap(place: WrappedKeyPlace, secret: Uint8Array): Promise<Buffer>;
  /** Rejects when the key was wrapped by another master key, for another place, or changed. */
  unwrap(place: WrappedKeyPlace, wrapped: Uint8Array): Promise<Buffer>;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Wraps with AES-256-GCM under a 32-byte key. A random nonce is fine here: a master key wraps a handful of keys. */
export function createLocalWrapper(masterKey: Uint8Array): KeyWrapper {
  const key = Buffer.from(masterKey);
  const aad = (place: WrappedKeyPlace): Buffer =>
    Buffer.from(`practice-studio data key v1|${place.purpose}|${place.id}`, 'utf8');
  return {
    masterKeyId: createHmac('sha256', key).update('practice-studio master key check').digest('hex').slice(0, 16),
    async wrap(place, secret) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad(place));
      return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
    },
    async unwrap(place, wrapped) {
      const body = wrapped.subarray(NONCE_BYTES, wrapped.length - TAG_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(aad(place));
      decipher.setAuthTag(wrapped.subarray(wrapped.length - TAG_BYTES));
      return Buffer.concat([decipher.update(body), decipher.final()]);
    },
  };
}
