import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DatabaseError } from './database-error.ts';
import type { StoreLog } from './log.ts';
import type { DatabaseConnection } from './pg-database.ts';

/** The oldest PostgreSQL that the program is tested with. */
const oldestMajorVersion = 15;

export interface CheckServerOptions {
  readonly log: StoreLog;
  readonly allowUnsafe: boolean;
  /** How long a server that is just starting is waited for. */
  readonly patienceMs: number;
  readonly signal?: AbortSignal;
}

interface Facts {
  readonly version: string;
  readonly number: number;
  readonly fsync: string;
  readonly full_page_writes: string;
  readonly synchronous_commit: string;
  readonly encoding: string;
  readonly reads_only: boolean;
}

const askFacts = `
  SELECT current_setting('server_version') AS version,
         current_setting('server_version_num')::int AS number,
         current_setting('fsync') AS fsync,
         current_setting('full_page_writes') AS full_page_writes,
         current_setting('synchronous_commit') AS synchronous_commit,
         current_setting('server_encoding') AS encoding,
         pg_is_in_recovery() OR current_setting('transaction_read_only')::bool AS reads_only`;

/**
 * Makes sure that the program can entrust its messages to this server.
 *
 * @returns the server's version, for example "15.8".
 * @throws DatabaseError `database_unreachable`, `database_version_unsupported`, `database_read_only`,
 *   `database_encoding_unsupported`, `database_not_durable`
 */
export async function checkServer(connection: DatabaseConnection, options: CheckServerOptions): Promise<string> {
  const facts = await askServer(connection, options);
  const version = facts.version.split(' ')[0] ?? facts.version;
  if (facts.number < oldestMajorVersion * 10_000) {
    throw new DatabaseError(
      'database_version_unsupported',
      `The database is PostgreSQL ${version}, and this program needs ${oldestMajorVersion} or newer: upgrade the server.`,
    );
  }
  if (facts.reads_only) {
    throw new DatabaseError(
      'database_read_only',
      'The database only reads (a standby, or default_transaction_read_only is on): point DATABASE_URL to the primary.',
    );
  }
  if (facts.encoding !== 'UTF8') {
    throw new DatabaseError(
      'database_encoding_unsupported',
      `The database's encoding is ${facts.encoding}: make one with ENCODING 'UTF8'.`,
    );
  }
  const unsafe = (['fsync', 'full_page_writes', 'synchronous_commit'] as const).filter((name) => facts[name] === 'off');
  if (unsafe.length > 0) {
    const why = `The database runs with ${unsafe.join(', ')} off: after a crash, messages that were acknowledged could be missing.`;
    if (!options.allowUnsafe) {
      throw new DatabaseError(
        'database_not_durable',
        `${why} Set it to on. (For a trial without real data: PRACTICE_STUDIO_ALLOW_UNSAFE_DATABASE=1.)`,
      );
    }
    options.log.error({ code: 'database_not_durable', settings: unsafe }, `NOT SAFE FOR REAL DATA. ${why}`);
  }
  return version;
}

async function askServer(
  connection: DatabaseConnection,
  { log, patienceMs, signal }: CheckServerOptions,
): Promise<Facts> {
  const end = performance.now() + patienceMs;
  for (let told = false; ; told = true) {
    signal?.throwIfAborted();
    const client = new pg.Client({ ...connection, connectionTimeoutMillis: 10_000 });
    client.on('error', () => undefined); // the call under way tells
    try {
      await client.connect();
      const { rows } = await client.query<Facts>(askFacts);
      if (rows[0] !== undefined) return rows[0];
    } catch (cause) {
      const code = codeOf(cause);
      if (!passing.has(code) || performance.now() > end) throw unreachable(code, cause);
      if (!told) log.info({ code }, 'the database does not answer yet: waiting for it');
    } finally {
      await client.end().catch(() => undefined);
    }
    await sleep(250, undefined, signal === undefined ? {} : { signal });
  }
}

/** What a server says, or does not say, while it is starting. */
const passing = new Set(['ECONNREFUSED', 'ENOENT', 'EAI_AGAIN', 'ECONNRESET', '57P03', '57P01']);

function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: string; errors?: { code?: string }[] };
  return code ?? errors?.[0]?.code ?? 'unknown';
}

const hints: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at its address: is the server running, and are host and port right?',
  ENOENT: 'there is no socket at its address: is the server running?',
  ENOTFOUND: "its host's name is not known",
  ETIMEDOUT: 'its host does not answer',
  '28P01': 'the password is wrong',
  '28000': 'this user may not log in (role, pg_hba.conf, or TLS)',
  '3D000': 'a database of this name does not exist: make it with createdb',
  '42501': 'this user may not use the database',
  '53300': 'it has no connection left for us: raise max_connections',
};

function unreachable(code: string, cause: unknown): DatabaseError {
  const hint = hints[code] ?? (/timeout/i.test(String(cause)) ? hints['ETIMEDOUT'] : undefined);
  return new DatabaseError(
    'database_unreachable',
    `The database can't be used: ${hint ?? 'connecting failed'} (${code}).`,
    {
      cause,
    },
  );
}
