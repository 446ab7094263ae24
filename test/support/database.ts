import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { BundledConnection } from '../../src/store/bundled/start-bundled-postgres.ts';
import { templateDatabase } from './database-setup.ts';

/** A database of a test's own, on the run's server. */
export interface TestDatabase {
  /** Plain data: give it to whatever opens its own connections, or to a worker thread. */
  readonly connection: BundledConnection;
  /** A pool on it, opened when first used. */
  readonly pool: pg.Pool;
  /** Closes the pool and drops the database, whoever is still connected. */
  close(): Promise<void>;
}

/**
 * Makes a fresh database with all migrations applied, or an empty one. Takes some tens of milliseconds; the first of a run
 * a second or two.
 */
export async function createTestDatabase(options: { readonly empty?: boolean } = {}): Promise<TestDatabase> {
  const answer = await fetch(inject('databaseBroker'));
  if (!answer.ok) throw new Error(`the test database did not start: ${await answer.text()}`);
  const server = (await answer.json()) as BundledConnection;
  const database = `test_${randomBytes(8).toString('hex')}`;
  const template = options.empty === true ? 'template1' : templateDatabase;
  await administer(server, `CREATE DATABASE ${database} TEMPLATE ${template}`);
  const connection = { ...server, database };
  const pool = new pg.Pool({ ...connection, max: 4 });
  pool.on('error', () => undefined); // an idle connection that a test cut off; the next query tells
  return {
    connection,
    pool,
    async close() {
      await pool.end();
      await administer(server, `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    },
  };
}

async function administer(server: BundledConnection, statement: string): Promise<void> {
  const client = new pg.Client(server);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
