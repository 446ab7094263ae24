import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import type { TestDatabase } from '../../test/support/database.ts';
import { migrate } from './migrate.ts';

let database: TestDatabase;
let directory: string;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
  directory = await mkdtemp(join(tmpdir(), 'migrations-'));
  await writeFile(join(directory, '0001-things.sql'), 'CREATE TABLE thing (id int);\nINSERT INTO thing VALUES (1);\n');
  await writeFile(join(directory, '0002-more.sql'), 'ALTER TABLE thing ADD name text;\n');
});

afterEach(async () => {
  await database.close();
  await rm(directory, { recursive: true });
});

const run = (): Promise<string[]> => migrate(database.connection, { directory, log });

describe('migrate', () => {
  it('applies what is missing, in order, and nothing twice', async () => {
    expect(await run()).toEqual(['0001-things.sql', '0002-more.sql']);
    await writeFile(join(directory, '0003-third.sql'), 'INSERT INTO thing VALUES (2);');
    expect(await run()).toEqual(['0003-third.sql']);
    expect(await run()).toEqual([]);
    const { rows } = await database.pool.query('SELECT id, name FROM thing ORDER BY id');
    expect(rows).toEqual([
      { id: 1, name: null },
      { id: 2, name: null },
    ]);
  });

  it('lets several nodes start at once: each migration is applied by one of them', async () => {
    const applied = await Promise.all([run(), run(), run(), run()]);
    expect(applied.flat().toSorted()).toEqual(['0001-things.sql', '0002-more.sql']);
    expect((await database.pool.query('SELECT id FROM thing')).rowCount).toBe(1);
  });

  it('keeps nothing of a migration that fails, and says which line', async () => {
    await writeFile(join(directory, '0003-bad.sql'), 'INSERT INTO thing VALUES (2);\n\nINSERT INTO thong VALUES (3);');
    await expect(run()).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringMatching(/0003-bad\.sql, line 3 .*42P01/) as unknown,
    });
    expect((await database.pool.query('SELECT id FROM thing')).rowCount).toBe(1);
    await writeFile(join(directory, '0003-bad.sql'), 'INSERT INTO thing VALUES (2);');
    expect(await run()).toEqual(['0003-bad.sql']);
  });

  it('refuses a migration that was changed after it had been applied', async () => {
    await run();
    await writeFile(join(directory, '0001-things.sql'), 'CREATE TABLE thing (id bigint);');
    await expect(run()).rejects.toMatchObject({ code: 'migration_changed' });
  });

  it('does not mind other line ends', async () => {
    await run();
    await writeFile(
      join(directory, '0001-things.sql'),
      'CREATE TABLE thing (id int);\r\nINSERT INTO thing VALUES (1);\r\n',
    );
    expect(await run()).toEqual([]);
  });

  it('refuses a database of a newer program', async () => {
    await writeFile(join(directory, '0003-third.sql'), 'SELECT 1;');
    await run();
    await rm(join(directory, '0003-third.sql'));
    await expect(run()).rejects.toMatchObject({ code: 'database_newer_than_program' });
  });

  it('refuses a migration that comes before one that was applied', async () => {
    await writeFile(join(directory, '0009-late.sql'), 'SELECT 1;');
    await run();
    await writeFile(join(directory, '0003-early.sql'), 'SELECT 1;');
    await expect(run()).rejects.toMatchObject({ code: 'migration_out_of_order' });
  });

  it.each([
    ['a number given twice', '0002-twin.sql'],
    ['a name without a number', 'things.sql'],
  ])('refuses %s', async (_what, name) => {
    await writeFile(join(directory, name), 'SELECT 1;');
    await expect(run()).rejects.toMatchObject({ code: 'migrations_invalid' });
  });

  it('refuses to start without its folder', async () => {
    await rm(directory, { recursive: true });
    await expect(run()).rejects.toMatchObject({ code: 'migrations_invalid' });
    await writeFile(directory, ''); // for afterEach
  });
});
