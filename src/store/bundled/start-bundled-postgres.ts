import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from '../database-error.ts';
import type { StoreLog } from '../log.ts';
import { initialize, isInitialized, passwordOf, readSecret, removeDrafts } from './initialize.ts';
import { acquireProgramLock, readProgramLock } from './program-lock.ts';
import { canConnect, provision } from './provision.ts';
import { findServerFiles } from './server-files.ts';
import { chooseSocketPlace, openTheWay, prepareServerPlace } from './server-place.ts';
import type { ServerPlan } from './server-process.ts';
import { findServerUser } from './server-user.ts';
import { bundledSettings } from './settings.ts';
import type { ServerSettings } from './settings.ts';
import { stopLeftovers } from './stop-leftovers.ts';
import { superviseServer } from './supervise-server.ts';
import type { ServerEvent } from './supervise-server.ts';

/** How to connect to the bundled server: plain data, to hand to a worker thread. */
export interface BundledConnection {
  /** Directory of the Unix socket, or the loopback address. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A running bundled server. */
export interface BundledPostgres {
  /** Stays the same when the server is restarted after a crash. */
  readonly connection: BundledConnection;
  /** Of the main server process; another one after a restart. */
  readonly pid: number;
  /** Told when the server ends by itself, when it is up again, and when a restart failed (it goes on trying). */
  subscribe(listener: (event: ServerEvent) => void): () => void;
  /** Stops the server cleanly and frees the data directory. May be called more than once. */
  stop(): Promise<void>;
}

export interface BundledPostgresOptions {
  /** The database directory, for example `data/postgres`. What belongs to it lies beside it in the same folder. */
  readonly directory: string;
  readonly log: StoreLog;
  /** Instead of, or besides, {@link bundledSettings}. */
  readonly settings?: ServerSettings;
  /** Ends the start; not the server once it runs. */
  readonly signal?: AbortSignal;
}

const user = 'practice_studio';
const database = 'practice_studio';
const socketPort = 5432;

/**
 * Starts the PostgreSQL server that comes with the program: makes the database at the first start, clears up behind a
 * program or server that was killed, and restarts the server if it dies.
 *
 * @throws DatabaseError `database_in_use`, `database_bundled_missing`, `database_bundled_unusable`,
 *   `database_directory_unusable`, `database_start_failed`
 */
export async function startBundledPostgres(options: BundledPostgresOptions): Promise<BundledPostgres> {
  const { log, signal } = options;
  const place = await prepareServerPlace(options.directory);
  const lock = await acquireProgramLock(place.lockFile);
  let plan: ServerPlan | null = null;
  try {
    const serverUser = await findServerUser(place.directory, place.dataDirectory);
    await openTheWay(place, serverUser);
    const files = await findServerFiles(place.dataDirectory, serverUser);
    await removeDrafts(place, log);
    const fresh = !(await isInitialized(place, files));
    if (fresh) {
      log.info({ directory: place.directory }, 'making a new database');
      await initialize(place, files, serverUser);
    } else {
      await stopLeftovers(place.directory, files.pgCtl, log);
    }
    signal?.throwIfAborted();
    const windows = process.platform === 'win32';
    const port = windows ? await freePort() : socketPort;
    const socket = windows ? null : await chooseSocketPlace(place, serverUser, port);
    const settings = { ...bundledSettings, ...options.settings };
    plan = { place, files, user: serverUser, socket, port, settings, log };
    const password = passwordOf(user, await readSecret(place));
    const connection = { host: socket?.host ?? '127.0.0.1', port, user, password, database };
    if (fresh) await provision(plan, user, database, password);
    let server = await superviseServer(plan, signal);
    try {
      if (!(await canConnect(connection))) {
        log.warn({}, 'the database does not know this program: setting up its role and password anew');
        await server.stop();
        await provision(plan, user, database, password);
        server = await superviseServer(plan, signal);
        if (!(await canConnect(connection))) throw notProvisioned(place.logFile);
      }
      await lock.publish({ host: connection.host, port });
    } catch (error) {
      await server.stop();
      throw error;
    }
    return running(server, connection, async () => {
      await socket?.dispose();
      await lock.release();
    });
  } catch (error) {
    await plan?.socket?.dispose();
    await lock.release();
    throw error;
  }
}

/**
 * How to reach the bundled server of a program that is running on this database directory, for a command beside it. Null
 * when none is running. Waits while that program is starting.
 */
export async function findRunningPostgres(
  directory: string,
  patienceMs = 30_000,
): Promise<{ readonly connection: BundledConnection; readonly pid: number } | null> {
  const place = await prepareServerPlace(directory);
  const end = performance.now() + patienceMs;
  for (;;) {
    const holder = await readProgramLock(place.lockFile);
    if (holder === null) return null;
    if (holder.host !== undefined && holder.port !== undefined) {
      const password = passwordOf(user, await readSecret(place));
      return { connection: { host: holder.host, port: holder.port, user, password, database }, pid: holder.pid };
    }
    if (performance.now() > end) {
      throw new DatabaseError(
        'database_in_use',
        `Another Practice Studio (process ${holder.pid}) is starting on this data directory and its database is not up yet: try again in a moment.`,
      );
    }
    await sleep(50);
  }
}

function running(
  server: Awaited<ReturnType<typeof superviseServer>>,
  connection: BundledConnection,
  cleanUp: () => Promise<void>,
): BundledPostgres {
  let stopping: Promise<void> | null = null;
  const stopAll = async (): Promise<void> => {
    try {
      await server.stop();
    } finally {
      await cleanUp();
    }
  };
  return {
    connection,
    get pid() {
      return server.pid;
    },
    subscribe: (listener) => server.subscribe(listener),
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
  };
}

function notProvisioned(logFile: string): DatabaseError {
  return new DatabaseError(
    'database_start_failed',
    `The bundled database runs, but the program's role could not be set up in it. Its log: ${logFile}`,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
