import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { idAtMs } from '../domain/ids.ts';
import { ensurePartitions } from './partitions.ts';
import { openPgDatabase, type PgDatabase } from './pg-database.ts';

let test: TestDatabase;
let db: PgDatabase;
beforeEach(async () => {
  test = await createTestDatabase();
  db = openPgDatabase(test.connection, { max: 4, applicationName: 'test' });
});
afterEach(async () => {
  await db.close();
  await test.close();
});

const partitions = async (): Promise<string[]> =>
  (
    await test.pool.query<{ name: string }>(
      `select relid::text as name from pg_partition_tree('messages') where isleaf order by 1`,
    )
  ).rows.map(({ name }) => name);

const insert = (ms: number): Promise<unknown> =>
  test.pool.query(`insert into messages values ($1, 1, 1, 1, 1, '', 'ADT^A08', 'c', 'p', 1, 'AA', '')`, [
    String(idAtMs(ms)),
  ]);

it('there is room from the first instant of this month to its last, and in the next ten days before it begins', async () => {
  await ensurePartitions(db, Date.UTC(2027, 11, 15));
  expect(await partitions()).toEqual(['messages_2027_12']);
  await ensurePartitions(db, Date.UTC(2027, 11, 22));
  expect(await partitions()).toEqual(['messages_2027_12', 'messages_2028_01']);
  await insert(Date.UTC(2027, 11, 1));
  await insert(Date.UTC(2028, 1, 1) - 1);
  await expect(insert(Date.UTC(2027, 11, 1) - 1)).rejects.toMatchObject({ code: '23514' });
  await expect(insert(Date.UTC(2028, 1, 1))).rejects.toMatchObject({ code: '23514' });
});

it('several nodes at once, again and again, make each once; earlier months on demand', async () => {
  const now = Date.UTC(2027, 2, 31, 23, 59, 59, 999);
  await Promise.all([ensurePartitions(db, now), ensurePartitions(db, now), ensurePartitions(db, now)]);
  await ensurePartitions(db, now, Date.UTC(2027, 0, 5));
  expect(await partitions()).toEqual(['01', '02', '03', '04'].map((month) => `messages_2027_${month}`));
});
