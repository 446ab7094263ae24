import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DatabaseError } from './database-error.ts';
import type { StoreLog } from './log.ts';
import type { DatabaseConnection } from './pg-database.ts';

/** One numbered SQL file. */
export interface Migration {
  readonly number: number;
  /** The file's name, for example `0003-patients.sql`. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text with LF line ends, in hex. */
  readonly checksum: string;
}

export interface MigrateOptions {
  /** The folder of the numbered SQL files; the program's own if not given. */
  readonly directory?: string;
  readonly log: StoreLog;
  readonly signal?: AbortSignal;
}

/** The program's own: beside this file, and beside the built program too. */
export const ownMigrations = join(import.meta.dirname, 'migrations');

/** Any number: it only has to be the same in every node. */
const lockKey = 7_338_001;

const createTable = `
  CREATE TABLE IF NOT EXISTS schema_migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`;

/**
 * Brings the database to the program's schema: applies the migrations that are missing, in order, each in a transaction of
 * its own, under a lock that only one node holds. Forward only.
 *
 * @returns the names of the files that were applied, oldest first.
 * @throws DatabaseError `migrations_invalid`, `migration_changed`, `migration_out_of_order`, `migration_failed`,
 *   `database_newer_than_program`
 */
export async function migrate(connection: DatabaseConnection, options: MigrateOptions): Promise<string[]> {
  const migrations = await readMigrations(options.directory ?? ownMigrations);
  const client = new pg.Client({ ...connection });
  client.on('error', () => undefined); // the statement under way tells
  await client.connect();
  try {
    await lock(client, options);
    await client.query(createTable);
    const pending = await findPending(client, migrations);
    for (const migration of pending) {
      options.signal?.throwIfAborted();
      await apply(client, migration);
      options.log.info({ migration: migration.name }, 'applied a database migration');
    }
    return pending.map((migration) => migration.name);
  } finally {
    await client.end(); // and with it the lock
  }
}

/**
 * Reads the numbered SQL files of a folder, in order.
 *
 * @throws DatabaseError `migrations_invalid` for a missing folder, a name that is not `NNNN-name.sql`, a number given twice.
 */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const names = await readdir(directory).catch((cause: unknown) => {
    throw new DatabaseError('migrations_invalid', `The folder of database migrations is missing: ${directory}`, {
      cause,
    });
  });
  const migrations: Migration[] = [];
  for (const name of names.filter((candidate) => candidate.endsWith('.sql')).toSorted()) {
    const number = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(number)) {
      throw new DatabaseError('migrations_invalid', `The migration ${name} is not named like "0001-what-it-does.sql".`);
    }
    const twin = migrations.at(-1);
    if (twin?.number === number) {
      throw new DatabaseError('migrations_invalid', `The migrations ${twin.name} and ${name} have the same number.`);
    }
    const sql = (await readFile(join(directory, name), 'utf8')).replaceAll('\r\n', '\n');
    migrations.push({ number, name, sql, checksum: createHash('sha256').update(sql).digest('hex') });
  }
  return migrations;
}

async function lock(client: pg.Client, { log, signal }: MigrateOptions): Promise<void> {
  for (let told = false; ; told = true) {
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [lockKey]);
    if (rows[0]?.held === true) return;
    if (!told) log.info({}, 'another node is migrating the database: waiting for it');
    await sleep(200, undefined, signal === undefined ? {} : { signal });
  }
}

async function findPending(client: pg.Client, migrations: readonly Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ number: number; name: string; checksum: string }>(
    'SELECT number, name, checksum FROM schema_migration ORDER BY number',
  );
  const known = new Map(migrations.map((migration) => [migration.number, migration]));
  const newest = migrations.at(-1)?.number ?? 0;
  for (const row of rows) {
    const file = known.get(row.number);
    if (row.number > newest) {
      throw new DatabaseError(
        'database_newer_than_program',
        `The database was migrated by a newer version of this program (${row.name}): start that version. Going back is only possible by restoring a backup.`,
      );
    }
    if (file === undefined || file.checksum !== row.checksum) {
      const what = file === undefined ? 'is missing from the program' : 'was changed after it had been applied';
      throw new DatabaseError(
        'migration_changed',
        `The migration ${row.name} ${what}: reinstall the program, or put the file back as it was. Changes to the schema go into a new file.`,
      );
    }
  }
  const applied = new Set(rows.map((row) => row.number));
  const last = rows.at(-1);
  const pending = migrations.filter((migration) => !applied.has(migration.number));
  const late = pending.find((migration) => last !== undefined && migration.number < last.number);
  if (late !== undefined && last !== undefined) {
    throw new DatabaseError(
      'migration_out_of_order',
      `The migration ${late.name} was added before ${last.name}, which this database has already: give it the next number.`,
    );
  }
  return pending;
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(migration.sql);
    await client.query('INSERT INTO schema_migration (number, name, checksum) VALUES ($1, $2, $3)', [
      migration.number,
      migration.name,
      migration.checksum,
    ]);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined); // the connection may be gone: the server rolls back
    const { code, position } = cause as { code?: string; position?: string };
    const line = position === undefined ? '' : `, line ${lineAt(migration.sql, Number(position))}`;
    throw new DatabaseError(
      'migration_failed',
      `The database migration ${migration.name}${line} failed (SQLSTATE ${code ?? 'unknown'}); nothing of it was kept.`,
      { cause },
    );
  }
}

function lineAt(sql: string, position: number): number {
  return sql.slice(0, position).split('\n').length;
}
