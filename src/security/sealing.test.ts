import { createDecipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Keyring, type DataKey } from './keyring.ts';
import { createSealer, SEAL_OVERHEAD, sealedKeyId } from './sealing.ts';

const key = (id: number, state: DataKey['state'] = 'active'): DataKey => ({
  id,
  purpose: 'record',
  state,
  secret: new Uint8Array(32).fill(id),
});
const COLUMN = { table: 3, column: 1 };
const ID = 7_000_000_000_000_000_001n;

describe('sealing', () => {
  const sealer = createSealer({ keyring: new Keyring({ keys: [key(513)] }) });

  it('opens what it sealed, bytes and text, the empty one too', () => {
    for (const text of ['', 'x', 'José Núñez 日本', 'a'.repeat(100_000)]) {
      const fromText = sealer.seal('record', COLUMN, ID, text);
      const fromBytes = sealer.seal('record', COLUMN, ID, Buffer.from(text));
      expect(sealer.open(COLUMN, ID, fromText).toString()).toBe(text);
      expect(sealer.open(COLUMN, ID, fromBytes).toString()).toBe(text);
      expect(fromText.length).toBe(Buffer.byteLength(text) + SEAL_OVERHEAD);
    }
  });

  it('is AES-256-GCM in the documented layout', () => {
    const blob = sealer.seal('record', COLUMN, ID, 'John Doe');
    expect(blob[0]).toBe(1);
    expect(sealedKeyId(blob)).toBe(513);
    const decipher = createDecipheriv('aes-256-gcm', key(513).secret, blob.subarray(3, 15));
    const aad = Buffer.alloc(12);
    aad.writeUInt16BE(3, 0);
    aad.writeUInt16BE(1, 2);
    aad.writeBigInt64BE(ID, 4);
    decipher.setAAD(aad);
    decipher.setAuthTag(blob.subarray(-16));
    expect(Buffer.concat([decipher.update(blob.subarray(15, -16)), decipher.final()]).toString()).toBe('John Doe');
  });

  it.each([
    ['another record', COLUMN, ID + 1n],
    ['another column', { table: 3, column: 2 }, ID],
    ['another table', { table: 4, column: 1 }, ID],
  ])('does not open a blob moved to %s', (_, column, id) => {
    const blob = sealer.seal('record', COLUMN, ID, 'John Doe');
    expect(() => sealer.open(column, id, blob)).toThrow(expect.objectContaining({ code: 'sealed_tampered' }));
  });

  it('does not open a blob of which any bit was changed or any byte cut off', () => {
    const blob = sealer.seal('record', COLUMN, ID, 'John Doe');
    for (let i = 0; i < blob.length * 8; i++) {
      const changed = Buffer.from(blob);
      changed[i >> 3] = (changed[i >> 3] ?? 0) ^ (1 << (i & 7));
      expect(() => sealer.open(COLUMN, ID, changed)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^(sealed_|key_unknown)/) }),
      );
    }
    for (let length = 0; length < blob.length; length++) {
      expect(() => sealer.open(COLUMN, ID, blob.subarray(0, length))).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^sealed_/) }),
      );
    }
  });

  it('tells an unknown key from a changed blob, and opens once the key has arrived', () => {
    const keyring = new Keyring({ keys: [key(1)] });
    const reader = createSealer({ keyring });
    const blob = createSealer({ keyring: new Keyring({ keys: [key(2)] }) }).seal('record', COLUMN, ID, 'x');
    expect(() => reader.open(COLUMN, ID, blob)).toThrow(expect.objectContaining({ code: 'key_unknown' }));
    keyring.replace({ keys: [key(1, 'decrypt-only'), key(2)] });
    expect(reader.open(COLUMN, ID, blob).toString()).toBe('x');
    expect(sealedKeyId(reader.seal('record', COLUMN, ID, 'y'))).toBe(2);
  });

  it('refuses to seal without an active key of the purpose', () => {
    expect(() => sealer.seal('content', COLUMN, ID, 'x')).toThrow(expect.objectContaining({ code: 'key_missing' }));
    const waiting = createSealer({ keyring: new Keyring({ keys: [key(1, 'next')] }) });
    expect(() => waiting.seal('record', COLUMN, ID, 'x')).toThrow(expect.objectContaining({ code: 'key_missing' }));
  });

  it('never repeats a nonce within a sealer nor between sealers', () => {
    const keyring = new Keyring({ keys: [key(1)] });
    const nonces = new Set<string>();
    for (let s = 0; s < 50; s++) {
      const each = createSealer({ keyring });
      for (let i = 0; i < 100; i++) {
        nonces.add(each.seal('record', COLUMN, ID, 'x').subarray(3, 15).toString('hex'));
      }
    }
    expect(nonces.size).toBe(5000);
  });

  it('does not let a value that is open change with the next one', () => {
    const first = sealer.open(COLUMN, ID, sealer.seal('record', COLUMN, ID, 'first'));
    sealer.open(COLUMN, ID, sealer.seal('record', COLUMN, ID, 'other'));
    expect(first.toString()).toBe('first');
  });
});
