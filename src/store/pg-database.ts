import type { Socket } from 'node:net';
import pg from 'pg';
import type { Database, Queryable } from './queryable.ts';

/** What it takes to connect; plain data, so that a worker thread can be handed it. */
export interface DatabaseConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly ssl?: boolean | { readonly rejectUnauthorized: boolean };
}

export interface PgDatabase extends Database {
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

/** A pool of connections to one database. Idle connections that break are dropped quietly; the next use opens anew. */
export function openPgDatabase(
  connection: DatabaseConnection,
  options: { readonly max: number; readonly applicationName: string; readonly statementTimeoutMs?: number },
): PgDatabase {
  const pool = new pg.Pool({
    ...(connection as pg.ClientConfig),
    max: options.max,
    application_name: options.applicationName,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    ...(options.statementTimeoutMs === undefined ? {} : { statement_timeout: options.statementTimeoutMs }),
  });
  pool.on('error', () => {});
  // One that breaks while somebody holds it tells himself with his statement, and then the whole process, unless it is heard.
  pool.on('connect', (client) => client.on('error', () => {}));
  return {
    pool,
    query: (text, values) => pool.query(text, values) as never,
    async transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query('begin');
        const result = await work(client);
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch((reason: unknown) => {
          broken = reason instanceof Error ? reason : new Error(String(reason));
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

/**
 * Settings for connections that run the same few statements thousands of times a second: planned once, and always by
 * index, also when a statement is first planned while its tables are still empty.
 */
const HOT_SETTINGS =
  '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off';

/** What a connection that cannot be opened says, whatever the reason: it is never the fault of what is to be written. */
const CANNOT_CONNECT = '08001';

/**
 * Opens one connection outside the pool. `hot`: for prepared statements of the hot path. Rejects with an error of code
 * 08001, which {@link isDatabaseAway} knows, and the driver's as its cause.
 */
export async function connectPg(
  connection: DatabaseConnection,
  applicationName: string,
  use: 'hot' | 'session' = 'session',
): Promise<pg.Client> {
  const client = new pg.Client({
    ...(connection as pg.ClientConfig),
    application_name: applicationName,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    ...(use === 'hot' ? { options: HOT_SETTINGS } : {}),
  });
  // Errors reach whoever runs a statement; an idle connection that breaks is noticed at its next use.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (cause) {
    dropPg(client);
    throw Object.assign(new Error('The database could not be connected to.', { cause }), { code: CANNOT_CONNECT });
  }
  return client;
}

/** SQLSTATE of a database error, or the code of a socket error, or an empty string. */
export function sqlState(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/**
 * Lets go of a connection that something went wrong with, without waiting: a server that does not answer does not answer
 * a goodbye either. What it had begun is rolled back when the server notices.
 */
export function dropPg(client: pg.Client | undefined): void {
  if (client === undefined) return;
  client.end().catch(() => {});
  (client as unknown as { readonly connection?: { readonly stream?: Socket } }).connection?.stream?.destroy();
}

/** What the driver says, without a code, when a connection is gone, does not come about or is not to be had. */
const LOST_CONNECTION =
  /^(Connection terminated|Connection ended|Client was closed|Client has encountered|timeout expired|timeout exceeded|Query read timeout|Cannot use a pool|Received unexpected|This socket has been ended)/;

/**
 * Whether an error says that the database (not the statement) is in trouble: connection lost or refused, shutting down,
 * out of disk or memory. Work that met it is tried again as it was; nothing is wrong with the data.
 */
export function isDatabaseAway(error: unknown): boolean {
  const code = sqlState(error);
  if (code === '') return LOST_CONNECTION.test((error as Error | null)?.message ?? '');
  if (/^E[A-Z]+$/.test(code)) return true;
  // 08 connection, 25006 read only, 25P transaction in a state that it should not be in, 26 a pooler lost the prepared
  // statement, 28 log-in refused, 3D no such database, 53 resources (disk full 53100), 57P operator intervention,
  // 58 system error (58030 io_error), XX internal
  return /^(08|25P|26|28|3D|53|57P|58|XX)/.test(code) || code === '25006';
}
