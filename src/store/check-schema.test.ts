import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createSchemaCheck } from './check-schema.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

const problem = async (change?: string): Promise<string | undefined> => {
  const check = await createSchemaCheck(database.pool);
  if (change !== undefined) await database.pool.query(change);
  return check();
};

it('a database that was just migrated is as the program wants it', async () => {
  expect(await problem()).toBeUndefined();
});

it.each([
  [
    'was migrated by a newer program',
    `insert into schema_migration (number, name, checksum) values (9000, '9000-future.sql', 'x')`,
    /newer version of this program \(9000-future\.sql\)/,
  ],
  [
    'lacks the last migration',
    'delete from schema_migration where number = (select max(number) from schema_migration)',
    /lacks the migration \d{4}-[a-z-]+\.sql .* restart this node/,
  ],
  [
    'has had another text of a migration',
    `update schema_migration set checksum = 'x' where number = 1`,
    /migration 0001-security\.sql .* is not the one/,
  ],
  [
    'has had one that the program does not know',
    `insert into schema_migration (number, name, checksum) values (0, '0000-before.sql', 'x')`,
    /has had the migration 0000-before\.sql/,
  ],
  ['was emptied', 'drop table schema_migration', /no tables of this program/],
])('a database that %s is told so', async (_what, change, sentence) => {
  expect(await problem(change)).toMatch(sentence);
});

it('a database that does not answer is not taken for one without tables', async () => {
  const check = await createSchemaCheck({ query: () => Promise.reject(new Error('gone')) });
  await expect(check()).rejects.toThrow('gone');
});
