import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { findSystemPostgres, freePort, startSystemPostgres } from '../../test/support/system-postgres.ts';
import { migrate, readMigrations } from './migrate.ts';
import { openDatabase } from './open-database.ts';
import type { TestContext } from 'vitest';
import type { OpenDatabaseOptions } from './open-database.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
let home: string;
let options: OpenDatabaseOptions;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'open-'));
  options = { dataDirectory: join(home, 'data'), log: quiet, environment: {}, patienceMs: 0 };
});

afterEach(() => rm(home, { recursive: true, force: true }));

describe('openDatabase', () => {
  it('starts the bundled server without DATABASE_URL, and lets a command beside the program use it', async () => {
    const database = await openDatabase(options);
    try {
      expect(database).toMatchObject({ kind: 'bundled', serverVersion: expect.stringMatching(/^18\./) as unknown });
      await expect(openDatabase(options)).rejects.toMatchObject({ code: 'database_in_use' });
      const beside = await openDatabase({ ...options, share: true });
      expect(beside.connection).toEqual(database.connection);
      await beside.stop();
      expect(await askOne(database.connection)).toEqual([{ one: 1 }]);
    } finally {
      await database.stop();
    }
    const alone = await openDatabase({ ...options, share: true });
    expect(await askOne(alone.connection)).toEqual([{ one: 1 }]);
    await alone.stop();
  });

  it('never falls back to the bundled server when the one of DATABASE_URL does not answer', async () => {
    const databaseUrl = `postgresql://user:s3cret-word@127.0.0.1:${await freePort()}/hub`;
    const error: unknown = await openDatabase({ ...options, databaseUrl }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'database_unreachable' });
    expect(String(error)).toMatch(/ECONNREFUSED/);
    expect(String(error)).not.toContain('s3cret-word');
    expect(await readdir(home)).toEqual([]);
  });

  it.each(['hub', 'mysql://localhost/hub', 'localhost:5432'])('refuses "%s" as DATABASE_URL', async (databaseUrl) => {
    await expect(openDatabase({ ...options, databaseUrl })).rejects.toMatchObject({ code: 'database_url_invalid' });
  });

  it('refuses a server that is not durable, unless told twice', async () => {
    const hurried = await createTestDatabase({ empty: true }); // the tests' own server does not sync
    const { user, password, host, database, port } = hurried.connection;
    const databaseUrl = `postgresql://${user}:${password}@${encodeURIComponent(host)}:${port}/${database}`;
    await expect(openDatabase({ ...options, databaseUrl })).rejects.toMatchObject({
      code: 'database_not_durable',
      message: expect.stringMatching(/fsync, full_page_writes, synchronous_commit off/) as unknown,
    });
    const warnings: string[] = [];
    const log = { ...quiet, error: (_fields: unknown, message: string) => warnings.push(message) };
    const environment = { PRACTICE_STUDIO_ALLOW_UNSAFE_DATABASE: '1' };
    const opened = await openDatabase({ ...options, databaseUrl, environment, log });
    expect(opened.kind).toBe('server');
    expect(warnings.join()).toContain('NOT SAFE FOR REAL DATA');
    await hurried.close();
  });

  it('refuses a database that only reads, or whose text is not UTF-8', async () => {
    const { connection, pool, close } = await createTestDatabase({ empty: true });
    const { user, password, host, database, port } = connection;
    const environment = { PRACTICE_STUDIO_ALLOW_UNSAFE_DATABASE: '1' };
    const url = (name: string): string =>
      `postgresql://${user}:${password}@${encodeURIComponent(host)}:${port}/${name}`;
    const latin = `${database}_latin`;
    await pool.query(`CREATE DATABASE ${latin} TEMPLATE template0 ENCODING LATIN1 LOCALE_PROVIDER libc LOCALE 'C'`);
    await expect(openDatabase({ ...options, databaseUrl: url(latin), environment })).rejects.toMatchObject({
      code: 'database_encoding_unsupported',
    });
    await pool.query(`DROP DATABASE ${latin}`);
    await pool.query(`ALTER DATABASE ${database} SET default_transaction_read_only = on`);
    await expect(openDatabase({ ...options, databaseUrl: url(database), environment })).rejects.toMatchObject({
      code: 'database_read_only',
    });
    await close();
  });

  it("works with the system's PostgreSQL by DATABASE_URL, our migrations included", async (context) => {
    const programs = await systemPostgres(context);
    const server = await startSystemPostgres(programs);
    try {
      const database = await openDatabase({ ...options, databaseUrl: server.url });
      expect(database.kind).toBe('server');
      expect(Number.parseInt(database.serverVersion, 10)).toBe(server.majorVersion);
      const names = (await readMigrations(join(import.meta.dirname, 'migrations'))).map(({ name }) => name);
      expect(await migrate(database.connection, { log: quiet })).toEqual(names);
      expect(await migrate(database.connection, { log: quiet })).toEqual([]);
      await database.stop();
      expect(await askOne(database.connection), 'it goes on running').toEqual([{ one: 1 }]);
      const wrong = server.url.replace('let-me-in', 'let-me-out');
      const refused = await openDatabase({ ...options, databaseUrl: wrong }).catch((reason: unknown) => reason);
      expect(refused).toMatchObject({ code: 'database_unreachable' });
      expect(String(refused)).toMatch(/password is wrong/);
      expect(String(refused)).not.toContain('let-me-out');
      const missing = server.url.replace(/postgres$/, 'nowhere');
      await expect(openDatabase({ ...options, databaseUrl: missing })).rejects.toThrow(/createdb/);
    } finally {
      await server.stop();
    }
  });

  it('waits for a server that is just starting', async (context) => {
    const programs = await systemPostgres(context);
    let tellWaiting = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (tellWaiting = resolve));
    const log = { ...quiet, info: () => tellWaiting() };
    const port = await freePort();
    const databaseUrl = `postgresql://admin:let-me-in@127.0.0.1:${port}/postgres`;
    const opening = openDatabase({ ...options, databaseUrl, log, patienceMs: 60_000 });
    await waiting;
    const server = await startSystemPostgres(programs, port);
    try {
      expect((await opening).kind).toBe('server');
    } finally {
      await server.stop();
    }
  });
});

async function systemPostgres(context: TestContext): Promise<string> {
  const programs = await findSystemPostgres();
  return programs ?? context.skip('no PostgreSQL of the system is installed in /usr/lib/postgresql');
}

async function askOne(connection: pg.ClientConfig): Promise<unknown[]> {
  const client = new pg.Client({ ...connection });
  await client.connect();
  try {
    return (await client.query('SELECT 1 AS one')).rows as unknown[];
  } finally {
    await client.end();
  }
}
