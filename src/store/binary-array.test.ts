import { afterAll, beforeAll, expect, it } from 'vitest';
import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { byteaArray, int2Array, int4Array, int8Array, textArray, uuidArray } from './binary-array.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
});
afterAll(() => database.close());

/** What PostgreSQL understands of a parameter, element by element. */
async function back(type: string, parameter: Buffer, shown = 'e::text'): Promise<unknown[]> {
  const { rows } = await database.pool.query<{ e: unknown }>(
    `select ${shown} as e from unnest($1::${type}[]) with ordinality as t(e, n) order by n`,
    [parameter],
  );
  return rows.map(({ e }) => e);
}

/** Text as PostgreSQL takes it: any but NUL; halves of surrogate pairs become the replacement character. */
const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\u0000', ''));
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<(T | null)[]> =>
  fc.array(fc.option(arbitrary), { maxLength: 30 });

it.each([
  ['int8', int8Array, maybe(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))],
  ['int2', int2Array, maybe(fc.integer({ min: -32_768, max: 32_767 }))],
  ['int4', int4Array, fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 30 })],
  ['text', textArray, maybe(text)],
] as const)('%s arrays arrive as they were sent', async (type, encode, values) => {
  await fc.assert(
    fc.asyncProperty(values as fc.Arbitrary<never[]>, async (sent) => {
      const expected = sent.map((value) => (value === null ? null : String(value)));
      expect(await back(type, encode(sent))).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

it('bytea and uuid arrays arrive as they were sent', async () => {
  const bytes = maybe(fc.uint8Array({ maxLength: 3000 }));
  await fc.assert(
    fc.asyncProperty(bytes, fc.array(fc.uint8Array({ minLength: 16, maxLength: 16 })), async (sent, keys) => {
      const blobs = sent.map((value) => (value === null ? null : Buffer.from(value)));
      expect(await back('bytea', byteaArray(blobs), 'e')).toEqual(blobs);
      const uuids = keys.map((key) => Buffer.from(key));
      expect(await back('uuid', uuidArray(uuids))).toEqual(
        uuids.map((key) => key.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')),
      );
    }),
    { numRuns: 60 },
  );
});

it('halves of surrogate pairs do not break the array', async () => {
  expect(await back('text', textArray(['a\ud800b', 'c']))).toEqual(['a\ufffdb', 'c']);
});
