import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLIND_INDEX_PURPOSES, createBlindIndex, createBlindIndexes, token128At, token64At } from './blind-index.ts';
import { Keyring } from './keyring.ts';

// NIST SP 800-38B, examples for AES-256 (D.3), in the updated CSRC example file.
const KEY = Buffer.from('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4', 'hex');
const MESSAGE = Buffer.from(
  '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51' +
    '30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
  'hex',
);

/** CMAC word by word as RFC 4493 writes it, one block after the other. */
function naiveCmac(key: Buffer, message: Uint8Array): Buffer {
  const e = (block: Uint8Array): Buffer => {
    const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
    return cipher.update(block);
  };
  const double = (n: bigint): bigint => ((n << 1n) & ((1n << 128n) - 1n)) ^ (n >> 127n ? 0x87n : 0n);
  const number = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  const bytes = (n: bigint): Buffer => Buffer.from(n.toString(16).padStart(32, '0'), 'hex');
  const k1 = double(number(e(Buffer.alloc(16))));
  const k2 = double(k1);
  const blocks = Math.max(1, Math.ceil(message.length / 16));
  let state = 0n;
  for (let i = 0; i < blocks; i++) {
    const part = message.subarray(i * 16, (i + 1) * 16);
    let block: bigint;
    if (i < blocks - 1) block = number(part);
    else if (part.length === 16) block = number(part) ^ k1;
    else block = number(Buffer.concat([part, Buffer.from([0x80])], 16).fill(0, part.length + 1)) ^ k2;
    state = number(e(bytes(state ^ block)));
  }
  return bytes(state);
}

describe('blind index', () => {
  it.each([
    [0, '028962f61b7bf89efc6b551f4667d983'],
    [16, '28a7023f452e8f82bd4bf28d8c37c35c'],
    [20, '156727dc0878944a023c1fe03bad6d93'],
    [64, 'e1992190549f6ed5696a2c056c315410'],
  ])('answers the AES-256 CMAC example of %i bytes', (length, expected) => {
    const index = createBlindIndex(KEY);
    expect(index.token128(MESSAGE.subarray(0, length)).toString('hex')).toBe(expected);
  });

  it('answers the same in a batch of any sizes as one by one', () => {
    const index = createBlindIndex(KEY);
    const item = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.uint8Array({ maxLength: 100 }),
      fc.uint8Array({ minLength: 280, maxLength: 700 }),
      fc.constantFrom('a'.repeat(15), 'a'.repeat(16), 'a'.repeat(17), 'é'.repeat(8), 'x'.repeat(319), 'x'.repeat(320)),
    );
    fc.assert(
      fc.property(fc.array(item, { maxLength: 40 }), (items) => {
        const hashes = index.batch(items);
        expect(hashes.length).toBe(items.length * 16);
        items.forEach((value, i) => {
          const expected = naiveCmac(KEY, typeof value === 'string' ? Buffer.from(value, 'utf8') : value);
          expect(token128At(hashes, i)).toEqual(expected);
        });
      }),
    );
  });

  it('holds more items than its pooled buffer, and a result does not change with the next batch', () => {
    const index = createBlindIndex(KEY);
    const items = Array.from({ length: 3000 }, (_, i) => `token ${i}`);
    const first = index.batch(items);
    const copy = Buffer.from(first);
    index.batch(items.toReversed());
    expect(first).toEqual(copy);
    expect(token128At(first, 2999)).toEqual(naiveCmac(KEY, Buffer.from('token 2999')));
  });

  it('gives signed 64-bit numbers that PostgreSQL takes', () => {
    const index = createBlindIndex(KEY);
    const items = Array.from({ length: 200 }, (_, i) => `n:${i}`);
    const hashes = index.batch(items);
    const tokens = index.batch64(items);
    expect(tokens).toEqual(items.map((item) => index.token64(item)));
    expect(tokens).toEqual(items.map((_, i) => token64At(hashes, i)));
    expect(tokens.some((token) => token < 0n)).toBe(true);
    for (const token of tokens) expect(BigInt.asIntN(64, token)).toBe(token);
  });

  it('gives other hashes for another purpose and another key', () => {
    const ring = (fill: number): Keyring =>
      new Keyring({
        keys: [{ id: 1, purpose: 'blind-index', state: 'active', secret: new Uint8Array(32).fill(fill) }],
      });
    const one = createBlindIndexes(ring(1));
    const two = createBlindIndexes(ring(2));
    const hashes = [...Object.values(one), ...Object.values(two)].map((index) => index.token64('Doe'));
    expect(hashes).toHaveLength(2 * Object.keys(BLIND_INDEX_PURPOSES).length);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(createBlindIndexes(ring(1)).search.token64('Doe')).toBe(one.search.token64('Doe'));
  });
});
