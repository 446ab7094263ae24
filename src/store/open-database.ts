import { join } from 'node:path';
import pg from 'pg';
import { startBundledPostgres, findRunningPostgres } from './bundled/start-bundled-postgres.ts';
import type { ServerEvent } from './bundled/supervise-server.ts';
import { checkServer } from './check-server.ts';
import { DatabaseError } from './database-error.ts';
import type { StoreLog } from './log.ts';
import type { DatabaseConnection } from './pg-database.ts';

/** The database that the program works on. */
export interface OpenDatabase {
  /** `server`: the one of DATABASE_URL; `bundled`: the one that came with the program. */
  readonly kind: 'server' | 'bundled';
  /** Plain data, so that a worker thread can be handed it. Holds a password: never log it. */
  readonly connection: DatabaseConnection;
  /** For example "18.4". */
  readonly serverVersion: string;
  /** Events of the bundled server; never called for another one. */
  subscribe(listener: (event: ServerEvent) => void): () => void;
  /** Stops the bundled server, if this program started it. Close all connections first. */
  stop(): Promise<void>;
}

export interface OpenDatabaseOptions {
  /** Of a PostgreSQL server; without it the bundled one is started. */
  readonly databaseUrl?: string | undefined;
  /** Where the bundled server keeps its data, in the folder `postgres`. */
  readonly dataDirectory: string;
  readonly log: StoreLog;
  readonly signal?: AbortSignal;
  /** How long a server of DATABASE_URL that is just starting is waited for; 15 s if not given. */
  readonly patienceMs?: number;
  /**
   * For commands beside a running program (`token create`, `verify-audit`): uses the bundled server that it runs, instead
   * of refusing. Without a running program the server is started as usual.
   */
  readonly share?: boolean;
  /** Of the program; `PRACTICE_STUDIO_ALLOW_UNSAFE_DATABASE=1` takes a server that is not durable. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Opens the database: the one of DATABASE_URL, else the bundled one, else an error; never something less durable.
 *
 * @throws DatabaseError with a code that tells why not.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<OpenDatabase> {
  const { databaseUrl, log } = options;
  const allowUnsafe = (options.environment ?? process.env)['PRACTICE_STUDIO_ALLOW_UNSAFE_DATABASE'] === '1';
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const check = { log, allowUnsafe, patienceMs: options.patienceMs ?? 15_000, ...signal };
  if (databaseUrl !== undefined && databaseUrl !== '') {
    const connection = connectionOf(databaseUrl);
    const serverVersion = await checkServer(connection, check);
    return { kind: 'server', connection, serverVersion, subscribe: nothing, stop: () => Promise.resolve() };
  }
  const directory = join(options.dataDirectory, 'postgres');
  if (options.share === true) {
    const running = await findRunningPostgres(directory);
    if (running !== null) {
      const { connection } = running;
      const serverVersion = await checkServer(connection, check);
      return { kind: 'bundled', connection, serverVersion, subscribe: nothing, stop: () => Promise.resolve() };
    }
  }
  const server = await startBundledPostgres({ directory, log, ...signal });
  try {
    const serverVersion = await checkServer(server.connection, check);
    return {
      kind: 'bundled',
      connection: server.connection,
      serverVersion,
      subscribe: (listener) => server.subscribe(listener),
      stop: () => server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function nothing(): () => void {
  return () => undefined;
}

/** Reads the address as `pg` does, `sslmode` and PG… variables included. It is never repeated: it holds a password. */
function connectionOf(url: string): DatabaseConnection {
  if (!URL.canParse(url) || !['postgres:', 'postgresql:'].includes(new URL(url).protocol)) throw invalidUrl();
  try {
    const { host, port, user, password, database, ssl } = new pg.Client({ connectionString: url });
    // An object when sslmode or a certificate says more than yes or no; what it leaves open is verified.
    const tls: unknown = ssl;
    return {
      host,
      port,
      user: user ?? '',
      password: password ?? '',
      database: database ?? '',
      ...(ssl ? { ssl: { rejectUnauthorized: true, ...(typeof tls === 'object' ? tls : {}) } } : {}),
    };
  } catch (cause) {
    throw invalidUrl(cause); // for example a certificate file that can't be read
  }
}

function invalidUrl(cause?: unknown): DatabaseError {
  return new DatabaseError(
    'database_url_invalid',
    'DATABASE_URL is not the address of a PostgreSQL database, like "postgresql://user:password@host:5432/name", or a file that it names can not be read.',
    { cause },
  );
}
