import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../test/support/database.ts';
import { DEFAULT_MAPPINGS } from './connectors/registry.ts';
import { createIdGenerator } from './domain/ids.ts';
import { ensureDefaults } from './ensure-defaults.ts';
import { openPgDatabase, type PgDatabase } from './store/pg-database.ts';

let test: TestDatabase;
let database: PgDatabase;
const ids = createIdGenerator({ node: 1, now: Date.now });
beforeAll(async () => {
  test = await createTestDatabase();
  database = openPgDatabase(test.connection, { max: 2, applicationName: 'test' });
});
afterAll(async () => {
  await database.close();
  await test.close();
});

it('a default mapping that changed without a new version stops whoever works on the program, and no practice', async () => {
  const [mapping] = DEFAULT_MAPPINGS;
  expect(await ensureDefaults({ database, ids, env: { NODE_ENV: 'test' } })).toEqual([]);
  expect(await ensureDefaults({ database, ids, env: { NODE_ENV: 'test' } })).toEqual([]);
  // As if the stored one came from a program whose mapping said something else.
  await database.query(`update mappings set checksum = 'another' where key = $1`, [mapping?.key]);
  for (const NODE_ENV of ['development', 'test']) {
    await expect(ensureDefaults({ database, ids, env: { NODE_ENV } })).rejects.toMatchObject({
      code: 'default_mapping_changed',
      message: expect.stringContaining(mapping?.key ?? ''),
    });
  }
  for (const env of [{}, { NODE_ENV: 'production' }]) {
    expect(await ensureDefaults({ database, ids, env })).toMatchObject([{ key: mapping?.key }]);
  }
});
